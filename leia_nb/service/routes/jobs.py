"""The calls that show, start and cancel jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request, Response
from fastapi.responses import JSONResponse

from leia_nb.service import queue
from leia_nb.service.api_errors import ApiError, not_yours
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import Caller, caller_of, service_of
from leia_nb.service.routes.parameter_types import split_ids
from leia_nb.service.storage import jobs, tables
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.serializers import job_json

pair = RoutePair("job", owner="submitter_id")

JobId = Annotated[str, Path(description="The id of the job.")]
_MOST_IDS = 1000


@pair.both("GET", "/job/{job_ids}/status", "get_job_statuses")
def get_job_statuses(
    request: Request,
    job_ids: Annotated[str, Path(description="Ids separated by commas.")],
) -> Response:
    """Return a map from id to status; unknown jobs are left out unless all of them are."""
    wanted = split_ids(job_ids)
    if len(wanted) > _MOST_IDS:
        raise ApiError(
            400,
            "invalid_parameter",
            f"{len(wanted)} ids are too many for one call; ask for at most {_MOST_IDS}.",
            "job_ids",
        )
    with service_of(request).database.read() as session:
        found = jobs.statuses(session, wanted)
    caller = caller_of(request)
    visible = {job_id: status for job_id, status, owners in found if caller.owner_id in owners}
    if not caller.is_admin_call and len(visible) < len(found):
        other = next(job_id for job_id, *_ in found if job_id not in visible)
        raise not_yours("job", other, "job_ids")
    if not visible:
        raise jobs.unknown_job(job_ids[:80])
    return JSONResponse({i: visible[i] for i in wanted if i in visible})


@pair.both("GET", "/job/{job_id}", "get_job")
def get_job(request: Request, job_id: JobId) -> Response:
    """Return a job."""
    with service_of(request).database.read() as session:
        return JSONResponse(job_json(_require(session, caller_of(request), job_id)))


@pair.both("POST", "/job/{job_id}/start", "start_job")
def start_job(request: Request, job_id: JobId) -> Response:
    """Let a BLOCKED job go on; one that goes on already is left alone."""
    service = service_of(request)
    with service.database.read() as session:
        _require(session, caller_of(request), job_id)
    job = queue.start(service.database, job_id)
    service.wake()
    return JSONResponse(job_json(job))


@pair.both("DELETE", "/job/{job_id}", "cancel_job", status_code=204)
def cancel_job(request: Request, job_id: JobId) -> Response:
    """Cancel a job that is not over."""
    service = service_of(request)
    with service.database.read() as session:
        status = _require(session, caller_of(request), job_id).status
    if not queue.cancel(service.database, job_id):
        raise ApiError(404, "job_over", f"The job {job_id!r} is over already ({status}).", "job_id")
    service.wake()
    return Response(status_code=204)


def require_job(session: Session, caller: Caller, job_id: str, field: str) -> tables.Job:
    """Return a job that concerns the caller, to follow it; else 404 or 403."""
    return jobs.require_job(session, job_id, {caller.owner_id, caller.login_id}, field=field)


def _require(session: Session, caller: Caller, job_id: str) -> tables.Job:
    return jobs.require_job(session, job_id, {caller.owner_id})
