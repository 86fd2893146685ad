"""The commands of the queue: submit, start and cancel a job."""

from __future__ import annotations

from leia_nb.enums import JobStatus
from leia_nb.service.api_errors import forbidden
from leia_nb.service.queue.callbacks import CALLBACK_DONE
from leia_nb.service.queue.job_states import FINISHED, cancel_children, final_values, update_job
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.jobs import require_job
from leia_nb.service.storage.tables import Application, Job


def submit(database: Database, job: Job, *, block_processing: bool = False) -> Job:
    """Add a new row to the queue, BLOCKED, WAITING (for `execute_after_id`) or READY.

    Without a callback URL it gets its application's default one.
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
    """Make a BLOCKED job WAITING or READY; one that was started already stays as it is.

    A missing job is refused with 404, a finished one with 403.
    """
    with database.write() as session:
        job = require_job(session, job_id)
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
    """Cancel a job, and those that its rules started; return False if it has finished.

    The status changes at once; the dispatcher then stops the worker that runs the job.
    """
    values = {"status": str(JobStatus.CANCELED), "reason": "The job was canceled."}
    with database.write() as session:
        is_unfinished = (Job.id == job_id, Job.status.not_in(FINISHED))
        canceled = update_job(session, *is_unfinished, values=values | final_values())
        if canceled:
            cancel_children(session, job_id, f"The conditional job {job_id} was canceled.")
        return canceled


def _first_status(job: Job) -> str:
    return str(JobStatus.WAITING if job.execute_after_id else JobStatus.READY)
