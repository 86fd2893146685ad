"""From a job's row to the order that a worker gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leia_nb import page_range
from leia_nb.enums import FormatType, JobType, ModelType
from leia_nb.service.modules import InputDocument, accepts
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.models import visible_model
from leia_nb.service.storage.tables import Document, DocumentTag, Job, Model
from leia_nb.service.storage.training_set import full_name, training_documents
from leia_nb.service.worker import Order, PredictOrder, TrainOrder

_GIVEN = "given_document_ids"
_AT_ONCE = 500


class CannotStart(Exception):
    """A job that fails before it reaches a worker; its text is the reason."""


def prepare(session: Session, blobs: Blobs, folder: Path, job: Job) -> Order:
    """Return the order for a claimed job.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Any session.
    blobs : Blobs
        Where the files are.
    folder : pathlib.Path
        The work folder of this attempt.
    job : Job
        The claimed row; its `document_ids` become those that it really processes, and
        its `request` keeps the ones given.

    Returns
    -------
    Order
        What the worker is told.

    Raises
    ------
    CannotStart
        If there is nothing to process, or not what the model reads.
    """
    if job.job_type == JobType.TRAIN:
        return _training(session, blobs, folder, job)
    if job.job_type == JobType.PREDICT:
        return _application(session, blobs, folder, job)
    raise CannotStart(f"This service cannot do jobs of the type {job.job_type!r}.")


def _training(session: Session, blobs: Blobs, folder: Path, job: Job) -> TrainOrder:
    tag = job.request["documents_tag"]
    documents = training_documents(session, blobs, job.application_id, tag)
    if not documents:
        raise CannotStart(
            f"No documents have the tag {tag!r} any more. Tag some, then train again."
        )
    job.document_ids = [document.id for document in documents]
    return TrainOrder(
        job_id=job.id,
        attempt=job.attempt,
        folder=folder,
        model_module=job.request["model_module"],
        documents=tuple(documents),
        model_params=job.request.get("model_params") or {},
    )


def _application(session: Session, blobs: Blobs, folder: Path, job: Job) -> PredictOrder:
    model = visible_model(session, job.application_id, job.model_id or "")
    if model is None:
        raise CannotStart(
            f"The model {job.model_id} is deleted, or no longer open to this application. "
            "List the models to see which there are."
        )
    wants_category = job.request.get("format_type") == FormatType.CLASSIFICATION
    if wants_category and model.model_type != ModelType.CLASSIFICATION:
        raise CannotStart(f"The model {model.id} is no classifier; leave format_type out.")
    documents = _documents(session, blobs, job)
    _check_kinds(model, documents)
    return PredictOrder(
        job_id=job.id,
        attempt=job.attempt,
        folder=folder,
        model_id=model.id,
        model_file=blobs.path(model.id),
        ttl=model.ttl,
        documents=tuple(documents),
        classification=wants_category,
        model_params=job.request.get("model_params") or {},
    )


def _documents(session: Session, blobs: Blobs, job: Job) -> list[InputDocument]:
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
    rows = _rows(session, job.application_id, pages)
    return [_input(blobs, rows, page) for page in pages]


def _pages(session: Session, job: Job, given: list[str]) -> list[str]:
    tag = job.request.get("tag")
    if tag is not None:
        return _tagged(session, job.application_id, given, tag)
    if job.execute_after_id is None:
        return given
    before = session.get(Job, job.execute_after_id)
    made = _documents_in(before.result) if before else []
    if made or before is None:
        return made
    return given if job.request.get("page_range") is None else before.document_ids


def _documents_in(result: Any) -> list[str]:
    """Return the ids in a result of the type ``document`` or ``list[document]``."""
    items = result if isinstance(result, list) else [result]
    if items and all(isinstance(item, dict) and "filename" in item for item in items):
        return [str(item["id"]) for item in items]
    return []


def _tagged(session: Session, application_id: str, given: list[str], tag: str) -> list[str]:
    if len(given) != 1:
        raise CannotStart(
            f"tag needs exactly one document id, the original's, but there are {len(given)}. "
            "Give one, or leave tag out."
        )
    return list(
        session.scalars(
            select(Document.id)
            .join(DocumentTag, DocumentTag.document_id == Document.id)
            .where(Document.original_id == given[0], Document.application_id == application_id)
            .where(DocumentTag.tag == tag)
            .order_by(Document.page, Document.id)
        )
    )


def _nothing(job: Job, given: list[str], chosen: str | None) -> str:
    tag = job.request.get("tag")
    if chosen is not None:
        return (
            f"page_range {chosen!r} picks none of the pages of the job {job.execute_after_id}. "
            "Pages are counted from 0."
        )
    if tag is not None:
        return (
            f"No document made from {given[0]} has the tag {tag!r}. "
            "Tag the documents to process, or leave tag out."
        )
    return "There are no documents to process. Submit the job again with document_ids."


def _rows(session: Session, application_id: str, ids: list[str]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        rows = session.scalars(
            select(Document).where(Document.id.in_(some), Document.application_id == application_id)
        )
        found.update({row.id: row for row in rows})
    return found


def _input(blobs: Blobs, rows: dict[str, Document], document_id: str) -> InputDocument:
    row = rows.get(document_id)
    if row is None:
        raise CannotStart(
            f"The document {document_id} was deleted or expired before the job started. "
            "Upload it again, or submit the job without it."
        )
    name = full_name(row.filename, row.extension)
    return InputDocument(row.id, blobs.path(row.id), name, row.mime_type)


def _check_kinds(model: Model, documents: list[InputDocument]) -> None:
    for document in documents:
        if not accepts(model.input_types, document.mime_type):
            raise CannotStart(
                f"The {document.label} is {document.mime_type}, but the model {model.id} reads "
                f"{', '.join(model.input_types)}. Leave it out, or use another model."
            )
