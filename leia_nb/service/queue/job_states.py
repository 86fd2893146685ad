"""What the modules of the queue share: conditions on jobs, and updates of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.storage.tables import Job, now

FINISHED = [str(status) for status in JobStatus if status.is_over]
RUNNING = [str(status) for status in JobStatus if status.is_running]
BY_WORKER = Job.job_type != JobType.CONDITIONAL  # no worker runs a conditional job


def final_values() -> dict[str, Any]:
    """Return the values that every job gets when it ends."""
    return {"finished_time": now(), "heartbeat": None}


def is_leased(job_id: str, attempt: int) -> list[ColumnElement[bool]]:
    """Return the conditions that a job is running, as this attempt."""
    return [Job.id == job_id, Job.attempt == attempt, Job.status.in_(RUNNING)]


def update_job(
    session: Session, *conditions: ColumnElement[bool], values: Mapping[str, Any]
) -> bool:
    """Update the one job that meets the conditions; return whether there was one."""
    statement = update(Job).where(*conditions).values(**values).returning(Job.id)
    return session.scalar(statement) is not None


def cancel_children(session: Session, parent_id: str, reason: str) -> None:
    """Cancel the unfinished jobs that a conditional job started."""
    unfinished = update(Job).where(Job.parent_job_id == parent_id, Job.status.not_in(FINISHED))
    values = {"status": str(JobStatus.CANCELED), "reason": reason, **final_values()}
    session.execute(unfinished.values(**values))
