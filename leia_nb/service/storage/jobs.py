"""Jobs: listing them and finding one. The queue changes them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import ApiError, not_yours, unknown
from leia_nb.service.schemas.filters import JobQuery
from leia_nb.service.storage import applications, documents, listing, models
from leia_nb.service.storage.tables import Job


def list_jobs(
    session: Session, max_limit: int, query: JobQuery, owner_id: str | None
) -> listing.Page[Job]:
    """Return a page of the jobs that an application submitted or that work for it.

    None stands for all applications. If no job matches, an id of what does not exist, or is not
    visible to the application, is refused with 404.
    """
    columns = "submitter_id application_id job_type execute_after_id parent_job_id status"
    conditions = listing.matching(Job, query, *columns.split(), id="job_id")
    if owner_id is not None:
        conditions.append(or_(Job.submitter_id == owner_id, Job.application_id == owner_id))
    if query.model_id is not None:
        ids = models.ids_of(query.model_id)
        conditions.append(or_(Job.model_id == query.model_id, Job.model_id.in_(ids)))
    if query.document_id is not None:
        conditions.append(listing.json_list_contains(Job.document_ids, query.document_id))
    page = listing.fetch(session, Job, conditions, query, max_limit)
    if not page.total:
        _check_ids(session, query, owner_id)
    return page


def require_job(
    session: Session,
    job_id: str,
    owners: Collection[str] | None = None,
    *,
    field: str = "job_id",
    forbids: bool = True,
) -> Job:
    """Return a job that one of these applications submitted or owns; None = anybody's.

    A missing job is refused with 404; another application's with 403 or, without `forbids`, 404.
    """
    job = session.get(Job, job_id)
    if job is not None:
        if owners is None or not {job.submitter_id, job.application_id}.isdisjoint(owners):
            return job
        if forbids:
            raise not_yours("job", job_id, field)
    raise unknown_job(job_id, field)


def statuses(session: Session, job_ids: Collection[str]) -> list[tuple[str, str, set[str]]]:
    """Return id, status and owners (the submitter, and whom it works for) of the known jobs."""
    columns = select(Job.id, Job.status, Job.submitter_id, Job.application_id)
    rows = session.execute(columns.where(Job.id.in_(job_ids)))
    return [(job_id, status, {*owners}) for job_id, status, *owners in rows]


def unknown_job(job_id: str, field: str = "job_id") -> ApiError:
    """Return the 404 for a job that does not exist."""
    return unknown("job", job_id, "List the jobs to see which there are.", field)


def _check_ids(session: Session, query: JobQuery, owner_id: str | None) -> None:
    owners = None if owner_id is None else [owner_id]
    for field in ("job_id", "execute_after_id", "parent_job_id"):
        if (job_id := getattr(query, field)) is not None:
            require_job(session, job_id, owners, field=field, forbids=False)
    for field in ("application_id", "submitter_id"):
        if (application_id := getattr(query, field, None)) is not None:
            applications.require_application(session, application_id, field)
    if query.model_id is not None:
        models.check_exists(session, owner_id, query.model_id)
    if query.document_id is not None:
        documents.check_exists(session, owner_id, query.document_id)
