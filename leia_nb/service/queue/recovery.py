"""Jobs whose worker or service has ended become READY again, or FAILED after too often."""

from __future__ import annotations

import time
from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus
from leia_nb.service.queue.job_states import BY_WORKER, RUNNING, change_rows, end_job, is_leased
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job

MAX_DEATHS = 3
# A service that ends is usually stopped by its user, so a job survives that more often than the
# death of its worker; but a job that ends the service each time must not do so without limit.
MAX_SERVICE_DEATHS = 10
STALLED_SECONDS = 60.0


def requeue(database: Database, job_id: str, attempt: int, *, died: bool = True) -> bool:
    """Release a leased job, whose worker `died` or not; return False if the lease is lost."""
    with database.write() as session:
        job = session.scalar(select(Job).where(*is_leased(job_id, attempt)))
        if job is None:
            return False
        if died:
            job.deaths += 1
        _release(job)
        return True


def recover(database: Database, owner: str) -> int:
    """Release the jobs of every other service instance; return how many there were.

    A data folder has one service at a time, so the others have ended.
    """
    others = Job.owner.is_distinct_from(owner)
    return _release_all(database, others, service_died=True)


def recover_dropped(database: Database, owner: str, leases: Mapping[str, int]) -> int:
    """Release this instance's jobs that none of its workers runs; return how many there were."""
    return _release_all(database, and_(Job.owner == owner, Job.id.not_in(list(leases))))


def recover_stalled(database: Database, seconds: float = STALLED_SECONDS) -> int:
    """Release the jobs whose last heartbeat is older than this; return how many there were."""
    return _release_all(database, Job.heartbeat < time.time() - seconds)


def _release_all(
    database: Database, condition: ColumnElement[bool], *, service_died: bool = False
) -> int:
    stale = select(Job).where(Job.status.in_(RUNNING), BY_WORKER, condition)

    def release(session: Session, job: Job) -> None:
        del session
        if service_died:
            job.service_deaths += 1
        else:
            job.deaths += 1
        _release(job)

    return change_rows(database, stale, release)


def _release(job: Job) -> None:
    job.owner = job.heartbeat = None
    if job.deaths < MAX_DEATHS and job.service_deaths < MAX_SERVICE_DEATHS:
        job.status = str(JobStatus.READY)
        return
    process, times = "worker process", job.deaths
    if job.deaths < MAX_DEATHS:
        process, times = "service", job.service_deaths
    reason = (
        f"The {process} ended unexpectedly {times} times while it ran this job, so the job is not "
        "tried again. It may need more memory than is available: use fewer or smaller documents, "
        "then submit it again."
    )
    end_job(job, JobStatus.FAILED, reason)
