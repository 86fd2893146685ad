"""Annotations: adding them to documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

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


def add_annotation(session: Session, draft: AnnotationDraft) -> tables.Annotation:
    """Add an annotation to a document of the same application.

    Raises
    ------
    Refusal
        404 ``unknown_document`` or 400 ``invalid_parameter``.
    """
    documents.require_own(session, draft.application_id, draft.document_id)
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
