"""Documents: changing what was said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
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
    """Change when a document expires; what was made from it does with the first behind it."""
    time = None
    if ttl >= 0:
        time = tables.now() + timedelta(seconds=documents.check_ttl(ttl))
    made = [one for one in documents.with_made_from(session, [row.id]) if one != row.id]
    behind = _behind(session, made)
    times = {**_times(session, {one for some in behind.values() for one in some}), row.id: time}
    for one in sorted(made):
        known = [ends for source in behind[one] if (ends := times.get(source)) is not None]
        times[one] = min(known, default=None)
    _set_times(session, {one: times[one] for one in (row.id, *made)})


def _behind(session: Session, made: list[str]) -> dict[str, set[str]]:
    """Return the documents from which each of these was made, as far as it is known."""
    document, link = tables.Document, tables.DocumentSource
    found: dict[str, set[str]] = {one: set() for one in made}
    for chunk in documents.chunks(made):
        uploads = select(document.id, document.original_id).where(document.id.in_(chunk))
        others = select(link.document_id, link.source_id).where(link.document_id.in_(chunk))
        for one, source in (*session.execute(uploads), *session.execute(others)):
            found[one].update([source] if source is not None else [])
    return found


def _times(session: Session, ids: set[str]) -> dict[str, datetime | None]:
    document = tables.Document
    found: dict[str, datetime | None] = {}
    for chunk in documents.chunks(sorted(ids)):
        rows = select(document.id, document.expiration_time).where(document.id.in_(chunk))
        found.update((one, time) for one, time in session.execute(rows))
    return found


def _set_times(session: Session, times: dict[str, datetime | None]) -> None:
    document = tables.Document
    for time in set(times.values()):
        for chunk in documents.chunks([one for one in times if times[one] == time]):
            changed = update(document).where(document.id.in_(chunk))
            session.execute(changed.values(expiration_time=time))
