"""Applications: listing, adding, changing and deleting them, and giving them new keys."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import conflict, invalid, unknown
from leia_nb.service.schemas.filters import ApplicationQuery
from leia_nb.service.schemas.requests import ApplicationBody, ApplicationEdit
from leia_nb.service.storage import listing, models
from leia_nb.service.storage.blobs import Blobs, delete_on_commit
from leia_nb.service.storage.logins import digest
from leia_nb.service.storage.tables import (
    AlwaysOnSchedule,
    Annotation,
    Application,
    Document,
    Job,
    Login,
    Model,
    ModelPermission,
    new_id,
)


def list_applications(
    session: Session, max_limit: int, query: ApplicationQuery
) -> listing.Page[Application]:
    """Return a page of the applications; 404 if none match and the id is unknown."""
    columns = "email application_name first_name last_name application_type dedicated_workers"
    conditions = listing.matching(Application, query, *columns.split(), id="application_id")
    page = listing.fetch(session, Application, conditions, query, max_limit)
    if not page.total and query.application_id is not None:
        require_application(session, query.application_id)
    return page


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


def add_application(session: Session, request: ApplicationBody) -> tuple[Application, str]:
    """Add an application; return it with its API key, which is stored only as a hash."""
    _check_email_free(session, request.email)
    key = _new_key()
    row = Application(
        application_type=request.application_type,
        api_key_hash=digest(key),
        schedules=[],
        **request.values(),
    )
    session.add(row)
    session.flush()
    return row, key


def edit_application(session: Session, row: Application, changes: ApplicationEdit) -> None:
    """Change an application; a schedule is added to those it has."""
    _check_email_free(session, changes.email, own_id=row.id)
    for name, value in changes.values().items():
        setattr(row, name, value)
    if (schedule := changes.schedule()) is not None:
        row.schedules = [*row.schedules, _schedule(session, row.id, schedule)]
    session.flush()


def delete_schedule(session: Session, row: Application, schedule_id: str) -> None:
    """Delete one schedule of an application, or refuse with 404 ``unknown_schedule``."""
    remaining = [schedule for schedule in row.schedules if schedule.id != schedule_id]
    if len(remaining) == len(row.schedules):
        advice = "The application's always_on_schedules list its schedules."
        raise unknown("schedule", schedule_id, advice, "always_on_schedule_id")
    row.schedules = remaining
    session.flush()


def reset_key(session: Session, row: Application) -> str:
    """Return a new API key; the old one and every login become invalid."""
    key = _new_key()
    row.api_key_hash = digest(key)
    session.execute(delete(Login).where(Login.application_id == row.id))
    session.flush()
    return key


def delete_application(session: Session, blobs: Blobs, row: Application) -> None:
    """Delete an application with its jobs, annotations, documents, models and logins.

    A job that it submitted for another application stays, with that one as its submitter.
    """
    blob_ids = [
        blob_id
        for table in (Document, Model)
        for blob_id in session.scalars(select(table.id).where(table.application_id == row.id))
    ]
    session.execute(delete(Job).where(Job.application_id == row.id))
    session.execute(
        update(Job).where(Job.submitter_id == row.id).values(submitter_id=Job.application_id)
    )
    session.execute(delete(ModelPermission).where(ModelPermission.application_id == row.id))
    for table in (Annotation, Document, Model):
        session.execute(delete(table).where(table.application_id == row.id))
    session.execute(delete(Application).where(Application.id == row.id))
    delete_on_commit(session, blobs, blob_ids)


def _new_key() -> str:
    return secrets.token_hex(24)


def _schedule(session: Session, owner_id: str, values: dict[str, Any]) -> AlwaysOnSchedule:
    values = {"start_minute": 0, "stop_minute": 0, "workers_model_ids": [], **values}
    # it ends on the day on which it starts
    start, stop = ((values[f"{end}_hour"], values[f"{end}_minute"]) for end in ("start", "stop"))
    if stop <= start:
        raise invalid(
            "expected a schedule that stops after it starts, on the same day. Use a later "
            "always_on_stop_hour or always_on_stop_minute.",
            "always_on_stop_hour",
        )
    values["start_days"] = sorted(set(values["start_days"]))
    names = filter(None, values["workers_model_ids"])
    values["workers_model_ids"] = [_model_id(session, owner_id, name) for name in names]
    return AlwaysOnSchedule(id=new_id(), **values)


def _model_id(session: Session, owner_id: str, id_or_short_name: str) -> str:
    row = models.visible_model(session, owner_id, id_or_short_name)
    if row is None:
        raise invalid(
            f"always_on_workers_model_ids names {id_or_short_name!r}, which is not a model that "
            "the application may use. Check the id.",
            "always_on_workers_model_ids",
        )
    return row.id


def _check_email_free(session: Session, email: str | None, *, own_id: str | None = None) -> None:
    if email is None:
        return
    same_email = func.lower(Application.email) == email.lower()
    if session.scalar(select(Application.id).where(same_email)) not in (None, own_id):
        raise conflict(
            "email_taken",
            f"An application with the e-mail address {email!r} already exists. Use another "
            "address, or edit or delete that application.",
            "email",
        )
