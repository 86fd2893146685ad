"""What is asked of the queue: to submit, start and cancel jobs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from leia_nb.enums import JobStatus
from leia_nb.service.api_errors import forbidden, unknown
from leia_nb.service.queue.job_rows import OVER, cancel_children, change, ending
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Application, Job

CALLBACK_DONE = -1


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
        Whether it stays BLOCKED until `start`.

    Returns
    -------
    Job
        The row: BLOCKED, WAITING (for `execute_after_id`) or READY.
    """
    job.status = str(JobStatus.BLOCKED) if block_processing else _first_status(job)
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

    A conditional job takes those with it that its rules started.

    Returns
    -------
    bool
        False if the job is unknown or already over.
    """
    values = {"status": str(JobStatus.CANCELED), "reason": "The job was canceled."}
    with database.write() as session:
        values |= ending()
        canceled = change(session, Job.id == job_id, Job.status.not_in(OVER), values=values)
        if canceled:
            cancel_children(session, job_id, f"The conditional job {job_id} was canceled.")
        return canceled


def _first_status(job: Job) -> str:
    return str(JobStatus.WAITING if job.execute_after_id else JobStatus.READY)


def _existing(session: Session, job_id: str) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise unknown("job", job_id, "List the jobs to see which there are.", "job_id")
    return job
