"""Documents: adding, finding, tagging and deleting them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, delete, insert, literal, or_, select
from sqlalchemy.orm import Session

from leia_nb.service.refusals import bad, unknown
from leia_nb.service.storage import tables
from leia_nb.service.storage.blobs import Blobs, delete_on_commit, delete_on_rollback
from leia_nb.service.storage.mime import extension_of, mime_type_of
from leia_nb.service.storage.tags import check_tag, clean_tags, has_control

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
    Refusal
        400 ``invalid_parameter``.
    """
    clean_filename(filename)
    clean_tags(tags)
    if ttl is not None and ttl < SHORTEST_TTL:
        raise bad(
            "invalid_parameter",
            f"A document's ttl is at least {SHORTEST_TTL} seconds; {ttl} is too short.",
            "ttl",
        )


def clean_filename(filename: str) -> str:
    """Return the file's own name, without folders.

    Raises
    ------
    Refusal
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
    Refusal
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


def require_own(session: Session, owner_id: str, document_id: str) -> tables.Document:
    """Return a document of the application, or refuse with 404 ``unknown_document``."""
    row = own_document(session, owner_id, document_id)
    if row is None:
        raise _unknown(document_id, "document_id")
    return row


def require_own_all(
    session: Session, owner_id: str, document_ids: list[str]
) -> list[tables.Document]:
    """Return the application's documents of these ids, in their order.

    Raises
    ------
    Refusal
        404 ``unknown_document`` naming the first that is not there.
    """
    found: dict[str, tables.Document] = {}
    for chunk in _chunks(document_ids):
        statement = select(tables.Document).where(
            tables.Document.id.in_(chunk), tables.Document.application_id == owner_id, alive()
        )
        found.update((row.id, row) for row in session.scalars(statement))
    for identifier in document_ids:
        if identifier not in found:
            raise _unknown(identifier, "document_ids")
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


def tag_document(session: Session, row: tables.Document, tag: str) -> None:
    """Give a document a tag; one that it has already stays."""
    if check_tag(tag) not in [t.tag for t in row.tag_rows]:
        row.tag_rows = sorted([*row.tag_rows, tables.DocumentTag(tag=tag)], key=lambda t: t.tag)
        session.flush()


def untag_document(session: Session, row: tables.Document, tag: str) -> None:
    """Take a tag from a document; one that it has not is no error."""
    row.tag_rows = [t for t in row.tag_rows if t.tag != tag]
    session.flush()


def tag_matching(session: Session, conditions: list[ColumnElement[bool]], tag: str) -> None:
    """Give every document for which all conditions hold a tag, in one statement."""
    check_tag(tag, "tag_result")
    carrying = select(tables.DocumentTag.document_id).where(tables.DocumentTag.tag == tag)
    matching = select(tables.Document.id, literal(tag)).where(
        *conditions, tables.Document.id.not_in(carrying)
    )
    session.execute(insert(tables.DocumentTag).from_select(["document_id", "tag"], matching))


def delete_documents(session: Session, blobs: Blobs, document_ids: Iterable[str]) -> list[str]:
    """Delete documents and everything made from them, with annotations and blobs.

    The blobs go once the deletion of the rows is committed.

    Returns
    -------
    list of str
        The ids of all documents deleted.
    """
    doomed: dict[str, None] = {}
    front = list(document_ids)
    while front:
        doomed.update(dict.fromkeys(front))
        front = [i for i in _made_from_any(session, front) if i not in doomed]
    identifiers = list(doomed)
    for chunk in _chunks(identifiers):
        session.execute(delete(tables.Document).where(tables.Document.id.in_(chunk)))
    delete_on_commit(session, blobs, identifiers)
    return identifiers


def delete_expired(session: Session, blobs: Blobs) -> list[str]:
    """Delete every document whose time has come, and everything made from it.

    Returns
    -------
    list of str
        The ids of all documents deleted.
    """
    expires = tables.Document.expiration_time
    expired = session.scalars(select(tables.Document.id).where(expires <= tables.now())).all()
    return delete_documents(session, blobs, expired) if expired else []


def _made_from_any(session: Session, originals: list[str]) -> list[str]:
    found: list[str] = []
    for chunk in _chunks(originals):
        statement = select(tables.Document.id).where(tables.Document.original_id.in_(chunk))
        found.extend(session.scalars(statement))
    return found


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


def _unknown(document_id: str, field: str) -> Exception:
    return unknown(
        "document",
        document_id,
        "It was never there, has expired, was deleted, or belongs to another application.",
        field,
    )
