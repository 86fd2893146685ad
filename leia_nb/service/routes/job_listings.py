"""The calls that list jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import ConfigDict, Field

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import Service, caller_of, service_of
from leia_nb.service.routes.parameter_types import SortedQuery
from leia_nb.service.routes.responses import of_listing, page_answer, window
from leia_nb.service.storage import jobs
from leia_nb.service.storage.serializers import job_json

pair = RoutePair("job", owner="submitter_id")


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
    return _list(service_of(request), query, caller_of(request).owner_id)


@pair.admin_all.get("/job", operation_id="admin_get_jobs")
def admin_get_jobs(request: Request, query: Annotated[AdminJobQuery, Query()]) -> Response:
    """List the jobs of all applications, or of one."""
    return _list(service_of(request), query, None)


def _list(service: Service, query: JobQuery, owner_id: str | None) -> Response:
    filters = jobs.JobFilter(owner_id, **query.filters())
    largest = service.settings.max_limit
    part = window(query.sort, query.offset, query.limit, largest)
    with service.database.read() as session:
        page = jobs.list_jobs(session, filters, part)
        if not page.total:
            with of_listing("job", largest):
                filters.check_ids(session)
    return page_answer(page, "job", largest, job_json)
