"""Documents: changing what was said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from leia_nb.service.storage import documents, tables
from leia_nb.service.storage.mime import extension_of

_FULL_TURN = 360


@dataclass(frozen=True)
class DocumentChanges:
    """What an edit changes; None leaves a field as it is.

    Parameters
    ----------
    filename : str or None
        The new name; the extension follows it, the media type stays.
    rotation_angle : int or None
        Degrees; it is kept as 0 to 359, so -90 becomes 270. The bytes stay as they are.
    ttl : int or None
        Seconds from now, at least 60; negative = never.
    """

    filename: str | None = None
    rotation_angle: int | None = None
    ttl: int | None = None


def edit_document(session: Session, row: tables.Document, changes: DocumentChanges) -> None:
    """Change a document; the expiration moves along for everything made from it.

    Raises
    ------
    Refusal
        400 ``invalid_parameter``.
    """
    if changes.filename is not None:
        row.filename = documents.clean_filename(changes.filename)
        row.extension = extension_of(row.filename)
    if changes.rotation_angle is not None:
        row.rotation_angle = changes.rotation_angle % _FULL_TURN
    if changes.ttl is not None:
        _expire(session, row, changes.ttl)
    session.flush()


def _expire(session: Session, row: tables.Document, ttl: int) -> None:
    time = None
    if ttl >= 0:
        time = tables.now() + timedelta(seconds=documents.check_ttl(ttl))
    document = tables.Document
    for chunk in documents.chunks(documents.with_made_from(session, [row.id])):
        session.execute(update(document).where(document.id.in_(chunk)).values(expiration_time=time))
