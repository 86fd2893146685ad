"""Annotations: adding them to documents, finding, changing and tagging them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from leia_nb.service.api_errors import ApiError, not_yours, unknown
from leia_nb.service.storage import documents, tables
from leia_nb.service.storage.tags import clean_tags


@dataclass(frozen=True)
class AnnotationDraft:
    """What the caller says of a new annotation.

    Parameters
    ----------
    application_id : str
        The application that will own it.
    document_id : str
        The document it is about, of the same application.
    annotation_type : str
        ``BOX``, ``TEXT``, ``TYPING`` or ``REF``.
    prediction : object
        Free JSON.
    name : str or None
        A name.
    tags : tuple of str
        Its tags.
    """

    application_id: str
    document_id: str
    annotation_type: str
    prediction: Any
    name: str | None = None
    tags: tuple[str, ...] = ()


_ONLY_OWN = (
    "Annotations exist only for an application's own documents: check the id, or log in as the "
    "application that owns the document."
)


def add_annotation(session: Session, draft: AnnotationDraft) -> tables.Annotation:
    """Add an annotation to a document of the same application.

    Raises
    ------
    ApiError
        404 ``unknown_document`` or 400 ``invalid_parameter``.
    """
    if documents.own_document(session, draft.application_id, draft.document_id) is None:
        raise unknown("document", draft.document_id, _ONLY_OWN, "document_id")
    row = tables.Annotation(
        id=tables.new_id(),
        application_id=draft.application_id,
        document_id=draft.document_id,
        annotation_type=draft.annotation_type,
        name=draft.name,
        prediction=draft.prediction,
        tag_rows=[tables.AnnotationTag(tag=tag) for tag in clean_tags(draft.tags)],
    )
    session.add(row)
    session.flush()
    return row


def require_own(
    session: Session, owner_id: str, annotation_id: str, *, forbids: bool = False
) -> tables.Annotation:
    """Return an annotation of the application.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Any session.
    owner_id : str
        The application.
    annotation_id : str
        The annotation.
    forbids : bool
        Whether another application's annotation is refused with 403, not as unknown.

    Raises
    ------
    ApiError
        404 ``unknown_annotation``, also when its document has expired; 403 ``not_yours``.
    """
    row = session.get(tables.Annotation, annotation_id)
    if row is None or not documents.exists(session, row.document_id):
        raise _unknown(annotation_id)
    if row.application_id == owner_id:
        return row
    if forbids:
        raise not_yours("annotation", annotation_id, "annotation_id")
    raise _unknown(annotation_id)


def change(session: Session, row: tables.Annotation, prediction: Any, name: str | None) -> None:
    """Change what an annotation says; the name too unless it is None, and empty takes it away."""
    row.prediction = prediction
    if name is not None:
        row.name = name or None
    session.flush()


def _unknown(annotation_id: str) -> ApiError:
    return unknown(
        "annotation",
        annotation_id,
        "It was never there, was deleted with its document or by itself, or belongs to another "
        "application.",
        "annotation_id",
    )
