"""Which documents a job works on, when it starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leia_nb.api import page_range
from leia_nb.enums import JobType, ResultType
from leia_nb.service.queue import conditionals
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.documents import find_own, tagged_ids
from leia_nb.service.storage.job_inputs import input_document
from leia_nb.service.storage.tables import Job
from leia_nb.service.trainers import InputDocument

_REQUESTED = "given_document_ids"  # where the request of a job keeps its first document_ids
_DOCUMENTS = (ResultType.DOCUMENT, ResultType.DOCUMENTS)


class CannotStart(Exception):
    """A job that fails before it reaches a worker; its text is the reason."""


def input_documents(session: Session, blobs: Blobs, job: Job) -> list[InputDocument]:
    """Return what a claimed job works on: at least one document, in order, without duplicates.

    The job's `document_ids` become the ones returned; its `request` keeps the first ones.
    """
    requested: list[str] = job.request.get(_REQUESTED, job.document_ids)
    ids = list(dict.fromkeys(_document_ids(session, job, requested)))
    pages = job.request.get("page_range")
    if pages is not None:
        ids = [ids[number] for number in page_range.select(pages, len(ids))]
    if not ids:
        raise CannotStart(_no_documents(job, requested, pages))
    if ids != requested:
        job.document_ids = ids
        job.request = {**job.request, _REQUESTED: requested}
    rows = find_own(session, job.application_id, ids)
    if missing := [document_id for document_id in ids if document_id not in rows]:
        raise CannotStart(
            f"The document {missing[0]} was deleted or expired before the job started. "
            "Upload it again, or submit the job without it."
        )
    return [input_document(blobs, rows[document_id]) for document_id in ids]


def _document_ids(session: Session, job: Job, requested: list[str]) -> Sequence[str]:
    tag = job.request.get("tag")
    if tag is not None:
        return _tagged(session, job, requested, tag)
    is_rule_job = job.parent_job_id is not None
    if job.execute_after_id is None or (is_rule_job and requested):
        return requested
    previous = session.get(Job, job.execute_after_id)
    if previous is None:
        return []
    made = _made_by(session, previous)
    if made is not None:
        return made
    if is_rule_job or job.request.get("page_range") is not None:
        return [i for last in _last_jobs(session, previous) for i in last.document_ids]
    return requested


def _made_by(session: Session, job: Job) -> list[str] | None:
    """Return the documents that a job made, in order; None if it does not make documents."""
    last_jobs = _last_jobs(session, job)
    results: list[Any] = [last.result for last in last_jobs if last.result_type in _DOCUMENTS]
    lists = [result if isinstance(result, list) else [result] for result in results]
    return [str(document["id"]) for made in lists for document in made] if lists else None


def _last_jobs(session: Session, job: Job) -> list[Job]:
    """Return the last job of each rule of a conditional job; of another type the job itself."""
    if job.job_type != JobType.CONDITIONAL:
        return [job]
    return [jobs[-1] for jobs in conditionals.rule_jobs(session, job).values()]


def _tagged(session: Session, job: Job, requested: list[str], tag: str) -> Sequence[str]:
    if not requested and job.parent_job_id is not None:
        ids = _of_waited_for(session, job)
        return tagged_ids(session, job.application_id, tag, ids=ids, original_ids=ids)
    if len(requested) != 1:
        raise CannotStart(
            f"tag requires exactly one document ID, that of the original; got {len(requested)}. "
            "Pass one document ID, or leave tag out."
        )
    return tagged_ids(session, job.application_id, tag, original_ids=requested)


def _of_waited_for(session: Session, job: Job) -> set[str]:
    """Return the documents that the waited-for job processed or made."""
    waited_for = session.get(Job, job.request["tagged_from"])
    if waited_for is None:
        return set()
    requested = waited_for.request.get(_REQUESTED, ())
    return {*waited_for.document_ids, *requested, *(_made_by(session, waited_for) or ())}


def _no_documents(job: Job, requested: list[str], pages: str | None) -> str:
    tag = job.request.get("tag")
    if pages is not None:
        return (
            f"page_range {pages!r} selects none of the pages of the job {job.execute_after_id}. "
            "Pages are counted from 0."
        )
    if tag is not None:
        original = requested[0] if requested else f"those of the job {job.request['tagged_from']}"
        return (
            f"No document made from {original} has the tag {tag!r}. "
            "Tag the documents to process, or leave tag out."
        )
    if job.execute_after_id is not None:
        return (
            f"The previous job {job.execute_after_id} produced no documents to process. "
            "Submit this job again with document_ids."
        )
    return "No documents to process. Submit the job again with document_ids."
