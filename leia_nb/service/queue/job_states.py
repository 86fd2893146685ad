"""What the modules of the queue share: conditions on jobs, and updates of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, update
from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job, now

FINISHED = [str(status) for status in JobStatus if status.is_over]
RUNNING = [str(status) for status in JobStatus if status.is_running]
BY_WORKER = Job.job_type != JobType.CONDITIONAL  # no worker runs a conditional job


def final_values() -> dict[str, Any]:
    """Return the values that every job gets when it ends."""
    return {"finished_time": now(), "heartbeat": None}


def end_job(job: Job, status: JobStatus, reason: str | None) -> None:
    """End a job of the session, with the reason if there is one."""
    job.status, job.reason = str(status), reason
    for name, value in final_values().items():
        setattr(job, name, value)


def is_leased(job_id: str, attempt: int) -> list[ColumnElement[bool]]:
    """Return the conditions that a job is running, as this attempt."""
    return [Job.id == job_id, Job.attempt == attempt, Job.status.in_(RUNNING)]


def update_job(
    session: Session, *conditions: ColumnElement[bool], values: Mapping[str, Any]
) -> bool:
    """Update the one job that meets the conditions; return whether there was one."""
    statement = update(Job).where(*conditions).values(**values).returning(Job.id)
    return session.scalar(statement) is not None


def change_rows(
    database: Database, rows: Select[*tuple[Any, ...]], change: Callable[..., None]
) -> int:
    """Call `change` with the session and the columns of each row; return how many rows."""
    # The dispatcher asks every second, mostly in vain, and a write blocks all others.
    with database.read() as session:
        if session.execute(rows.limit(1)).first() is None:
            return 0
    with database.write() as session:
        matching = session.execute(rows).all()
        for row in matching:
            change(session, *row)
        return len(matching)


def cancel_children(session: Session, parent_id: str, reason: str) -> None:
    """Cancel the unfinished jobs that a conditional job started."""
    unfinished = update(Job).where(Job.parent_job_id == parent_id, Job.status.not_in(FINISHED))
    values = {"status": str(JobStatus.CANCELED), "reason": reason, **final_values()}
    session.execute(unfinished.values(**values))
