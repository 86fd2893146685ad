"""Applications: making them, changing them, giving them new keys."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import bad, conflict, unknown
from leia_nb.service.storage import models, tables
from leia_nb.service.storage.applications import digest

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_LONGEST_EMAIL = 254
_LONGEST_NAME = 1000
_FIXED = ("application_name", "email", "first_name", "last_name")


@dataclass(frozen=True)
class ScheduleDraft:
    """When an application wants workers of its own to be there.

    Parameters
    ----------
    number : int
        How many workers, at least 1.
    start_days : tuple of int
        Days of the week, 1 (Monday) to 7; they stop on the same day.
    start_hour, start_minute, stop_hour, stop_minute : int
        From when to when; the stop comes after the start.
    model_ids : tuple of str
        The models (ids or short names) that they load at once.
    """

    number: int
    start_days: tuple[int, ...]
    start_hour: int
    stop_hour: int
    start_minute: int = 0
    stop_minute: int = 0
    model_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApplicationChanges:
    """What an edit changes.

    Parameters
    ----------
    values : dict of str to object
        New values by the names of the columns.
    schedule : ScheduleDraft or None
        A schedule that is added to those there are.
    """

    values: dict[str, Any] = field(default_factory=dict)
    schedule: ScheduleDraft | None = None


def add_application(
    session: Session, application_type: str, values: dict[str, Any]
) -> tuple[tables.Application, str]:
    """Add an application.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        A writing session.
    application_type : str
        ``admin`` or ``developer``.
    values : dict of str to object
        Its columns; ``email``, ``first_name`` and ``last_name`` at least.

    Returns
    -------
    tables.Application, str
        The row, flushed, and its API key, which is kept nowhere.

    Raises
    ------
    Refusal
        400 ``invalid_parameter`` or 409 ``email_taken``.
    """
    _check_words(session, values)
    key = new_key()
    row = tables.Application(
        id=tables.new_id(),
        application_type=application_type,
        api_key_hash=digest(key),
        schedules=[],
        **values,
    )
    session.add(row)
    session.flush()
    return row, key


def edit_application(
    session: Session, row: tables.Application, changes: ApplicationChanges
) -> None:
    """Change an application; a schedule is added to those it has.

    Raises
    ------
    Refusal
        400 ``invalid_parameter`` or 409 ``email_taken``.
    """
    _check_words(session, changes.values, keeper=row.id)
    for name, value in changes.values.items():
        setattr(row, name, value)
    if changes.schedule is not None:
        row.schedules = [*row.schedules, _schedule(session, row.id, changes.schedule)]
    session.flush()


def delete_schedule(session: Session, row: tables.Application, schedule_id: str) -> None:
    """Delete one schedule of an application, or refuse with 404 ``unknown_schedule``."""
    kept = [schedule for schedule in row.schedules if schedule.id != schedule_id]
    if len(kept) == len(row.schedules):
        advice = "The application's always_on_schedules tell which there are."
        raise unknown("schedule", schedule_id, advice, "always_on_schedule_id")
    row.schedules = kept
    session.flush()


def reset_key(session: Session, row: tables.Application) -> str:
    """Give an application a new API key; the old one and every login end with it.

    Returns
    -------
    str
        The new key; it is kept nowhere.
    """
    key = new_key()
    row.api_key_hash = digest(key)
    session.execute(delete(tables.Token).where(tables.Token.application_id == row.id))
    session.flush()
    return key


def new_key() -> str:
    """Return a new API key."""
    return secrets.token_hex(24)


def job_counts(session: Session, application_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """Count the jobs of applications by their status.

    Returns
    -------
    dict of str to dict of str to int
        By application; a status that no job has is left out.
    """
    job = tables.Job
    rows = session.execute(
        select(job.application_id, job.status, func.count())
        .where(job.application_id.in_(list(application_ids)))
        .group_by(job.application_id, job.status)
        .order_by(job.status)
    )
    counted: dict[str, dict[str, int]] = {identifier: {} for identifier in application_ids}
    for identifier, status, number in rows:
        counted[identifier][status] = number
    return counted


def _schedule(session: Session, owner_id: str, draft: ScheduleDraft) -> tables.AlwaysOnSchedule:
    start = (draft.start_hour, draft.start_minute)
    if (draft.stop_hour, draft.stop_minute) <= start:
        raise bad(
            "invalid_parameter",
            "The schedule stops before it starts. It ends on the day on which it begins: give a "
            "later always_on_stop_hour or always_on_stop_minute.",
            "always_on_stop_hour",
        )
    return tables.AlwaysOnSchedule(
        id=tables.new_id(),
        number=draft.number,
        start_days=sorted(set(draft.start_days)),
        start_hour=draft.start_hour,
        start_minute=draft.start_minute,
        stop_hour=draft.stop_hour,
        stop_minute=draft.stop_minute,
        model_ids=[_model_id(session, owner_id, name) for name in draft.model_ids],
    )


def _model_id(session: Session, owner_id: str, id_or_short_name: str) -> str:
    row = models.visible_model(session, owner_id, id_or_short_name)
    if row is None:
        raise bad(
            "invalid_parameter",
            f"always_on_workers_model_ids names {id_or_short_name!r}, which is no model that the "
            "application may use. Check the id.",
            "always_on_workers_model_ids",
        )
    return row.id


def _check_words(session: Session, values: dict[str, Any], *, keeper: str | None = None) -> None:
    for name in _FIXED:
        text = values.get(name)
        if text is not None and not 0 < len(text.strip()) <= len(text) <= _LONGEST_NAME:
            raise bad(
                "invalid_parameter",
                f"{name} has 1 to {_LONGEST_NAME:,} characters that are not all blank.",
                name,
            )
    if values.get("email") is not None:
        _check_email(session, values["email"], keeper)


def _check_email(session: Session, email: str, keeper: str | None) -> None:
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise bad(
            "invalid_parameter",
            f"{email[:60]!r} is no e-mail address. Give one such as ada@example.org.",
            "email",
        )
    application = tables.Application
    taken = session.scalar(
        select(application.id).where(func.lower(application.email) == email.lower())
    )
    if taken not in (None, keeper):
        raise conflict(
            "email_taken",
            f"There is an application with the e-mail address {email!r} already. Use another "
            "address, or edit or delete that application.",
            "email",
        )
