"""Jobs that were lost by whoever held them, and are given back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import and_, select

from leia_nb.enums import JobStatus
from leia_nb.service.queue.job_rows import BY_WORKER, RUNNING, held_as
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job, now

MAX_DEATHS = 3
MAX_SERVICE_DEATHS = 10
STALLED_SECONDS = 60.0


def requeue(database: Database, job_id: str, attempt: int, *, died: bool = True) -> bool:
    """Give a held job back, to be taken up again.

    Parameters
    ----------
    database : Database
        Where it is.
    job_id : str
        The job.
    attempt : int
        The attempt that was held.
    died : bool
        Whether its worker died. After three deaths the job FAILED instead.

    Returns
    -------
    bool
        False if the job was no longer held.
    """
    with database.write() as session:
        job = session.scalar(select(Job).where(*held_as(job_id, attempt)))
        if job is None:
            return False
        if died:
            _worker_died(job)
        _give_back(job)
        return True


def recover(database: Database, owner: str) -> int:
    """Give back the jobs of other service instances; a data folder has one at a time.

    The service's death is not held against a job as its worker's would be; only after
    the tenth the job FAILED, lest one that ends the service each time does so for ever.

    Parameters
    ----------
    database : Database
        Where they are.
    owner : str
        This instance; every other one is gone.

    Returns
    -------
    int
        How many jobs were given back.
    """
    return _give_back_all(database, Job.owner.is_distinct_from(owner), _service_died)


def recover_dropped(database: Database, owner: str, held: Mapping[str, int]) -> int:
    """Give back the jobs of this instance that none of its workers holds any more.

    Parameters
    ----------
    database : Database
        Where they are.
    owner : str
        This instance.
    held : mapping of str to int
        The ids and attempts of the jobs that its workers hold.

    Returns
    -------
    int
        How many jobs were given back.
    """
    return _give_back_all(database, and_(Job.owner == owner, Job.id.not_in(list(held))))


def recover_stalled(database: Database, seconds: float = STALLED_SECONDS) -> int:
    """Give back the running jobs without a sign of life, whoever holds them.

    Parameters
    ----------
    database : Database
        Where they are.
    seconds : float
        How old the last heartbeat may be.

    Returns
    -------
    int
        How many jobs were given back.
    """
    return _give_back_all(database, Job.heartbeat < time.time() - seconds)


def _give_back_all(
    database: Database, condition: Any, died: Callable[[Job], None] | None = None
) -> int:
    lost = select(Job).where(Job.status.in_(RUNNING), BY_WORKER, condition)
    with database.read() as session:
        if session.scalar(lost.limit(1)) is None:
            return 0
    with database.write() as session:
        jobs = session.scalars(lost).all()
        for job in jobs:
            (died or _worker_died)(job)
            _give_back(job)
        return len(jobs)


def _worker_died(job: Job) -> None:
    job.deaths += 1


def _service_died(job: Job) -> None:
    job.service_deaths += 1


def _give_back(job: Job) -> None:
    job.owner = job.heartbeat = None
    if job.deaths < MAX_DEATHS and job.service_deaths < MAX_SERVICE_DEATHS:
        job.status = str(JobStatus.READY)
        return
    job.status = str(JobStatus.FAILED)
    job.finished_time = now()
    what, times = "process that ran the job", job.deaths
    if job.deaths < MAX_DEATHS:
        what, times = "whole service", job.service_deaths
    job.reason = (
        f"The {what} died {times} times while it ran, so it was given up. If nobody ended it, "
        "the job may need more memory than there is: try fewer or smaller documents, then submit "
        "it again."
    )
