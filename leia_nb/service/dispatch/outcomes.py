"""From a worker's answer to the end of the job, committed once."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

from leia_nb.enums import JobStatus, ResultType
from leia_nb.service import queue
from leia_nb.service.queue import Outcome
from leia_nb.service.refusals import Refusal
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.models import DEFAULT_TTL, ModelDraft, add_model, check_model_file
from leia_nb.service.storage.tables import Job
from leia_nb.service.storage.wire import model_json
from leia_nb.service.worker import Answer, Order


class _NoLongerHeld(Exception):
    """Rolls back what was made for a job that somebody else has or has ended."""


def commit(database: Database, blobs: Blobs, order: Order, answer: Answer) -> Outcome | None:
    """End a job with what its worker answered; a training's model is added with it.

    Parameters
    ----------
    database : Database
        Where the job is.
    blobs : Blobs
        Where a new model's file goes.
    order : Order
        What the worker was told.
    answer : Answer
        What it answered.

    Returns
    -------
    Outcome or None
        How the job ended; None if it was no longer held, and nothing was changed.
    """
    if answer.reason is None and answer.model_file is not None:
        return _commit_model(database, blobs, order, answer.model_file)
    if answer.reason is not None:
        return fail(database, order.job_id, order.attempt, answer.reason)
    return _end(
        database,
        order.job_id,
        order.attempt,
        Outcome(JobStatus.PROCESSED, answer.result_type, answer.result),
    )


def fail(database: Database, job_id: str, attempt: int, reason: str) -> Outcome | None:
    """End a job as FAILED with a reason; see `commit`."""
    return _end(database, job_id, attempt, Outcome.failed(reason))


def _end(database: Database, job_id: str, attempt: int, outcome: Outcome) -> Outcome | None:
    with database.write() as session:
        return outcome if queue.finish(session, job_id, attempt, outcome) else None


def _commit_model(database: Database, blobs: Blobs, order: Order, file: Path) -> Outcome | None:
    try:
        return _add_model(database, blobs, order, file)
    except _NoLongerHeld:
        return None
    except Refusal as refusal:
        reason = f"The model was trained but not kept: {refusal.message}"
    except OSError as error:
        if error.errno not in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            raise
        reason = "The model was trained but not kept: the disk is full. Make room, train again."
    return fail(database, order.job_id, order.attempt, reason)


def _add_model(database: Database, blobs: Blobs, order: Order, file: Path) -> Outcome:
    checked = check_model_file(file)
    with database.write() as session:
        job = session.get(Job, order.job_id)
        if job is None or job.attempt != order.attempt:
            raise _NoLongerHeld
        row = add_model(session, blobs, file, _draft(job), checked=checked)
        outcome = Outcome(JobStatus.PROCESSED, str(ResultType.MODEL), model_json(row))
        if not queue.finish(session, order.job_id, order.attempt, outcome):
            raise _NoLongerHeld
        return outcome


def _draft(job: Job) -> ModelDraft:
    asked: dict[str, Any] = job.request
    ttl = asked.get("ttl")
    return ModelDraft(
        application_id=job.application_id,
        name=asked.get("model_name") or f"{asked['model_module']} {asked['documents_tag']}",
        short_name=asked.get("short_name"),
        description=asked.get("description"),
        ttl=DEFAULT_TTL if ttl is None else ttl,
        allowed_application_ids=tuple(asked.get("allowed_application_ids") or ()),
        allow_all_applications=bool(asked.get("allow_all_applications")),
        tags=tuple(asked.get("tags") or ()),
    )
