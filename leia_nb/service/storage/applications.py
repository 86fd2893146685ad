"""Applications: listing them, finding one, counting their jobs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import unknown
from leia_nb.service.storage import listing
from leia_nb.service.storage.tables import Application, Job


@dataclass(frozen=True, kw_only=True)
class ApplicationFilter(listing.Filter):
    """Which applications to list."""

    application_id: str | None = None
    email: str | None = None
    application_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    application_type: str | None = None
    dedicated_workers: bool | None = None

    def conditions(self) -> list[listing.Condition]:
        """Return the conditions that an application matches."""
        columns = "email application_name first_name last_name application_type dedicated_workers"
        return listing.matching(Application, self, *columns.split(), id="application_id")


def list_applications(
    session: Session, filters: ApplicationFilter, window: listing.Window
) -> listing.Page[Application]:
    """Return one page of the applications that match."""
    return listing.fetch(session, Application, filters.conditions(), window)


def require_application(
    session: Session, application_id: str, field: str = "application_id"
) -> Application:
    """Return an application, or refuse with 404 ``unknown_application``."""
    row = session.get(Application, application_id)
    if row is None:
        advice = "Check the id; GET /whoami returns your own."
        raise unknown("application", application_id, advice, field)
    return row


def job_counts(session: Session, application_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Count the jobs of applications by status; a status that no job has is left out."""
    rows = session.execute(
        select(Job.application_id, Job.status, func.count())
        .where(Job.application_id.in_(application_ids))
        .group_by(Job.application_id, Job.status)
        .order_by(Job.status)
    )
    counts: dict[str, dict[str, int]] = {identifier: {} for identifier in application_ids}
    for application_id, status, number in rows:
        counts[application_id][status] = number
    return counts
