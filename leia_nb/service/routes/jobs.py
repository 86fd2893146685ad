"""The calls that list, show, start and cancel jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse

from leia_nb.service.api_errors import ApiError, invalid, not_yours
from leia_nb.service.queue import commands
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.context import Caller, caller_of, service_of
from leia_nb.service.routes.responses import list_response
from leia_nb.service.schemas.filters import AdminJobQuery, JobQuery
from leia_nb.service.schemas.objects import Job, Statuses
from leia_nb.service.schemas.paths import JobId, JobIds
from leia_nb.service.schemas.responses import returns, returns_nothing, returns_page
from leia_nb.service.schemas.types import split_ids
from leia_nb.service.storage import jobs, tables
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.serializers import job_json

routes = ScopedRoutes("job", owner="submitter_id")

_MAX_IDS = 1000


@routes.plain.get("/job", **returns_page(Job, 404))
def get_jobs(request: Request, query: Annotated[JobQuery, Query()]) -> Response:
    """List the jobs that the application submitted or that work for it."""
    owner = caller_of(request).owner_id
    return list_response(request, "job", job_json, jobs.list_jobs, query, owner)


@routes.admin_all.get("/job", **returns_page(Job, 404))
def admin_get_jobs(request: Request, query: Annotated[AdminJobQuery, Query()]) -> Response:
    """List the jobs of all applications, or of one."""
    return list_response(request, "job", job_json, jobs.list_jobs, query, None)


@routes.both("GET", "/job/{job_ids}/status", 403, **returns(Statuses, 404))
def get_job_statuses(request: Request, job_ids: JobIds) -> Response:
    """Return a map from id to status; unknown jobs are left out unless all of them are."""
    ids, caller = split_ids(job_ids), caller_of(request)
    if len(ids) > _MAX_IDS:
        message = f"expected at most {_MAX_IDS} job_ids, got {len(ids)}. Split the call."
        raise invalid(message, "job_ids")
    with service_of(request).database.read() as session:
        known = jobs.statuses(session, ids)
    visible = {job_id: status for job_id, status, owners in known if caller.owner_id in owners}
    if not caller.is_admin_call and len(visible) < len(known):
        other = next(job_id for job_id, *_ in known if job_id not in visible)
        raise not_yours("job", other, "job_ids")
    if not visible:
        raise jobs.unknown_job(job_ids[:80])
    return JSONResponse({job_id: visible[job_id] for job_id in ids if job_id in visible})


@routes.both("GET", "/job/{job_id}", **returns(Job, 403, 404))
def get_job(request: Request, job_id: JobId) -> Response:
    """Return a job."""
    with service_of(request).database.read() as session:
        return JSONResponse(job_json(_require(session, caller_of(request), job_id)))


@routes.both("POST", "/job/{job_id}/start", **returns(Job, 403, 404))
def start_job(request: Request, job_id: JobId) -> Response:
    """Start a BLOCKED job; any other job stays as it is."""
    service = service_of(request)
    with service.database.read() as session:
        _require(session, caller_of(request), job_id)
    job = commands.start(service.database, job_id)
    service.wake()
    return JSONResponse(job_json(job))


@routes.both("DELETE", "/job/{job_id}", **returns_nothing(403, 404))
def cancel_job(request: Request, job_id: JobId) -> Response:
    """Cancel a job that has not finished."""
    service = service_of(request)
    with service.database.read() as session:
        status = _require(session, caller_of(request), job_id).status
    if not commands.cancel(service.database, job_id):
        message = f"The job {job_id!r} has already finished ({status})."
        raise ApiError(404, "job_over", message, "job_id")
    service.wake()
    return Response(status_code=204)


def require_job(session: Session, caller: Caller, job_id: str, field: str) -> tables.Job:
    """Return a job that concerns the caller, to follow it; else 404 or 403."""
    return jobs.require_job(session, job_id, {caller.owner_id, caller.login_id}, field=field)


def _require(session: Session, caller: Caller, job_id: str) -> tables.Job:
    return jobs.require_job(session, job_id, {caller.owner_id})
