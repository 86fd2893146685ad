"""The calls that list, show, start and cancel jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus, JobType
from leia_nb.service import queue
from leia_nb.service.refusals import Refusal, forbidden, unknown
from leia_nb.service.routes.answers import page_answer, window
from leia_nb.service.routes.context import Caller, Service, caller_of, service_of
from leia_nb.service.routes.pairs import Pair
from leia_nb.service.routes.values import SortedQuery, split_ids
from leia_nb.service.storage import listing, models, tables
from leia_nb.service.storage.wire import job_json

pair = Pair("job", owner="submitter_id")

JobId = Annotated[str, Path(description="The id of the job.")]
_MOST_IDS = 1000
_SORTABLE = {
    "submitter_id": tables.Job.submitter_id,
    "application_id": tables.Job.application_id,
    "creation_time": tables.Job.creation_time,
    "starting_time": tables.Job.starting_time,
    "finished_time": tables.Job.finished_time,
    "job_type": tables.Job.job_type,
    "model_id": tables.Job.model_id,
    "document_ids": tables.Job.document_ids,
    "status": tables.Job.status,
    "parent_job_id": tables.Job.parent_job_id,
}


class JobQuery(SortedQuery):
    """How a listing of jobs is narrowed."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())

    job_id: str | None = Field(None, description="The id.")
    application_id: str | None = Field(None, description="The application it works for.")
    job_type: JobType | None = Field(None, description="The type.")
    model_id: str | None = Field(None, description="The id or short name of the model.")
    document_id: str | None = Field(None, description="A document that it works on.")
    execute_after_id: str | None = Field(None, description="The job that it waits for.")
    parent_job_id: str | None = Field(None, description="The job that it is a part of.")
    status: JobStatus | None = Field(None, description="The status.")


class AdminJobQuery(JobQuery):
    """How an admin's listing of jobs is narrowed."""

    submitter_id: str | None = Field(None, description="The application that submitted it.")


@pair.plain.get("/job", operation_id="get_jobs")
def get_jobs(request: Request, query: Annotated[JobQuery, Query()]) -> Response:
    """List the jobs that the application submitted or that work for it."""
    return _list(service_of(request), query, [_concerns(caller_of(request).owner_id)])


@pair.admin_all.get("/job", operation_id="admin_get_jobs")
def admin_get_jobs(request: Request, query: Annotated[AdminJobQuery, Query()]) -> Response:
    """List the jobs of all applications, or of one."""
    submitter = listing.equal({tables.Job.submitter_id: query.submitter_id})
    return _list(service_of(request), query, submitter)


@pair.both("GET", "/job/{job_ids}/status", "get_job_statuses")
def get_job_statuses(
    request: Request,
    job_ids: Annotated[str, Path(description="Ids separated by commas.")],
) -> Response:
    """Return a map from id to status; unknown jobs are left out unless all of them are."""
    wanted = split_ids(job_ids)
    if len(wanted) > _MOST_IDS:
        raise Refusal(
            400,
            "invalid_parameter",
            f"{len(wanted)} ids are too many for one call; ask for at most {_MOST_IDS}.",
            "job_ids",
        )
    with service_of(request).database.read() as session:
        job = tables.Job
        found = session.execute(
            select(job.id, job.status, job.submitter_id, job.application_id).where(
                job.id.in_(wanted)
            )
        ).all()
    caller = caller_of(request)
    visible = {row.id: row.status for row in found if caller.owner_id in row[2:]}
    if not caller.is_admin_call and len(visible) < len(found):
        raise _not_yours(next(row.id for row in found if row.id not in visible))
    if not visible:
        raise _unknown(job_ids[:80])
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
        raise Refusal(404, "job_over", f"The job {job_id!r} is over already ({status}).", "job_id")
    service.wake()
    return Response(status_code=204)


def require_job(session: Session, caller: Caller, job_id: str, field: str) -> tables.Job:
    """Return a job that concerns the caller, or refuse with 404 ``unknown_job``."""
    row = session.get(tables.Job, job_id)
    if row is None or not {row.submitter_id, row.application_id} & {
        caller.owner_id,
        caller.login_id,
    }:
        raise _unknown(job_id, field)
    return row


def _require(session: Session, caller: Caller, job_id: str) -> tables.Job:
    row = session.get(tables.Job, job_id)
    if row is None:
        raise _unknown(job_id)
    if caller.owner_id in (row.submitter_id, row.application_id):
        return row
    raise _unknown(job_id) if caller.is_admin_call else _not_yours(job_id)


def _concerns(owner_id: str) -> ColumnElement[bool]:
    return or_(tables.Job.submitter_id == owner_id, tables.Job.application_id == owner_id)


def _unknown(job_id: str, field: str = "job_id") -> Refusal:
    return unknown("job", job_id, "List the jobs to see which there are.", field)


def _not_yours(job_id: str) -> Refusal:
    return forbidden(
        "not_yours",
        f"The job {job_id!r} belongs to another application. Log in as that application, or "
        "use the admin call.",
        "job_id",
    )


def _list(service: Service, query: JobQuery, conditions: list[ColumnElement[bool]]) -> Response:
    job, largest = tables.Job, service.settings.max_limit
    conditions += listing.equal(
        {
            job.id: query.job_id,
            job.application_id: query.application_id,
            job.job_type: query.job_type,
            job.execute_after_id: query.execute_after_id,
            job.parent_job_id: query.parent_job_id,
            job.status: query.status,
        }
    )
    conditions += listing.created(job.creation_time, query.created_after, query.created_before)
    if query.model_id is not None:
        known = select(tables.Model.id).where(models.named(query.model_id))
        conditions.append(or_(job.model_id == query.model_id, job.model_id.in_(known)))
    if query.document_id is not None:
        conditions.append(listing.holds(job.document_ids, query.document_id))
    part = window(query.sort, query.offset, query.limit, largest)
    with service.database.read() as session:
        page = listing.fetch(session, job, conditions, _SORTABLE, part)
    return page_answer(page, "job", largest, job_json)
