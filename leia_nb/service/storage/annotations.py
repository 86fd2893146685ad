"""Annotations: adding them to documents, finding, changing and deleting them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from leia_nb.service.api_errors import ApiError, not_yours, unknown
from leia_nb.service.storage import documents, listing
from leia_nb.service.storage.tables import Annotation, AnnotationTag, new_id
from leia_nb.service.storage.tags import unique_tags

_ONLY_OWN = (
    "Annotations exist only for an application's own documents: check the id, or log in as the "
    "application that owns the document."
)


@dataclass(frozen=True, kw_only=True)
class AnnotationFilter(listing.Filter):
    """Which annotations of an application to list."""

    application_id: str
    annotation_id: str | None = None
    annotation_type: str | None = None
    name: str | None = None
    document_id: str | None = None

    def conditions(self) -> list[listing.Condition]:
        """Return the conditions that an annotation matches."""
        columns = ("application_id", "annotation_type", "name", "document_id")
        return listing.matching(Annotation, self, *columns, id="annotation_id")

    def check_ids(self, session: Session) -> None:
        """Refuse with 404 ids of what does not exist or is another application's."""
        if self.annotation_id is not None:
            require_own(session, self.application_id, self.annotation_id)
        if self.document_id is not None:
            documents.require_own(session, self.application_id, self.document_id)


@dataclass(frozen=True)
class AnnotationDraft:
    """A new annotation, as the caller describes it."""

    application_id: str  # owns the document, too
    document_id: str
    annotation_type: str
    prediction: Any  # free JSON
    name: str | None = None
    tags: tuple[str, ...] = ()


def list_annotations(
    session: Session, filters: AnnotationFilter, window: listing.Window
) -> listing.Page[Annotation]:
    """Return one page of the annotations that match."""
    return listing.fetch(session, Annotation, filters.conditions(), window)


def add_annotation(session: Session, draft: AnnotationDraft) -> Annotation:
    """Add an annotation to a document of the same application; 404 if there is none."""
    if documents.own_document(session, draft.application_id, draft.document_id) is None:
        raise unknown("document", draft.document_id, _ONLY_OWN, "document_id")
    row = Annotation(
        id=new_id(),
        application_id=draft.application_id,
        document_id=draft.document_id,
        annotation_type=draft.annotation_type,
        name=draft.name,
        prediction=draft.prediction,
        tag_rows=[AnnotationTag(tag=tag) for tag in unique_tags(draft.tags)],
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


def delete_annotation(session: Session, row: Annotation) -> None:
    """Delete an annotation."""
    session.delete(row)


def _unknown(annotation_id: str) -> ApiError:
    return unknown(
        "annotation",
        annotation_id,
        "It never existed, was deleted by itself or with its document, or belongs to another "
        "application.",
        "annotation_id",
    )
