"""The queue of jobs: rows that are submitted, claimed, moved on and finished.

Every claim raises a job's `attempt`, and whoever moves or finishes a job names the
attempt it holds: a worker that was given up on can no longer change anything.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from leia_nb.enums import JobStatus
from leia_nb.service.refusals import forbidden, unknown
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Application, Job, now

MAX_DEATHS = 3
STALLED_SECONDS = 60.0
CALLBACK_DONE = -1
_OVER = [str(s) for s in JobStatus if s.is_over]
_RUNNING = [str(s) for s in JobStatus if s.is_running]
_Values = Mapping[str, Any]


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


def submit(database: Database, job: Job, *, block_processing: bool = False) -> Job:
    """Add a job to the queue.

    Parameters
    ----------
    database : Database
        Where it goes.
    job : Job
        A new row. Its status is set here; without a callback URL it gets its
        application's default one.
    block_processing : bool
        Whether it stays BLOCKED until `start`. A job whose status is BLOCKED already
        stays so, too.

    Returns
    -------
    Job
        The row: BLOCKED, WAITING (for `execute_after_id`) or READY.
    """
    blocked = block_processing or job.status == JobStatus.BLOCKED
    job.status = str(JobStatus.BLOCKED) if blocked else _first_status(job)
    with database.write() as session:
        if job.callback_url is None:
            application = session.get(Application, job.application_id)
            job.callback_url = application.default_job_callback_url if application else None
        job.callback_tries = 0 if job.callback_url else CALLBACK_DONE
        session.add(job)
        session.flush()
        session.expunge(job)
    return job


def start(database: Database, job_id: str) -> Job:
    """Let a BLOCKED job go on; one that goes on already is left alone.

    Parameters
    ----------
    database : Database
        Where it is.
    job_id : str
        The job.

    Returns
    -------
    Job
        The row, now WAITING or READY or further.

    Raises
    ------
    Refusal
        404 ``unknown_job``; 403 ``job_over`` for a job that is over.
    """
    with database.write() as session:
        job = _existing(session, job_id)
        if JobStatus(job.status).is_over:
            raise forbidden(
                "job_over",
                f"The job {job_id!r} is {job.status} and cannot be started. Submit a new one.",
                "job_id",
            )
        if job.status == JobStatus.BLOCKED:
            job.status = _first_status(job)
        return job


def cancel(database: Database, job_id: str) -> bool:
    """Make a job CANCELED at once; the dispatcher then stops the worker that runs it.

    Returns
    -------
    bool
        False if the job is unknown or already over.
    """
    values = {"status": str(JobStatus.CANCELED), "reason": "The job was canceled."}
    with database.write() as session:
        return _change(
            session, Job.id == job_id, Job.status.not_in(_OVER), values=values | _ending()
        )


def claim(database: Database, owner: str) -> Job | None:
    """Take the oldest READY job: it becomes STARTING and its attempt rises by one.

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
    ready = select(Job).where(Job.status == JobStatus.READY)
    oldest = ready.order_by(Job.creation_time, Job.id).limit(1)
    with database.read() as session:
        if session.scalar(oldest) is None:
            return None
    with database.write() as session:
        job = session.scalar(oldest)
        if job is not None:
            job.status = str(JobStatus.STARTING)
            job.attempt += 1
            job.owner = owner
            job.heartbeat = time.time()
            job.starting_time = now()
        return job


def heartbeat(database: Database, owner: str) -> None:
    """Renew the sign of life of every job that a service instance runs."""
    with database.write() as session:
        session.execute(
            update(Job)
            .where(Job.owner == owner, Job.status.in_(_RUNNING))
            .values(heartbeat=time.time())
        )


def advance(
    database: Database, job_id: str, attempt: int, status: JobStatus, values: _Values | None = None
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
        return _change(session, *_held(job_id, attempt), values=changes)


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
    return _change(session, *_held(job_id, attempt), values=values | _ending())


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
        job = session.scalar(select(Job).where(*_held(job_id, attempt)))
        if job is None:
            return False
        _give_back(job, died=died)
        return True


def recover(database: Database, owner: str) -> int:
    """Give back the jobs of other service instances; a data folder has one at a time.

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
    return _give_back_all(database, Job.owner.is_distinct_from(owner))


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


def release_waiting(database: Database) -> int:
    """Move on the WAITING jobs whose `execute_after_id` is over.

    They become READY when that job is PROCESSED; otherwise they FAILED, and so do
    those that wait for them in turn.

    Returns
    -------
    int
        How many jobs moved.
    """
    moved = 0
    while count := _release_once(database):
        moved += count
    return moved


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
            select(Job.id, Job.attempt).where(Job.id.in_(list(held)), Job.status.in_(_RUNNING))
        )
        still = {job_id for job_id, attempt in rows if held[job_id] == attempt}
    return set(held) - still


def has_work(database: Database) -> bool:
    """Tell whether a job is READY or running, or waits for one that is over."""
    with database.read() as session:
        ready = select(Job.id).where(Job.status.in_([str(JobStatus.READY), *_RUNNING]))
        return session.scalar(ready.limit(1)) is not None or bool(_released(session, limit=1))


def _first_status(job: Job) -> str:
    return str(JobStatus.WAITING if job.execute_after_id else JobStatus.READY)


def _existing(session: Session, job_id: str) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise unknown("job", job_id, "List the jobs to see which there are.", "job_id")
    return job


def _ending() -> dict[str, Any]:
    return {"finished_time": now(), "heartbeat": None}


def _held(job_id: str, attempt: int) -> list[Any]:
    return [Job.id == job_id, Job.attempt == attempt, Job.status.in_(_RUNNING)]


def _change(session: Session, *conditions: Any, values: _Values) -> bool:
    changed = update(Job).where(*conditions).values(**values).returning(Job.id)
    return session.scalar(changed) is not None


def _give_back_all(database: Database, condition: Any) -> int:
    lost = select(Job).where(Job.status.in_(_RUNNING), condition)
    with database.read() as session:
        if session.scalar(lost.limit(1)) is None:
            return 0
    with database.write() as session:
        jobs = session.scalars(lost).all()
        for job in jobs:
            _give_back(job, died=True)
        return len(jobs)


def _give_back(job: Job, *, died: bool) -> None:
    job.deaths += died
    job.owner = job.heartbeat = None
    if job.deaths < MAX_DEATHS:
        job.status = str(JobStatus.READY)
        return
    job.status = str(JobStatus.FAILED)
    job.finished_time = now()
    job.reason = (
        f"The process that ran the job died {job.deaths} times, so it was given up. It may need "
        "more memory than there is: try fewer or smaller documents, then submit it again."
    )


def _released(session: Session, limit: int = 1000) -> Sequence[tuple[Job, Job | None]]:
    before = aliased(Job)
    rows = session.execute(
        select(Job, before)
        .outerjoin(before, before.id == Job.execute_after_id)
        .where(Job.status == JobStatus.WAITING)
        .where((before.id.is_(None)) | before.status.in_(_OVER))
        .limit(limit)
    )
    return [(job, other) for job, other in rows]


def _release_once(database: Database) -> int:
    with database.read() as session:
        if not session.scalar(select(exists().where(Job.status == JobStatus.WAITING))):
            return 0
        if not _released(session, limit=1):
            return 0
    with database.write() as session:
        pairs = _released(session)
        for job, before in pairs:
            _release(job, before)
        return len(pairs)


def _release(job: Job, before: Job | None) -> None:
    if before is not None and before.status == JobStatus.PROCESSED:
        job.status = str(JobStatus.READY)
        return
    job.status = str(JobStatus.FAILED)
    job.finished_time = now()
    if before is None:
        job.reason = f"The job {job.execute_after_id} that this one waited for is gone."
    else:
        why = f" ({before.reason})" if before.reason else ""
        job.reason = f"The job {before.id} that this one waited for is {before.status}{why}."
