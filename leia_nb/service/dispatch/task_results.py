"""From a worker's result to the end of the job, committed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from leia_nb.enums import JobStatus, ResultType
from leia_nb.service.api_errors import ApiError
from leia_nb.service.disk_errors import is_full
from leia_nb.service.queue import leases
from leia_nb.service.queue.leases import JobResult
from leia_nb.service.schemas.requests import ModelCreate
from leia_nb.service.storage import job_outputs
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database, Session
from leia_nb.service.storage.model_changes import add_model, check_model_file
from leia_nb.service.storage.serializers import document_json, model_json
from leia_nb.service.storage.tables import Document, Job
from leia_nb.service.worker.tasks import Task, TaskResult

_LONGEST_REASON = 4_000


class _LeaseLost(Exception):
    """Rolls back what was made for a job that has ended or was claimed again."""


def commit(database: Database, blobs: Blobs, task: Task, result: TaskResult) -> JobResult | None:
    """End a job and store what its worker made, both or neither; None if the lease is lost."""
    if result.reason is not None:
        return fail(database, task.job_id, task.attempt, result.reason)
    try:
        if result.model_file is not None:
            return _add_model(database, blobs, task, result, result.model_file)
        return _add_documents(database, blobs, task, result)
    except _LeaseLost:
        return None
    except (ApiError, job_outputs.SourceDeleted, OSError) as error:
        reason = _not_stored(result, error)
    return fail(database, task.job_id, task.attempt, reason)


def fail(database: Database, job_id: str, attempt: int, reason: str) -> JobResult | None:
    """End a job as FAILED with a reason; None if the lease is lost."""
    result = JobResult.failed(reason)
    with database.write() as session:
        return result if leases.finish(session, job_id, attempt, result) else None


def _not_stored(result: TaskResult, error: Exception) -> str:
    """Return why the result is not stored; raise an error that only the log should show."""
    done = "The job was done, but its result"
    if result.model_file is not None:
        done = "The model was trained, but it"
    if isinstance(error, ApiError):
        return f"{done} was not stored: {error.message}"
    if isinstance(error, job_outputs.SourceDeleted):
        return f"{done} was not stored: the document {error} was deleted or expired meanwhile."
    if is_full(error):
        return f"{done} was not stored: the disk is full. Make room, then submit it again."
    raise error


def _leased_job(session: Session, task: Task) -> Job:
    job = session.get(Job, task.job_id)
    if job is None or job.attempt != task.attempt:
        raise _LeaseLost
    return job


def _end(session: Session, task: Task, result: JobResult) -> JobResult:
    if not leases.finish(session, task.job_id, task.attempt, result):
        raise _LeaseLost
    return result


def _add_documents(database: Database, blobs: Blobs, task: Task, result: TaskResult) -> JobResult:
    with job_outputs.stored_files(blobs, result.documents) as files, database.write() as session:
        job = _leased_job(session, task)
        job_result = _processed(result, result.result)
        save_result = bool(job.request.get("save_result"))
        if not files and not save_result:
            return _end(session, task, _with_documents(job_result, [], files))
        sources = job_outputs.read_sources(session, job.application_id, job.document_ids)
        tag = job.request.get("output_tag")
        rows = job_outputs.add_rows(
            session, job.application_id, files, sources, [tag] if tag else []
        )
        job_result = _with_documents(job_result, rows, files)
        if save_result:
            job_outputs.save_result(session, blobs, task.folder, sources, job_result.result)
        return _end(session, task, job_result)


def _processed(result: TaskResult, value: Any) -> JobResult:
    """Return a PROCESSED result, whose reason is what the worker noted about documents."""
    reason = " ".join(result.notes)
    if len(reason) > _LONGEST_REASON:
        reason = f"{reason[:_LONGEST_REASON]} …"
    return JobResult(JobStatus.PROCESSED, result.result_type, value, reason or None)


def _with_documents(
    result: JobResult, rows: Sequence[Document], files: Sequence[job_outputs.StoredFile]
) -> JobResult:
    """Return a result that contains the new documents, if its type is documents."""
    if result.result_type not in (ResultType.DOCUMENT, ResultType.DOCUMENTS):
        return result
    documents: list[dict[str, Any]] = [
        {**file.output.file.details, **document_json(row)}
        for row, file in zip(rows, files, strict=True)
    ]
    is_single = result.result_type == ResultType.DOCUMENT
    return replace(result, result=documents[0] if is_single else documents)


def _add_model(
    database: Database, blobs: Blobs, task: Task, result: TaskResult, file: Path
) -> JobResult:
    checked = check_model_file(file)  # before the write, which blocks all others
    with database.write() as session:
        job = _leased_job(session, task)
        row = add_model(session, blobs, job.application_id, file, _request(job), checked)
        return _end(session, task, _processed(result, model_json(row)))


def _request(job: Job) -> ModelCreate:
    details = job.request
    names = ("short_name", "description", "ttl", "allowed_application_ids", "tags")
    options = {name: details[name] for name in names if details.get(name) is not None}
    return ModelCreate(
        name=details.get("model_name") or f"{details['model_module']} {details['documents_tag']}",
        allow_all_applications=bool(details.get("allow_all_applications")),
        **options,
    )
