"""Leases: a job is claimed, kept alive by heartbeats, advanced and finished.

A lease is a job's id and its attempt, a fencing number that every claim raises.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus
from leia_nb.service.queue.job_states import BY_WORKER, RUNNING, final_values, is_leased, update_job
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job, now


@dataclass(frozen=True)
class JobResult:
    """How a job ended: PROCESSED with a result, else FAILED or CANCELED with a reason."""

    status: JobStatus
    result_type: str | None = None  # a `ResultType`
    result: Any = None  # JSON
    reason: str | None = None

    @classmethod
    def failed(cls, reason: str) -> JobResult:
        """Return a FAILED result with its reason."""
        return cls(JobStatus.FAILED, reason=reason)


def claim(database: Database, owner: str) -> Job | None:
    """Lease the READY job of the highest priority, the oldest first, to a service instance."""
    ready = select(Job).where(Job.status == JobStatus.READY, BY_WORKER)
    first = ready.order_by(Job.priority.desc(), Job.creation_time, Job.id).limit(1)
    with database.read() as session:
        if session.scalar(first) is None:
            return None
    with database.write() as session:
        job = session.scalar(first)
        if job is not None:
            job.status = str(JobStatus.STARTING)
            job.attempt += 1
            job.owner = owner
            job.heartbeat = time.time()
            job.starting_time = now()
        return job


def heartbeat(database: Database, leases: Mapping[str, int]) -> None:
    """Renew leases: attempts by job id."""
    with database.write() as session:
        for job_id, attempt in leases.items():
            renewed = update(Job).where(*is_leased(job_id, attempt))
            session.execute(renewed.values(heartbeat=time.time()))


def advance(
    database: Database,
    job_id: str,
    attempt: int,
    status: JobStatus,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """Set the stage, and other columns, of a leased job; return False if the lease is lost."""
    with database.write() as session:
        changes = {"status": str(status), **(values or {})}
        return update_job(session, *is_leased(job_id, attempt), values=changes)


def finish(session: Session, job_id: str, attempt: int, result: JobResult) -> bool:
    """End a leased job; return False, with nothing changed, if the lease is lost.

    It is part of the caller's transaction: what the job made is committed together with its
    end, or the caller rolls both back.
    """
    values = {
        "status": str(result.status),
        "result_type": result.result_type,
        "result": result.result,
        "reason": result.reason,
    }
    return update_job(session, *is_leased(job_id, attempt), values=values | final_values())


def lost_leases(database: Database, leases: Mapping[str, int]) -> set[str]:
    """Return which of the jobs were canceled, have finished or were claimed again."""
    columns = select(Job.id, Job.attempt)
    with database.read() as session:
        rows = session.execute(columns.where(Job.id.in_(list(leases)), Job.status.in_(RUNNING)))
        return set(leases) - {job_id for job_id, attempt in rows if leases[job_id] == attempt}
