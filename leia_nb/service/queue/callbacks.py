"""Which callbacks are still to be delivered."""

from __future__ import annotations

from sqlalchemy import select, update

from leia_nb.service.queue.job_states import FINISHED
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Application, Job

CALLBACK_DONE = -1
_MOST_PENDING = 1000


def pending_callbacks(database: Database) -> list[str]:
    """Return the finished jobs whose callback is not delivered, the least tried ones first."""
    # so that a receiver that does not respond delays no other
    order = (Job.callback_tries, Job.finished_time, Job.id)
    pending = select(Job.id).where(Job.callback_tries > CALLBACK_DONE, Job.status.in_(FINISHED))
    with database.read() as session:
        return list(session.scalars(pending.order_by(*order).limit(_MOST_PENDING)))


def pending_callback(database: Database, job_id: str) -> tuple[Job, Application | None] | None:
    """Return a job whose callback is not delivered, with its application."""
    with database.read() as session:
        job = session.get(Job, job_id)
        if job is None or not job.callback_url or job.callback_tries <= CALLBACK_DONE:
            return None
        return job, session.get(Application, job.application_id)


def record_callback(database: Database, job_id: str, tries: int) -> None:
    """Store how often a callback was tried, or `CALLBACK_DONE`."""
    with database.write() as session:
        session.execute(update(Job).where(Job.id == job_id).values(callback_tries=tries))
