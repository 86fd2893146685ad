"""From a worker's answer to the end of the job, committed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from leia_nb.enums import JobStatus, ResultType
from leia_nb.service import queue
from leia_nb.service.api_errors import ApiError
from leia_nb.service.disk_errors import is_full
from leia_nb.service.queue import Outcome
from leia_nb.service.schemas.requests import ModelCreate
from leia_nb.service.storage import job_outputs, tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database, Session
from leia_nb.service.storage.model_changes import (
    add_model,
    check_model_file,
)
from leia_nb.service.storage.serializers import document_json, model_json
from leia_nb.service.storage.tables import Job
from leia_nb.service.worker import Task, TaskResult


class _NoLongerHeld(Exception):
    """Rolls back what was made for a job that somebody else has or has ended."""


def commit(database: Database, blobs: Blobs, order: Task, answer: TaskResult) -> Outcome | None:
    """End a job with what its worker answered; what it made is kept with its end or not at all.

    Parameters
    ----------
    database : Database
        Where the job is.
    blobs : Blobs
        Where new files go.
    order : Task
        What the worker was told.
    answer : TaskResult
        What it answered.

    Returns
    -------
    Outcome or None
        How the job ended; None if it was no longer held, and nothing was changed.
    """
    if answer.reason is not None:
        return fail(database, order.job_id, order.attempt, answer.reason)
    try:
        if answer.model_file is not None:
            return _add_model(database, blobs, order, answer.model_file)
        return _add_documents(database, blobs, order, answer)
    except _NoLongerHeld:
        return None
    except (ApiError, job_outputs.SourceGone, OSError) as error:
        reason = _not_kept(answer, error)
    return fail(database, order.job_id, order.attempt, reason)


def fail(database: Database, job_id: str, attempt: int, reason: str) -> Outcome | None:
    """End a job as FAILED with a reason; see `commit`."""
    outcome = Outcome.failed(reason)
    with database.write() as session:
        return outcome if queue.finish(session, job_id, attempt, outcome) else None


def _not_kept(answer: TaskResult, error: Exception) -> str:
    """Say why what was made is not kept; raise what only the service's log should tell."""
    done = "The job was done, but its result"
    if answer.model_file is not None:
        done = "The model was trained, but it"
    if isinstance(error, ApiError):
        return f"{done} was not kept: {error.message}"
    if isinstance(error, job_outputs.SourceGone):
        return f"{done} was not kept: the document {error} was deleted or expired meanwhile."
    if is_full(error):
        return f"{done} was not kept: the disk is full. Make room, then submit it again."
    raise error


def _held(session: Session, order: Task) -> Job:
    job = session.get(Job, order.job_id)
    if job is None or job.attempt != order.attempt:
        raise _NoLongerHeld
    return job


def _end(session: Session, order: Task, outcome: Outcome) -> Outcome:
    if not queue.finish(session, order.job_id, order.attempt, outcome):
        raise _NoLongerHeld
    return outcome


def _add_documents(database: Database, blobs: Blobs, order: Task, answer: TaskResult) -> Outcome:
    with job_outputs.keeping(blobs, answer.documents) as kept, database.write() as session:
        job = _held(session, order)
        outcome = Outcome(JobStatus.PROCESSED, answer.result_type, answer.result)
        if not kept and not job.request.get("save_result"):
            return _end(session, order, _with_documents(outcome, [], kept))
        sources = job_outputs.read_sources(session, job.application_id, job.document_ids)
        tag = job.request.get("output_tag")
        rows = job_outputs.add_rows(
            session, job.application_id, kept, sources, [tag] if tag else []
        )
        outcome = _with_documents(outcome, rows, kept)
        if job.request.get("save_result"):
            job_outputs.save_result(session, blobs, order.folder, sources, outcome.result)
        return _end(session, order, outcome)


def _with_documents(
    outcome: Outcome, rows: Sequence[tables.Document], kept: Sequence[job_outputs.Kept]
) -> Outcome:
    """Return an outcome whose result are the documents made, if it is to be documents."""
    if outcome.result_type not in (ResultType.DOCUMENT, ResultType.DOCUMENTS):
        return outcome
    shown: list[dict[str, Any]] = [
        {**one.made.file.details, **document_json(row)} for row, one in zip(rows, kept, strict=True)
    ]
    single = outcome.result_type == ResultType.DOCUMENT
    return replace(outcome, result=shown[0] if single else shown)


def _add_model(database: Database, blobs: Blobs, order: Task, file: Path) -> Outcome:
    checked = check_model_file(file)
    with database.write() as session:
        job = _held(session, order)
        row = add_model(session, blobs, job.application_id, file, _request(job), checked)
        outcome = Outcome(JobStatus.PROCESSED, str(ResultType.MODEL), model_json(row))
        return _end(session, order, outcome)


def _request(job: Job) -> ModelCreate:
    details = job.request
    names = ("short_name", "description", "ttl", "allowed_application_ids", "tags")
    options = {name: details[name] for name in names if details.get(name) is not None}
    return ModelCreate(
        name=details.get("model_name") or f"{details['model_module']} {details['documents_tag']}",
        allow_all_applications=bool(details.get("allow_all_applications")),
        **options,
    )
