"""Annotations: adding them to documents, finding, changing and deleting them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from leia_nb.service.api_errors import ApiError, not_yours, unknown
from leia_nb.service.schemas.filters import AnnotationQuery
from leia_nb.service.schemas.requests import AnnotationCreate
from leia_nb.service.storage import documents, listing
from leia_nb.service.storage.tables import Annotation, AnnotationTag
from leia_nb.service.storage.tags import unique_tags

_ONLY_OWN = (
    "Annotations exist only for an application's own documents: check the id, or log in as the "
    "application that owns the document."
)


def list_annotations(
    session: Session, max_limit: int, query: AnnotationQuery, owner_id: str
) -> listing.Page[Annotation]:
    """Return a page of an application's annotations; 404 if none match and an id is unknown."""
    columns = ("annotation_type", "name", "document_id")
    conditions = listing.matching(Annotation, query, *columns, id="annotation_id")
    conditions.append(Annotation.application_id == owner_id)
    page = listing.fetch(session, Annotation, conditions, query, max_limit)
    if not page.total:
        if query.annotation_id is not None:
            require_own(session, owner_id, query.annotation_id)
        if query.document_id is not None:
            documents.require_own(session, owner_id, query.document_id)
    return page


def add_annotation(
    session: Session, owner_id: str, document_id: str, request: AnnotationCreate, prediction: Any
) -> Annotation:
    """Add an annotation to a document of the same application; 404 if there is none."""
    if documents.own_document(session, owner_id, document_id) is None:
        raise unknown("document", document_id, _ONLY_OWN, "document_id")
    row = Annotation(
        application_id=owner_id,
        document_id=document_id,
        annotation_type=request.annotation_type,
        name=request.name,
        prediction=prediction,
        tag_rows=[AnnotationTag(tag=tag) for tag in unique_tags(request.tags)],
    )
    session.add(row)
    session.flush()
    return row


def require_own(
    session: Session, owner_id: str, annotation_id: str, *, forbids: bool = False
) -> Annotation:
    """Return an annotation of the application.

    A missing one, or one whose document has expired, is refused with 404; another
    application's with 404 or, with `forbids`, 403.
    """
    row = session.get(Annotation, annotation_id)
    if row is None or not documents.exists(session, row.document_id):
        raise _unknown(annotation_id)
    if row.application_id == owner_id:
        return row
    if forbids:
        raise not_yours("annotation", annotation_id, "annotation_id")
    raise _unknown(annotation_id)


def edit_annotation(session: Session, row: Annotation, prediction: Any, name: str | None) -> None:
    """Change the prediction and, unless None, the name; an empty name removes it."""
    row.prediction = prediction
    if name is not None:
        row.name = name or None
    session.flush()


def _unknown(annotation_id: str) -> ApiError:
    return unknown(
        "annotation",
        annotation_id,
        "It never existed, was deleted by itself or with its document, or belongs to another "
        "application.",
        "annotation_id",
    )
