"""Jobs that wait for others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from leia_nb.enums import JobStatus
from leia_nb.service.queue.job_rows import OVER, RUNNING
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job, now

_WAITED = re.compile(r"The job (\S+) that this one waited for is (.*)", re.DOTALL)
_FIRST = "; first "
_LONGEST_REASON = 2000


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


def has_work(database: Database) -> bool:
    """Tell whether a job is READY or running, or waits for one that is over."""
    with database.read() as session:
        ready = select(Job.id).where(Job.status.in_([str(JobStatus.READY), *RUNNING]))
        return session.scalar(ready.limit(1)) is not None or bool(_released(session, limit=1))


def _released(session: Session, limit: int = 1000) -> Sequence[tuple[Job, Job | None]]:
    before = aliased(Job)
    rows = session.execute(
        select(Job, before)
        .outerjoin(before, before.id == Job.execute_after_id)
        .where(Job.status == JobStatus.WAITING)
        .where((before.id.is_(None)) | before.status.in_(OVER))
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


def _reason(before: Job) -> str:
    """Tell why a job that waited fails: which one it waited for, and the first that failed."""
    reason = (before.reason or "").rstrip(".")
    waited = _WAITED.match(reason)
    if waited:
        _, _, first = waited[2].partition(_FIRST)
        why = f"{_FIRST}{first or f'the job {waited[1]} was {waited[2]}'}"
    else:
        why = f" ({reason[:_LONGEST_REASON]})" if reason else ""
    return f"The job {before.id} that this one waited for is {before.status}{why}."


def _release(job: Job, before: Job | None) -> None:
    if before is not None and before.status == JobStatus.PROCESSED:
        job.status = str(JobStatus.READY)
        return
    job.status = str(JobStatus.FAILED)
    job.finished_time = now()
    if before is None:
        job.reason = f"The job {job.execute_after_id} that this one waited for is gone."
    else:
        job.reason = _reason(before)
