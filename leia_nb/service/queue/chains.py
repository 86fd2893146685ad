"""Jobs that wait for others."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from leia_nb.enums import JobStatus
from leia_nb.service.queue.job_states import FINISHED, RUNNING, change_rows, end_job
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job

_MOST_AT_ONCE = 1000
_LONGEST_REASON = 2000
_FIRST = "; first "
_CHAINED = re.compile(r"The job (\S+), which this job waited for, is (.*)", re.DOTALL)
_previous = aliased(Job)
# The WAITING jobs with the one that each waited for; None if that was deleted.
_RELEASABLE = (
    select(Job, _previous)
    .outerjoin(_previous, _previous.id == Job.execute_after_id)
    .where(Job.status == JobStatus.WAITING)
    .where((_previous.id.is_(None)) | _previous.status.in_(FINISHED))
    .limit(_MOST_AT_ONCE)
)


def release_waiting(database: Database) -> int:
    """Make WAITING jobs whose `execute_after_id` has finished READY; return how many changed.

    If that job is not PROCESSED, they are FAILED, and so are those that wait for them in turn.
    """
    total = 0
    while changed := change_rows(database, _RELEASABLE, _release):
        total += changed
    return total


def has_work(database: Database) -> bool:
    """Return whether a job is READY or running, or waits for one that has finished."""
    active = select(Job.id).where(Job.status.in_([str(JobStatus.READY), *RUNNING]))
    with database.read() as session:
        return any(session.execute(rows.limit(1)).first() for rows in (active, _RELEASABLE))


def _release(session: Session, job: Job, waited_for: Job | None) -> None:
    del session
    if waited_for is None:
        reason = f"The job {job.execute_after_id}, which this job waited for, was deleted."
        end_job(job, JobStatus.FAILED, reason)
    elif waited_for.status == JobStatus.PROCESSED:
        job.status = str(JobStatus.READY)
    else:
        end_job(job, JobStatus.FAILED, _reason(waited_for))


def _reason(waited_for: Job) -> str:
    """Return why a waiting job fails: the job it waited for, and the first that failed."""
    cause = (waited_for.reason or "").rstrip(".")
    if chained := _CHAINED.match(cause):
        _, _, first = chained[2].partition(_FIRST)
        why = f"{_FIRST}{first or f'the job {chained[1]} was {chained[2]}'}"
    else:
        why = f" ({cause[:_LONGEST_REASON]})" if cause else ""
    return f"The job {waited_for.id}, which this job waited for, is {waited_for.status}{why}."
