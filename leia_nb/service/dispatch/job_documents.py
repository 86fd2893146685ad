"""Which documents a job works on, when it starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leia_nb.api import page_range
from leia_nb.enums import JobType, ResultType
from leia_nb.service import queue
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.documents import find_own, tagged_ids
from leia_nb.service.storage.job_inputs import input_document
from leia_nb.service.storage.tables import Document, Job
from leia_nb.service.trainers import InputDocument

_GIVEN = "given_document_ids"
_MADE = (ResultType.DOCUMENT, ResultType.DOCUMENTS)


class CannotStart(Exception):
    """A job that fails before it reaches a worker; its text is the reason."""


def input_documents(session: Session, blobs: Blobs, job: Job) -> list[InputDocument]:
    """Return what a claimed job works on.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Any session.
    blobs : Blobs
        Where the files are.
    job : Job
        The claimed row; its `document_ids` become those that it really processes, and
        its `request` keeps the ones given.

    Returns
    -------
    list of InputDocument
        At least one, each once, in their order.

    Raises
    ------
    CannotStart
        If there is none, or one is gone.
    """
    given: list[str] = job.request.get(_GIVEN, job.document_ids)
    pages = list(dict.fromkeys(_pages(session, job, given)))
    chosen = job.request.get("page_range")
    if chosen is not None:
        pages = [pages[number] for number in page_range.select(chosen, len(pages))]
    if not pages:
        raise CannotStart(_nothing(job, given, chosen))
    if pages != given:
        job.document_ids = pages
        job.request = {**job.request, _GIVEN: given}
    rows = find_own(session, job.application_id, pages)
    return [_input(blobs, rows, page) for page in pages]


def _pages(session: Session, job: Job, given: list[str]) -> Sequence[str]:
    tag = job.request.get("tag")
    if tag is not None:
        return _tagged(session, job, given, tag)
    in_a_rule = job.parent_job_id is not None
    if job.execute_after_id is None or (in_a_rule and given):
        return given
    before = session.get(Job, job.execute_after_id)
    if before is None:
        return []
    made = _made_by(session, before)
    if made is not None:
        return made
    wants_the_same = in_a_rule or job.request.get("page_range") is not None
    return _worked_on(session, before) if wants_the_same else given


def _made_by(session: Session, job: Job) -> list[str] | None:
    """Return the documents that a job made, in their order; None if it makes none."""
    if job.job_type == JobType.CONDITIONAL:
        made = [_made_by(session, last) for last in _last_jobs(session, job)]
        if all(some is None for some in made):
            return None
        return [one for some in made for one in some or []]
    if job.result_type not in _MADE:
        return None
    documents: list[Any] = job.result if isinstance(job.result, list) else [job.result]
    return [str(document["id"]) for document in documents]


def _worked_on(session: Session, job: Job) -> list[str]:
    if job.job_type != JobType.CONDITIONAL:
        return job.document_ids
    return [one for last in _last_jobs(session, job) for one in last.document_ids]


def _last_jobs(session: Session, conditional: Job) -> list[Job]:
    return [jobs[-1] for jobs in queue.rule_jobs(session, conditional).values()]


def _tagged(session: Session, job: Job, given: list[str], tag: str) -> Sequence[str]:
    if not given and job.parent_job_id is not None:
        ids = _of_waited_for(session, job)
        return tagged_ids(session, job.application_id, tag, ids=ids, original_ids=ids)
    if len(given) != 1:
        raise CannotStart(
            f"tag needs exactly one document id, the original's, but there are {len(given)}. "
            "Give one, or leave tag out."
        )
    return tagged_ids(session, job.application_id, tag, original_ids=given)


def _of_waited_for(session: Session, job: Job) -> set[str]:
    """Return the documents that the waited-for job worked on or made."""
    waited_for = session.get(Job, job.request["tagged_from"])
    if waited_for is None:
        return set()
    given = waited_for.request.get(_GIVEN, ())
    return {*waited_for.document_ids, *given, *(_made_by(session, waited_for) or ())}


def _nothing(job: Job, given: list[str], chosen: str | None) -> str:
    tag = job.request.get("tag")
    if chosen is not None:
        return (
            f"page_range {chosen!r} picks none of the pages of the job {job.execute_after_id}. "
            "Pages are counted from 0."
        )
    if tag is not None:
        origin = given[0] if given else f"those of the job {job.request['tagged_from']}"
        return (
            f"No document made from {origin} has the tag {tag!r}. "
            "Tag the documents to process, or leave tag out."
        )
    if job.execute_after_id is not None:
        return f"The job {job.execute_after_id} before left no document to process."
    return "There are no documents to process. Submit the job again with document_ids."


def _input(blobs: Blobs, rows: dict[str, Document], document_id: str) -> InputDocument:
    row = rows.get(document_id)
    if row is None:
        raise CannotStart(
            f"The document {document_id} was deleted or expired before the job started. "
            "Upload it again, or submit the job without it."
        )
    return input_document(blobs, row)
