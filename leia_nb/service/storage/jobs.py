"""Jobs: listing them and finding one. The queue changes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import ApiError, not_yours, unknown
from leia_nb.service.storage import applications, documents, listing, models
from leia_nb.service.storage.tables import Job


@dataclass(frozen=True, kw_only=True)
class JobFilter(listing.Filter):
    """Which jobs to list."""

    owner_id: str | None = None  # the application that submitted them or that they work for
    job_id: str | None = None
    submitter_id: str | None = None
    application_id: str | None = None
    job_type: str | None = None
    model_id: str | None = None  # an id or a short name
    document_id: str | None = None
    execute_after_id: str | None = None
    parent_job_id: str | None = None
    status: str | None = None

    def conditions(self) -> list[listing.Condition]:
        """Return the conditions that a job matches."""
        columns = "submitter_id application_id job_type execute_after_id parent_job_id status"
        conditions = listing.matching(Job, self, *columns.split(), id="job_id")
        if self.owner_id is not None:
            owner = or_(Job.submitter_id == self.owner_id, Job.application_id == self.owner_id)
            conditions.append(owner)
        if self.model_id is not None:
            ids = models.ids_of(self.model_id)
            conditions.append(or_(Job.model_id == self.model_id, Job.model_id.in_(ids)))
        if self.document_id is not None:
            conditions.append(listing.json_list_contains(Job.document_ids, self.document_id))
        return conditions

    def check_ids(self, session: Session) -> None:
        """Refuse with 404 ids of what does not exist or is not visible to the owner."""
        owners = None if self.owner_id is None else [self.owner_id]
        for field in ("job_id", "execute_after_id", "parent_job_id"):
            if (job_id := getattr(self, field)) is not None:
                require_job(session, job_id, owners, field=field, forbids=False)
        for field in ("application_id", "submitter_id"):
            if (application_id := getattr(self, field)) is not None:
                applications.require_application(session, application_id, field)
        if self.model_id is not None:
            models.check_exists(session, self.owner_id, self.model_id)
        if self.document_id is not None:
            documents.check_exists(session, self.owner_id, self.document_id)


def list_jobs(session: Session, filters: JobFilter, window: listing.Window) -> listing.Page[Job]:
    """Return one page of the jobs that match."""
    return listing.fetch(session, Job, filters.conditions(), window)


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
