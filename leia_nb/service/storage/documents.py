"""Documents: adding, finding, tagging and deleting them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import ApiError, bad, not_yours, unknown
from leia_nb.service.storage import tables
from leia_nb.service.storage.blobs import Blobs, delete_on_commit, delete_on_rollback
from leia_nb.service.storage.mime import extension_of, mime_type_of
from leia_nb.service.storage.tags import clean_tags, has_control

SHORTEST_TTL = 60
_CHUNK = 500
_LONGEST_NAME = 255


@dataclass(frozen=True)
class DocumentDraft:
    """What the caller says of a new document, and what was measured of its file.

    Parameters
    ----------
    application_id : str
        The application that will own the document.
    filename : str
        Its name; folders in front of it are left out.
    md5sum : str
        MD5 of the file, in hexadecimal.
    size : int
        Length of the file in bytes.
    ttl : int or None
        Seconds, at least 60, after which the document and everything made from it
        are deleted; None = never.
    tags : tuple of str
        Its tags.
    """

    application_id: str
    filename: str
    md5sum: str
    size: int
    ttl: int | None = None
    tags: tuple[str, ...] = ()


def check_draft(filename: str, ttl: int | None, tags: Iterable[str]) -> None:
    """Refuse wrong words about a document before its bytes are read.

    Raises
    ------
    ApiError
        400 ``invalid_parameter``.
    """
    clean_filename(filename)
    clean_tags(tags)
    if ttl is not None:
        check_ttl(ttl)


def check_ttl(ttl: int) -> int:
    """Return the ttl, or refuse one shorter than 60 seconds with 400."""
    if ttl < SHORTEST_TTL:
        raise bad(
            "invalid_parameter",
            f"A document's ttl is at least {SHORTEST_TTL} seconds; {ttl} is too short.",
            "ttl",
        )
    return ttl


def clean_filename(filename: str) -> str:
    """Return the file's own name, without folders.

    Raises
    ------
    ApiError
        400 if it is empty, longer than 255 characters, or holds a control character
        or half a surrogate pair.
    """
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if len(name) > _LONGEST_NAME:
        raise bad(
            "invalid_parameter",
            f"The file name {name[:40]!r}… has {len(name)} characters; it may have at most "
            f"{_LONGEST_NAME}. Shorten it.",
            "filename",
        )
    if name in {"", ".", ".."} or has_control(name):
        raise bad(
            "invalid_parameter",
            f"{filename[:120]!r} is no file name. Give the document a name such as 'page.png'.",
            "filename",
        )
    return name


def add_document(
    session: Session, blobs: Blobs, file: Path, draft: DocumentDraft
) -> tables.Document:
    """Add a document: its file becomes a blob, then its row is written.

    If the session is rolled back afterwards, the blob is deleted again.

    Raises
    ------
    ApiError
        400 ``invalid_parameter``.
    """
    check_draft(draft.filename, draft.ttl, draft.tags)
    name = clean_filename(draft.filename)
    created = tables.now()
    row = tables.Document(
        id=tables.new_id(),
        application_id=draft.application_id,
        creation_time=created,
        expiration_time=created + timedelta(seconds=draft.ttl) if draft.ttl else None,
        filename=name,
        extension=extension_of(name),
        mime_type=mime_type_of(file, name),
        md5sum=draft.md5sum,
        size=draft.size,
        tag_rows=[tables.DocumentTag(tag=tag) for tag in clean_tags(draft.tags)],
    )
    blobs.adopt(file, row.id)
    delete_on_rollback(session, blobs, row.id)
    session.add(row)
    session.flush()
    return row


def alive() -> ColumnElement[bool]:
    """Return the condition that a document has not expired."""
    expires = tables.Document.expiration_time
    return or_(expires.is_(None), expires > tables.now())


def own_document(session: Session, owner_id: str, document_id: str) -> tables.Document | None:
    """Return a document of the application, or None."""
    return session.scalar(
        select(tables.Document).where(
            tables.Document.id == document_id, tables.Document.application_id == owner_id, alive()
        )
    )


def require_own(
    session: Session, owner_id: str, document_id: str, *, forbids: bool = False
) -> tables.Document:
    """Return a document of the application.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        Any session.
    owner_id : str
        The application.
    document_id : str
        The document.
    forbids : bool
        Whether another application's document is refused with 403, not as unknown.

    Raises
    ------
    ApiError
        404 ``unknown_document`` or 403 ``not_yours``.
    """
    row = own_document(session, owner_id, document_id)
    if row is None:
        raise _missing(session, owner_id, document_id, "document_id", forbids=forbids)
    return row


def unknown_document(document_id: str, field: str) -> ApiError:
    """Return the 404 of a document that is not there."""
    return unknown(
        "document",
        document_id,
        "It was never there, has expired, was deleted, or belongs to another application.",
        field,
    )


def _number_tagged(session: Session, owner_id: str, tag: str) -> int:
    carrying = select(tables.DocumentTag.document_id).where(tables.DocumentTag.tag == tag)
    own = tables.Document.application_id == owner_id
    such = select(func.count()).where(own, tables.Document.id.in_(carrying), alive())
    return session.scalar(such) or 0


def exists(session: Session, document_id: str) -> bool:
    """Tell whether there is a document of this id, whoever owns it."""
    found = select(tables.Document.id).where(tables.Document.id == document_id, alive())
    return session.scalar(found) is not None


def require_own_all(
    session: Session, owner_id: str, document_ids: list[str], *, forbids: bool = False
) -> list[tables.Document]:
    """Return the application's documents of these ids, in their order.

    Raises
    ------
    ApiError
        404 ``unknown_document`` naming the first that is not there; with `forbids`, 403
        ``not_yours`` if it is another application's.
    """
    found: dict[str, tables.Document] = {}
    for chunk in chunks(document_ids):
        statement = select(tables.Document).where(
            tables.Document.id.in_(chunk), tables.Document.application_id == owner_id, alive()
        )
        found.update((row.id, row) for row in session.scalars(statement))
    for identifier in document_ids:
        if identifier not in found:
            raise _missing(session, owner_id, identifier, "document_ids", forbids=forbids)
    return [found[identifier] for identifier in document_ids]


def made_from(session: Session, owner_id: str, original_id: str, tag: str) -> list[tables.Document]:
    """Return the documents made from another one that carry a tag, in page order."""
    carrying = select(tables.DocumentTag.document_id).where(tables.DocumentTag.tag == tag)
    return list(
        session.scalars(
            select(tables.Document)
            .where(
                tables.Document.original_id == original_id,
                tables.Document.application_id == owner_id,
                tables.Document.id.in_(carrying),
                alive(),
            )
            .order_by(tables.Document.page, tables.Document.id)
        )
    )


def delete_documents(session: Session, blobs: Blobs, document_ids: Iterable[str]) -> list[str]:
    """Delete documents with their annotations and blobs; what was made from them stays.

    The blobs go once the deletion of the rows is committed.

    Returns
    -------
    list of str
        The ids of all documents deleted.
    """
    identifiers = list(dict.fromkeys(document_ids))
    for chunk in chunks(identifiers):
        session.execute(delete(tables.Document).where(tables.Document.id.in_(chunk)))
    delete_on_commit(session, blobs, identifiers)
    return identifiers


def with_made_from(session: Session, document_ids: Iterable[str]) -> list[str]:
    """Return ids of documents, and of everything made from them in any number of steps."""
    found: dict[str, None] = {}
    front = list(document_ids)
    while front:
        found.update(dict.fromkeys(front))
        front = [i for i in _made_from_any(session, front) if i not in found]
    return list(found)


def delete_expired(session: Session, blobs: Blobs) -> list[str]:
    """Delete every document whose time has come, and everything made from it.

    Returns
    -------
    list of str
        The ids of all documents deleted.
    """
    expires = tables.Document.expiration_time
    expired = session.scalars(select(tables.Document.id).where(expires <= tables.now())).all()
    return delete_documents(session, blobs, with_made_from(session, expired)) if expired else []


def _made_from_any(session: Session, sources: list[str]) -> list[str]:
    found: dict[str, None] = {}
    document, link = tables.Document, tables.DocumentSource
    for chunk in chunks(sources):
        uploads = select(document.id).where(document.original_id.in_(chunk))
        others = select(link.document_id).where(link.source_id.in_(chunk))
        found.update(dict.fromkeys(session.scalars(uploads.order_by(document.id))))
        found.update(dict.fromkeys(session.scalars(others.order_by(link.document_id))))
    return list(found)


def chunks(ids: list[str]) -> list[list[str]]:
    """Return ids in parts that one statement can name."""
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


def _missing(
    session: Session, owner_id: str, document_id: str, field: str, *, forbids: bool
) -> ApiError:
    if forbids and exists(session, document_id):
        return not_yours("document", document_id, field)
    if number := _number_tagged(session, owner_id, document_id):
        which = "1 document" if number == 1 else f"{number} documents"
        advice = f"It is a tag of {which}: leia.documents.list(tags=[{document_id!r}])."
        return unknown("document", document_id, advice, field)
    return unknown_document(document_id, field)
