"""Rows of documents as the worker processes get them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leia_nb.service.json_nesting import MOST_LEVELS, is_deeper
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.documents import tagged
from leia_nb.service.storage.tables import Annotation, Document
from leia_nb.service.trainers import InputDocument, TrainingDocument


def input_document(blobs: Blobs, row: Document) -> InputDocument:
    """Return a document as a model or transform gets it."""
    return InputDocument(
        row.id,
        blobs.path(row.id),
        row.filename,
        row.mime_type,
        original_id=row.original_id,
        page=row.page,
        rotation_angle=row.rotation_angle,
    )


def training_documents(
    session: Session, blobs: Blobs, application_id: str, documents_tag: str
) -> list[TrainingDocument]:
    """Return an application's documents with a tag, by id, with their annotations by time."""
    conditions = tagged(application_id, documents_tag)
    annotations = _annotations(session, conditions)
    columns = select(Document.id, Document.filename, Document.mime_type, Document.md5sum)
    return [
        TrainingDocument(
            id=row.id,
            path=blobs.path(row.id),
            filename=row.filename,
            mime_type=row.mime_type,
            md5sum=row.md5sum,
            annotations=tuple(annotations[row.id]),
        )
        for row in session.execute(columns.where(*conditions).order_by(Document.id))
    ]


def _annotations(session: Session, conditions: list[Any]) -> dict[str, list[tuple[str, Any]]]:
    rows = session.execute(
        select(Annotation.document_id, Annotation.annotation_type, Annotation.prediction)
        .join(Document, Document.id == Annotation.document_id)
        .where(*conditions)
        .order_by(Annotation.creation_time, Annotation.id)
    )
    annotations = defaultdict(list)
    for document_id, annotation_type, prediction in rows:
        if not is_deeper(prediction, MOST_LEVELS):  # cannot be pickled for a worker process
            annotations[document_id].append((annotation_type, prediction))
    return annotations
