"""The calls that list jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import ConfigDict, Field
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.api_errors import ApiError, unknown
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import Service, caller_of, service_of
from leia_nb.service.routes.jobs import unknown_job
from leia_nb.service.routes.parameter_types import SortedQuery
from leia_nb.service.routes.responses import of_listing, page_answer, window
from leia_nb.service.storage import applications, documents, listing, models, tables
from leia_nb.service.storage.serializers import job_json

pair = RoutePair("job", owner="submitter_id")

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
    owner = caller_of(request).owner_id
    return _list(service_of(request), query, [_concerns(owner)], owner)


@pair.admin_all.get("/job", operation_id="admin_get_jobs")
def admin_get_jobs(request: Request, query: Annotated[AdminJobQuery, Query()]) -> Response:
    """List the jobs of all applications, or of one."""
    submitter = listing.equal({tables.Job.submitter_id: query.submitter_id})
    return _list(service_of(request), query, submitter)


def _concerns(owner_id: str) -> ColumnElement[bool]:
    return or_(tables.Job.submitter_id == owner_id, tables.Job.application_id == owner_id)


def _list(
    service: Service,
    query: JobQuery,
    conditions: list[ColumnElement[bool]],
    owner_id: str | None = None,
) -> Response:
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
        if not page.total:
            _check_ids(session, query, owner_id, largest)
    return page_answer(page, "job", largest, job_json)


def _check_ids(session: Session, query: JobQuery, owner_id: str | None, largest: int) -> None:
    """Refuse a listing that is empty because what it asks for does not exist."""
    try:
        for field in ("job_id", "execute_after_id", "parent_job_id"):
            if (job_id := getattr(query, field)) is not None:
                _check_job(session, job_id, owner_id, field)
        for field in ("application_id", "submitter_id"):
            if (application_id := getattr(query, field, None)) is not None:
                applications.require_application(session, application_id, field)
        if query.model_id is not None:
            _check_model(session, query.model_id, owner_id)
        if query.document_id is not None:
            _check_document(session, query.document_id, owner_id)
    except ApiError as refusal:
        raise of_listing(refusal, "job", largest) from None


def _check_job(session: Session, job_id: str, owner_id: str | None, field: str) -> None:
    row = session.get(tables.Job, job_id)
    if row is None or (owner_id and owner_id not in (row.submitter_id, row.application_id)):
        raise unknown_job(job_id, field)


def _check_model(session: Session, model_id: str, owner_id: str | None) -> None:
    if owner_id is not None:
        models.require_visible(session, owner_id, model_id)
    elif session.scalar(select(tables.Model.id).where(models.named(model_id))) is None:
        advice = "List the models to see which there are."
        raise unknown("model", model_id, advice, "model_id")


def _check_document(session: Session, document_id: str, owner_id: str | None) -> None:
    if owner_id is not None:
        documents.require_own(session, owner_id, document_id)
    elif not documents.exists(session, document_id):
        advice = "List the documents to see which there are."
        raise unknown("document", document_id, advice, "document_id")
