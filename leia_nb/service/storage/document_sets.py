"""Documents, many at once: which ones are meant, and what is done with all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, insert, literal, select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import not_yours
from leia_nb.service.storage import listing
from leia_nb.service.storage.documents import alive, unknown_document
from leia_nb.service.storage.tables import Document, DocumentTag
from leia_nb.service.storage.tags import check_tag


@dataclass(frozen=True)
class DocumentFilter:
    """Which documents are meant; None asks for nothing.

    Parameters
    ----------
    owner_id : str or None
        The application that owns them; None = anybody.
    document_id, original_id : str or None
        The document itself; the document that they were made from.
    filename, extension, mime_type : str or None
        Compared whole; the extension with or without its dot, in any case.
    tags : tuple of str
        They have all of these.
    created_after, created_before : datetime.datetime or None
        ``created_after <= creation_time < created_before``.
    """

    owner_id: str | None
    document_id: str | None = None
    original_id: str | None = None
    filename: str | None = None
    extension: str | None = None
    mime_type: str | None = None
    tags: tuple[str, ...] = ()
    created_after: datetime | None = None
    created_before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions that a document is meant."""
        extension = self.extension and self.extension.removeprefix(".").lower()
        equal = {
            Document.application_id: self.owner_id,
            Document.id: self.document_id,
            Document.filename: self.filename,
            Document.extension: extension,
            Document.mime_type: self.mime_type,
            Document.original_id: self.original_id,
        }
        return [
            alive(),
            *listing.equal(equal),
            *listing.created(Document.creation_time, self.created_after, self.created_before),
            *listing.tagged(Document.id, DocumentTag.document_id, DocumentTag.tag, self.tags),
        ]

    def check_ids(self, session: Session) -> None:
        """Refuse ids of documents that do not exist or are another application's.

        An original that was deleted counts as existing while something made from it does.

        Raises
        ------
        Refusal
            404 ``unknown_document`` or 403 ``not_yours``.
        """
        for field in ("document_id", "original_id"):
            identifier = getattr(self, field)
            if identifier is not None:
                self._check_id(session, identifier, field)

    def _check_id(self, session: Session, identifier: str, field: str) -> None:
        owner = session.scalar(
            select(Document.application_id).where(Document.id == identifier, alive())
        )
        if owner is None and not (field == "original_id" and self._is_origin(session, identifier)):
            raise unknown_document(identifier, field)
        if owner is not None and self.owner_id not in (None, owner):
            raise not_yours("document", identifier, field)

    def _is_origin(self, session: Session, identifier: str) -> bool:
        made = DocumentFilter(self.owner_id, original_id=identifier).conditions()
        return session.scalar(select(Document.id).where(*made).limit(1)) is not None


def tag_matching(session: Session, conditions: list[ColumnElement[bool]], tag: str) -> None:
    """Give every document for which all conditions hold a tag, in one statement."""
    check_tag(tag, "tag_result")
    carrying = select(DocumentTag.document_id).where(DocumentTag.tag == tag)
    matching = select(Document.id, literal(tag)).where(*conditions, Document.id.not_in(carrying))
    session.execute(insert(DocumentTag).from_select(["document_id", "tag"], matching))


def tags_of(session: Session, owner_id: str | None) -> list[str]:
    """Return the tags of an application's documents, or (None) of everybody's, sorted."""
    mine = DocumentFilter(owner_id).conditions()
    statement = (
        select(DocumentTag.tag)
        .join(Document, Document.id == DocumentTag.document_id)
        .where(*mine)
        .distinct()
        .order_by(DocumentTag.tag)
    )
    return list(session.scalars(statement))
