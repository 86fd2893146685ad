"""The documents that a training learns from, out of the rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.documents import alive
from leia_nb.service.storage.tables import Annotation, Document, DocumentTag
from leia_nb.service.trainers import MOST_LEVELS, TrainingDocument, is_deeper

_Said = tuple[str, Any]


def training_documents(
    session: Session, blobs: Blobs, application_id: str, documents_tag: str
) -> list[TrainingDocument]:
    """Return an application's documents with a tag, with what their annotations say.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Any session.
    blobs : Blobs
        Where their bytes are.
    application_id : str
        The application that owns the documents.
    documents_tag : str
        The tag.

    Returns
    -------
    list of TrainingDocument
        By id, each with its annotations from the oldest to the newest.
    """
    owned = Document.application_id == application_id
    tagged = (owned, DocumentTag.tag == documents_tag, alive())
    said = _annotations(session, tagged)
    rows = session.execute(
        select(
            Document.id,
            Document.filename,
            Document.mime_type,
            Document.md5sum,
        )
        .join(DocumentTag, DocumentTag.document_id == Document.id)
        .where(*tagged)
        .order_by(Document.id)
    )
    return [
        TrainingDocument(
            id=row.id,
            path=blobs.path(row.id),
            filename=row.filename,
            mime_type=row.mime_type,
            md5sum=row.md5sum,
            annotations=tuple(said.get(row.id, ())),
        )
        for row in rows
    ]


def _annotations(session: Session, tagged: tuple[Any, ...]) -> dict[str, list[_Said]]:
    rows = session.execute(
        select(Annotation.document_id, Annotation.annotation_type, Annotation.prediction)
        .join(Document, Document.id == Annotation.document_id)
        .join(DocumentTag, DocumentTag.document_id == Document.id)
        .where(*tagged)
        .order_by(Annotation.creation_time, Annotation.id)
    )
    said: dict[str, list[_Said]] = {}
    for document_id, kind, prediction in rows:
        if not is_deeper(prediction, MOST_LEVELS):  # a worker could not be told of it
            said.setdefault(document_id, []).append((kind, prediction))
    return said
