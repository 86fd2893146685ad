"""Jobs that wait for others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from leia_nb.enums import JobStatus
from leia_nb.service.queue.job_states import FINISHED, RUNNING
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job, now

_BATCH = 1000
_LONGEST_REASON = 2000
_FIRST = "; first "
_CHAINED = re.compile(r"The job (\S+), which this job waited for, is (.*)", re.DOTALL)


def release_waiting(database: Database) -> int:
    """Make WAITING jobs whose `execute_after_id` has finished READY; return how many changed.

    If that job is not PROCESSED, they are FAILED, and so are those that wait for them in turn.
    """
    total = 0
    while changed := _release_once(database):
        total += changed
    return total


def has_work(database: Database) -> bool:
    """Return whether a job is READY or running, or waits for one that has finished."""
    with database.read() as session:
        ready = select(Job.id).where(Job.status.in_([str(JobStatus.READY), *RUNNING]))
        return session.scalar(ready.limit(1)) is not None or bool(_releasable(session, limit=1))


def _releasable(session: Session, limit: int = _BATCH) -> Sequence[tuple[Job, Job | None]]:
    """Return WAITING jobs with the one that each waited for; None if that was deleted."""
    previous = aliased(Job)
    rows = session.execute(
        select(Job, previous)
        .outerjoin(previous, previous.id == Job.execute_after_id)
        .where(Job.status == JobStatus.WAITING)
        .where((previous.id.is_(None)) | previous.status.in_(FINISHED))
        .limit(limit)
    )
    return [(job, waited_for) for job, waited_for in rows]


def _release_once(database: Database) -> int:
    with database.read() as session:
        if not session.scalar(select(exists().where(Job.status == JobStatus.WAITING))):
            return 0
        if not _releasable(session, limit=1):
            return 0
    with database.write() as session:
        pairs = _releasable(session)
        for job, waited_for in pairs:
            _release(job, waited_for)
        return len(pairs)


def _release(job: Job, waited_for: Job | None) -> None:
    if waited_for is not None and waited_for.status == JobStatus.PROCESSED:
        job.status = str(JobStatus.READY)
        return
    job.status = str(JobStatus.FAILED)
    job.finished_time = now()
    if waited_for is None:
        job.reason = f"The job {job.execute_after_id}, which this job waited for, was deleted."
    else:
        job.reason = _reason(waited_for)


def _reason(waited_for: Job) -> str:
    """Return why a waiting job fails: the job it waited for, and the first that failed."""
    cause = (waited_for.reason or "").rstrip(".")
    if chained := _CHAINED.match(cause):
        _, _, first = chained[2].partition(_FIRST)
        why = f"{_FIRST}{first or f'the job {chained[1]} was {chained[2]}'}"
    else:
        why = f" ({cause[:_LONGEST_REASON]})" if cause else ""
    return f"The job {waited_for.id}, which this job waited for, is {waited_for.status}{why}."
