"""Documents: listing them, finding one or several, and tagging all that match."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import func, insert, literal, or_, select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import ApiError, not_yours, unknown
from leia_nb.service.schemas.filters import DocumentFilter, DocumentQuery
from leia_nb.service.storage import listing
from leia_nb.service.storage.applications import require_application
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.tables import Document, DocumentSource, DocumentTag, now
from leia_nb.service.storage.tags import ids_with_tag
from leia_nb.service.storage.zips import ZipEntry, unique_names

_CHUNK = 500
# the columns with the id of a document, and of one that it was made from
SOURCES = (
    (Document.id, Document.original_id),
    (DocumentSource.document_id, DocumentSource.source_id),
)
_T = TypeVar("_T")


def list_documents(
    session: Session, max_limit: int, query: DocumentQuery, owner_id: str | None
) -> listing.Page[Document]:
    """Return a page of an application's documents, or (None) of all; see `check_ids`."""
    conditions = _conditions(query, owner_id)
    page = listing.fetch(session, Document, conditions, query, max_limit)
    if not page.total:
        check_ids(session, query, owner_id)
    return page


def zip_entries(
    session: Session, blobs: Blobs, query: DocumentFilter, owner_id: str | None
) -> list[ZipEntry]:
    """Return the zip entries of all documents that match, by id."""
    names = ("id", "filename", "extension", "size", "creation_time")
    columns = select(*(getattr(Document, name) for name in names)).order_by(Document.id)
    rows = session.execute(columns.where(*_conditions(query, owner_id))).all()
    unique = unique_names((row.filename, row.extension) for row in rows)
    return [
        ZipEntry(blobs.path(row.id), name, row.size, row.creation_time)
        for row, name in zip(rows, unique, strict=True)
    ]


def list_tags(session: Session, owner_id: str | None) -> list[str]:
    """Return the tags of an application's documents, or (None) of all documents, sorted."""
    return list(
        session.scalars(
            select(DocumentTag.tag)
            .join(Document, Document.id == DocumentTag.document_id)
            .where(*_owned_by(owner_id))
            .distinct()
            .order_by(DocumentTag.tag)
        )
    )


def tag_all(session: Session, query: DocumentFilter, owner_id: str | None, tag: str) -> None:
    """Give every document that matches a tag, in one statement."""
    matching = select(Document.id, literal(tag)).where(
        *_conditions(query, owner_id), Document.id.not_in(ids_with_tag(Document, tag))
    )
    session.execute(insert(DocumentTag).from_select(["document_id", "tag"], matching))


def check_ids(session: Session, query: DocumentFilter, owner_id: str | None) -> None:
    """Refuse ids of what does not exist (404), or of another application's documents (403)."""
    if owner_id is not None:
        require_application(session, owner_id)
    for field in ("document_id", "original_id"):
        if (document_id := getattr(query, field)) is not None:
            _check_id(session, owner_id, document_id, field)


def tagged(owner_id: str, tag: str) -> list[listing.Condition]:
    """Return the conditions that a document is the application's and has a tag."""
    return [*_owned_by(owner_id), Document.id.in_(ids_with_tag(Document, tag))]


def not_expired() -> listing.Condition:
    """Return the condition that a document has not expired."""
    return or_(Document.expiration_time.is_(None), Document.expiration_time > now())


def own_document(session: Session, owner_id: str, document_id: str) -> Document | None:
    """Return a document of the application, or None."""
    return find_own(session, owner_id, [document_id]).get(document_id)


def find_own(session: Session, owner_id: str, document_ids: Sequence[str]) -> dict[str, Document]:
    """Return those of the documents, by id, that the application owns and that still exist."""
    return {
        row.id: row
        for chunk in chunks(document_ids)
        for row in session.scalars(
            select(Document).where(
                Document.id.in_(chunk), Document.application_id == owner_id, not_expired()
            )
        )
    }


def require_own(
    session: Session, owner_id: str, document_id: str, *, forbids: bool = False
) -> Document:
    """Return a document of the application.

    A missing one is refused with 404; another application's with 404 or, with `forbids`, 403.
    """
    ids = [document_id]
    return require_own_all(session, owner_id, ids, forbids=forbids, field="document_id")[0]


def require_own_all(
    session: Session,
    owner_id: str,
    document_ids: Sequence[str],
    *,
    forbids: bool = False,
    field: str = "document_ids",
) -> list[Document]:
    """Return the application's documents of these ids, in their order; see `require_own`."""
    rows = find_own(session, owner_id, document_ids)
    for document_id in document_ids:
        if document_id not in rows:
            raise _missing(session, owner_id, document_id, field, forbids=forbids)
    return [rows[document_id] for document_id in document_ids]


def exists(session: Session, document_id: str) -> bool:
    """Return whether a document of this id exists, whoever owns it."""
    query = select(Document.id).where(Document.id == document_id, not_expired())
    return session.scalar(query) is not None


def check_exists(session: Session, owner_id: str | None, document_id: str) -> None:
    """Refuse with 404 a document that does not exist or is another application's."""
    if owner_id is not None:
        require_own(session, owner_id, document_id)
    elif not exists(session, document_id):
        raise unknown_document(document_id, "document_id")


def made_from(session: Session, owner_id: str, original_id: str, tag: str) -> list[Document]:
    """Return the application's documents with a tag that were made from another one, by page."""
    ids = tagged_ids(session, owner_id, tag, original_ids=[original_id])
    return require_own_all(session, owner_id, ids)


def tagged_ids(
    session: Session,
    owner_id: str,
    tag: str,
    *,
    ids: Collection[str] = (),
    original_ids: Collection[str] = (),
) -> list[str]:
    """Return which of an application's documents, named or made from those named, have a tag."""
    return list(
        session.scalars(
            select(Document.id)
            .where(or_(Document.id.in_(ids), Document.original_id.in_(original_ids)))
            .where(Document.application_id == owner_id, not_expired())
            .where(Document.id.in_(ids_with_tag(Document, tag)))
            .order_by(Document.page, Document.id)
        )
    )


def with_made_from(session: Session, document_ids: Iterable[str]) -> list[str]:
    """Return ids of documents, and of everything made from them in any number of steps."""
    ids: dict[str, None] = {}
    newest = list(document_ids)
    while newest:
        ids.update(dict.fromkeys(newest))
        newest = [i for i in _made_directly_from(session, newest) if i not in ids]
    return list(ids)


def unknown_document(document_id: str, field: str) -> ApiError:
    """Return the 404 for a document that does not exist."""
    return unknown(
        "document",
        document_id,
        "It never existed, has expired, was deleted, or belongs to another application.",
        field,
    )


def chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Split items into parts that one statement can name."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def _owned_by(owner_id: str | None) -> list[listing.Condition]:
    owned = [] if owner_id is None else [Document.application_id == owner_id]
    return [not_expired(), *owned]


def _conditions(query: DocumentFilter, owner_id: str | None) -> list[listing.Condition]:
    columns = ("filename", "mime_type", "original_id")
    conditions = listing.matching(Document, query, *columns, id="document_id")
    if query.extension is not None:
        conditions.append(Document.extension == query.extension.removeprefix(".").lower())
    return [*_owned_by(owner_id), *conditions]


def _check_id(session: Session, owner_id: str | None, document_id: str, field: str) -> None:
    owner_of_id = select(Document.application_id).where(Document.id == document_id, not_expired())
    owner = session.scalar(owner_of_id)
    if owner is None:
        # a deleted original still counts while a document made from it exists
        derived = (*_owned_by(owner_id), Document.original_id == document_id)
        query = select(Document.id).where(*derived).limit(1)
        if field == "document_id" or session.scalar(query) is None:
            raise unknown_document(document_id, field)
    elif owner_id not in (None, owner):
        raise not_yours("document", document_id, field)


def _made_directly_from(session: Session, sources: list[str]) -> list[str]:
    ids: dict[str, None] = {}
    for chunk in chunks(sources):
        for made_id, source_id in SOURCES:
            query = select(made_id).where(source_id.in_(chunk)).order_by(made_id)
            ids.update(dict.fromkeys(session.scalars(query)))
    return list(ids)


def _missing(
    session: Session, owner_id: str, document_id: str, field: str, *, forbids: bool
) -> ApiError:
    if forbids and exists(session, document_id):
        return not_yours("document", document_id, field)
    count = select(func.count()).select_from(Document).where(*tagged(owner_id, document_id))
    if number := session.scalar(count):
        which = "1 document" if number == 1 else f"{number} documents"
        advice = f"It is a tag of {which}: leia.documents.list(tags=[{document_id!r}])."
        return unknown("document", document_id, advice, field)
    return unknown_document(document_id, field)
