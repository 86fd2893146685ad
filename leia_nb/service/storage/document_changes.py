"""Documents: adding, changing and deleting them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from leia_nb.service.schemas.requests import DocumentCreate, DocumentEdit
from leia_nb.service.storage.blobs import Blobs, Upload, delete_on_commit, delete_on_rollback
from leia_nb.service.storage.documents import SOURCES, chunks, with_made_from
from leia_nb.service.storage.mime import extension_of, mime_type_of
from leia_nb.service.storage.tables import Document, DocumentTag, new_id, now
from leia_nb.service.storage.tags import unique_tags

_FULL_TURN = 360


def add_document(
    session: Session, blobs: Blobs, owner_id: str, request: DocumentCreate, upload: Upload
) -> Document:
    """Add a document: its file becomes a blob, which a rollback deletes again."""
    created = now()
    row = Document(
        id=new_id(),
        application_id=owner_id,
        creation_time=created,
        expiration_time=created + timedelta(seconds=request.ttl) if request.ttl else None,
        filename=request.filename,
        extension=extension_of(request.filename),
        mime_type=mime_type_of(upload.path, request.filename),
        md5sum=upload.md5sum,
        size=upload.size,
        tag_rows=[DocumentTag(tag=tag) for tag in unique_tags(request.tags)],
    )
    blobs.adopt(upload.path, row.id)
    delete_on_rollback(session, blobs, row.id)
    session.add(row)
    session.flush()
    return row


def edit_document(session: Session, row: Document, changes: DocumentEdit) -> None:
    """Change a document; the expiration of everything made from it follows."""
    if changes.filename is not None:
        row.filename = changes.filename
        row.extension = extension_of(row.filename)
    if changes.rotation_angle is not None:
        row.rotation_angle = changes.rotation_angle % _FULL_TURN
    if changes.ttl is not None:
        _set_expiration(session, row, changes.ttl)
    session.flush()
    session.refresh(row)


def delete_documents(session: Session, blobs: Blobs, document_ids: Iterable[str]) -> list[str]:
    """Delete documents with their annotations and, after the commit, their blobs.

    Documents made from them stay. Returns the ids deleted.
    """
    ids = list(dict.fromkeys(document_ids))
    for chunk in chunks(ids):
        session.execute(delete(Document).where(Document.id.in_(chunk)))
    delete_on_commit(session, blobs, ids)
    return ids


def has_expired(session: Session) -> bool:
    """Return whether there is an expired document to delete."""
    return session.scalar(_expired().limit(1)) is not None


def delete_expired(session: Session, blobs: Blobs) -> list[str]:
    """Delete every expired document and everything made from it; return their ids."""
    expired = session.scalars(_expired()).all()
    return delete_documents(session, blobs, with_made_from(session, expired)) if expired else []


def _expired() -> Select[Any]:
    return select(Document.id).where(Document.expiration_time <= now())


def _set_expiration(session: Session, row: Document, ttl: int) -> None:
    """Change when a document expires; what was made from it expires with its first source."""
    expires = now() + timedelta(seconds=ttl) if ttl >= 0 else None
    derived = [
        derived_id for derived_id in with_made_from(session, [row.id]) if derived_id != row.id
    ]
    sources = _sources(session, derived)
    times = {**_expiration_times(session, set().union(*sources.values())), row.id: expires}
    for derived_id in sorted(
        derived
    ):  # ids rise with time: a source comes before what is made of it
        known = [time for source in sources[derived_id] if (time := times.get(source)) is not None]
        times[derived_id] = min(known, default=None)
    changed = [row.id, *derived]
    for time in {times[document_id] for document_id in changed}:
        for chunk in chunks([i for i in changed if times[i] == time]):
            update_time = update(Document).where(Document.id.in_(chunk))
            session.execute(update_time.values(expiration_time=time))


def _sources(session: Session, document_ids: list[str]) -> dict[str, set[str]]:
    """Return, by document, the ids of those it was made from, as far as they are known."""
    sources: dict[str, set[str]] = {document_id: set() for document_id in document_ids}
    for chunk in chunks(document_ids):
        for derived_id, source_id in SOURCES:
            for document_id, source in session.execute(
                select(derived_id, source_id).where(derived_id.in_(chunk), source_id.is_not(None))
            ):
                sources[document_id].add(str(source))
    return sources


def _expiration_times(session: Session, document_ids: set[str]) -> dict[str, datetime | None]:
    columns = select(Document.id, Document.expiration_time)
    return {
        document_id: time
        for chunk in chunks(sorted(document_ids))
        for document_id, time in session.execute(columns.where(Document.id.in_(chunk)))
    }
