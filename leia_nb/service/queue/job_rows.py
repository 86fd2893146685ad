"""What the parts of the queue share: conditions on job rows, and changes to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.storage.tables import Job, now

OVER = [str(s) for s in JobStatus if s.is_over]
RUNNING = [str(s) for s in JobStatus if s.is_running]
Values = Mapping[str, Any]
BY_WORKER = Job.job_type != JobType.CONDITIONAL  # a conditional job is never held by a worker


def ending() -> dict[str, Any]:
    """Return what is set on every job that ends."""
    return {"finished_time": now(), "heartbeat": None}


def held_as(job_id: str, attempt: int) -> list[Any]:
    """Return the conditions that a job runs, and as this attempt."""
    return [Job.id == job_id, Job.attempt == attempt, Job.status.in_(RUNNING)]


def change(session: Session, *conditions: Any, values: Values) -> bool:
    """Change the one job that meets the conditions; tell whether there was one."""
    changed = update(Job).where(*conditions).values(**values).returning(Job.id)
    return session.scalar(changed) is not None


def cancel_children(session: Session, parent_id: str, reason: str) -> None:
    """Cancel the jobs, as far as they are not over, that a conditional job started."""
    going = update(Job).where(Job.parent_job_id == parent_id, Job.status.not_in(OVER))
    session.execute(going.values(status=str(JobStatus.CANCELED), reason=reason, **ending()))
