"""Jobs that are held: claimed, kept alive, moved on and finished."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus
from leia_nb.service.queue.job_rows import BY_WORKER, RUNNING, Values, change, ending, held_as
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job, now


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Parameters
    ----------
    status : JobStatus
        PROCESSED, FAILED or CANCELED.
    result_type : str or None
        A `ResultType` wire value, for PROCESSED.
    result : object
        The result as JSON.
    reason : str or None
        Why it FAILED or was CANCELED.
    """

    status: JobStatus
    result_type: str | None = None
    result: Any = None
    reason: str | None = None

    @classmethod
    def failed(cls, reason: str) -> Outcome:
        """Return a FAILED outcome with its reason."""
        return cls(JobStatus.FAILED, reason=reason)


def claim(database: Database, owner: str) -> Job | None:
    """Take a READY job: it becomes STARTING and its attempt rises by one.

    The one of the highest priority, and among those the oldest.

    Parameters
    ----------
    database : Database
        Where the jobs are.
    owner : str
        The service instance that takes it.

    Returns
    -------
    Job or None
        None if no job is READY.
    """
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


def heartbeat(database: Database, held: Mapping[str, int]) -> None:
    """Renew the sign of life of the jobs that are held, by their ids and attempts."""
    with database.write() as session:
        for job_id, attempt in held.items():
            renewed = update(Job).where(*held_as(job_id, attempt))
            session.execute(renewed.values(heartbeat=time.time()))


def advance(
    database: Database, job_id: str, attempt: int, status: JobStatus, values: Values | None = None
) -> bool:
    """Move a running job on to a later stage.

    Parameters
    ----------
    database : Database
        Where it is.
    job_id : str
        The job.
    attempt : int
        The attempt that is held.
    status : JobStatus
        STARTING, LOADING_MODEL or PROCESSING.
    values : mapping or None
        Other columns to set, by name.

    Returns
    -------
    bool
        False if the job is no longer held: canceled, over, or claimed anew.
    """
    with database.write() as session:
        changes = {"status": str(status), **(values or {})}
        return change(session, *held_as(job_id, attempt), values=changes)


def finish(session: Session, job_id: str, attempt: int, outcome: Outcome) -> bool:
    """End a held job, in the caller's transaction.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        A writing session, so that what the job made is committed with its end or not
        at all.
    job_id : str
        The job.
    attempt : int
        The attempt that is held.
    outcome : Outcome
        How it ended.

    Returns
    -------
    bool
        False if the job is no longer held; then nothing is changed, and the caller
        rolls back what it did.
    """
    values = {
        "status": str(outcome.status),
        "result_type": outcome.result_type,
        "result": outcome.result,
        "reason": outcome.reason,
    }
    return change(session, *held_as(job_id, attempt), values=values | ending())


def unheld(database: Database, held: Mapping[str, int]) -> set[str]:
    """Tell which jobs are no longer held: canceled, over, or claimed anew.

    Parameters
    ----------
    database : Database
        Where they are.
    held : mapping of str to int
        Job ids and the attempts held.

    Returns
    -------
    set of str
        The ids of those to stop.
    """
    with database.read() as session:
        rows = session.execute(
            select(Job.id, Job.attempt).where(Job.id.in_(list(held)), Job.status.in_(RUNNING))
        )
        still = {job_id for job_id, attempt in rows if held[job_id] == attempt}
    return set(held) - still
