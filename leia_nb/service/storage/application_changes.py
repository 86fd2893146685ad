"""Applications: adding, changing and deleting them, and giving them new keys."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import bad, conflict, unknown
from leia_nb.service.storage import models
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


@dataclass(frozen=True)
class ScheduleDraft:
    """When an application wants dedicated workers; the end is on the day of the start."""

    number: int  # of workers, at least 1
    start_days: tuple[int, ...]  # 1 (Monday) to 7
    start_hour: int
    stop_hour: int
    start_minute: int = 0
    stop_minute: int = 0
    workers_model_ids: tuple[str, ...] = ()  # ids or short names of the models to load at the start


@dataclass(frozen=True)
class ApplicationChanges:
    """What an edit changes: new values by column, and a schedule to add."""

    values: dict[str, Any] = field(default_factory=dict)
    schedule: ScheduleDraft | None = None


def add_application(
    session: Session, application_type: str, values: dict[str, Any]
) -> tuple[Application, str]:
    """Add an application; return it with its API key, which is stored only as a hash."""
    _check_email_free(session, values)
    key = _new_key()
    row = Application(
        id=new_id(),
        application_type=application_type,
        api_key_hash=digest(key),
        schedules=[],
        **values,
    )
    session.add(row)
    session.flush()
    return row, key


def edit_application(session: Session, row: Application, changes: ApplicationChanges) -> None:
    """Change an application; a schedule is added to those it has."""
    _check_email_free(session, changes.values, own_id=row.id)
    for name, value in changes.values.items():
        setattr(row, name, value)
    if changes.schedule is not None:
        row.schedules = [*row.schedules, _schedule(session, row.id, changes.schedule)]
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


def _schedule(session: Session, owner_id: str, draft: ScheduleDraft) -> AlwaysOnSchedule:
    start = (draft.start_hour, draft.start_minute)
    if (draft.stop_hour, draft.stop_minute) <= start:
        raise bad(
            "invalid_parameter",
            "The schedule stops before it starts. It ends on the day on which it begins: use a "
            "later always_on_stop_hour or always_on_stop_minute.",
            "always_on_stop_hour",
        )
    return AlwaysOnSchedule(
        id=new_id(),
        number=draft.number,
        start_days=sorted(set(draft.start_days)),
        start_hour=draft.start_hour,
        start_minute=draft.start_minute,
        stop_hour=draft.stop_hour,
        stop_minute=draft.stop_minute,
        workers_model_ids=[
            _model_id(session, owner_id, name) for name in draft.workers_model_ids if name
        ],
    )


def _model_id(session: Session, owner_id: str, id_or_short_name: str) -> str:
    row = models.visible_model(session, owner_id, id_or_short_name)
    if row is None:
        raise bad(
            "invalid_parameter",
            f"always_on_workers_model_ids names {id_or_short_name!r}, which is not a model that "
            "the application may use. Check the id.",
            "always_on_workers_model_ids",
        )
    return row.id


def _check_email_free(
    session: Session, values: dict[str, Any], *, own_id: str | None = None
) -> None:
    email = values.get("email")
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
