"""The documents that jobs make: stored together with their job's end, or not at all.

Their files become blobs first, without blocking the database; then their rows are written
in the transaction that ends the job. If that fails, the blobs are deleted again; what a
crash leaves behind is deleted at the next start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from leia_nb.service.schemas.types import MAX_FILENAME, check_filename, check_tag
from leia_nb.service.storage.blobs import Blobs, delete_on_rollback
from leia_nb.service.storage.documents import find_own
from leia_nb.service.storage.mime import extension_of, mime_type_of
from leia_nb.service.storage.tables import Document, DocumentSource, DocumentTag, new_id, now
from leia_nb.service.storage.tags import unique_tags
from leia_nb.service.trainers import OutputDocument
from leia_nb.service.worker.tasks import OutputFile

_RESULT = ".result.json"


class SourceDeleted(Exception):
    """A document that others were made from was deleted or has expired; its text is the id."""


@dataclass(frozen=True)
class StoredFile:
    """A document whose file is a blob already, and whose row is still to be written."""

    id: str
    output: OutputFile
    mime_type: str


@dataclass(frozen=True)
class Sources:
    """The documents that a job worked on, by id: what documents made from them inherit.

    A `source_id` of None stands for all of them.
    """

    rows: dict[str, Document]

    def original_id(self, source_id: str | None) -> str | None:
        """Return the uploaded document behind a source; None if there are several."""
        originals = {row.original_id or row.id for row in self._rows(source_id)}
        return originals.pop() if len(originals) == 1 else None

    def other_ids(self, source_id: str | None) -> set[str]:
        """Return the documents behind a source that are not its `original_id`."""
        rows = self._rows(source_id)
        ids = {row.id for row in rows} | {row.original_id for row in rows if row.original_id}
        return ids - {self.original_id(source_id)}

    def expiration_time(self, source_id: str | None) -> datetime | None:
        """Return when the first source expires."""
        times = [row.expiration_time for row in self._rows(source_id)]
        return min((time for time in times if time is not None), default=None)

    def _rows(self, source_id: str | None) -> Iterable[Document]:
        return self.rows.values() if source_id is None else [self.rows[source_id]]


def read_sources(session: Session, application_id: str, document_ids: Sequence[str]) -> Sources:
    """Return the documents that a job worked on, or raise `SourceDeleted`."""
    rows = find_own(session, application_id, document_ids)
    for document_id in document_ids:
        if document_id not in rows:
            raise SourceDeleted(document_id)
    return Sources({document_id: rows[document_id] for document_id in document_ids})


@contextmanager
def stored_files(blobs: Blobs, outputs: Sequence[OutputFile]) -> Iterator[list[StoredFile]]:
    """Move files, which are synced already, to the blobs; delete them if the block fails."""
    files: list[StoredFile] = []
    try:
        for output in outputs:
            file = output.file
            mime_type = file.mime_type or mime_type_of(file.path, file.filename)
            files.append(StoredFile(new_id(), output, mime_type))
            blobs.adopt(file.path, files[-1].id, is_synced=True)
        blobs.sync_names()
        yield files
    except BaseException:
        for stored in files:
            blobs.delete(stored.id)
        raise


def add_rows(
    session: Session,
    application_id: str,
    files: Sequence[StoredFile],
    sources: Sources,
    tags: Sequence[str] = (),
) -> list[Document]:
    """Write the rows of stored files, with these tags besides their own."""
    rows = [_row(application_id, stored, sources, tags) for stored in files]
    session.add_all(rows)
    session.flush()
    session.add_all(
        DocumentSource(document_id=stored.id, source_id=source_id)
        for stored in files
        for source_id in sorted(sources.other_ids(stored.output.file.source_id))
    )
    session.flush()
    return rows


def save_result(
    session: Session, blobs: Blobs, folder: Path, sources: Sources, result: Any
) -> Document:
    """Store a job's result as a JSON document, too, named after the first source."""
    first, *others = sources.rows.values()
    contents = json.dumps(result, indent=1, ensure_ascii=False).encode()
    name = first.filename[: MAX_FILENAME - len(_RESULT)] + _RESULT
    source_id, page = (None, None) if others else (first.id, first.page)
    file = OutputDocument(folder / _RESULT, name, "application/json", source_id, page)
    file.path.write_bytes(contents)
    digest = hashlib.md5(contents, usedforsecurity=False).hexdigest()
    stored = StoredFile(new_id(), OutputFile(file, digest, len(contents)), "application/json")
    delete_on_rollback(session, blobs, stored.id)
    blobs.adopt(file.path, stored.id)
    return add_rows(session, first.application_id, [stored], sources)[0]


def _row(
    application_id: str, stored: StoredFile, sources: Sources, tags: Sequence[str]
) -> Document:
    file = stored.output.file
    name = check_filename(file.filename)
    return Document(
        id=stored.id,
        application_id=application_id,
        creation_time=now(),
        expiration_time=sources.expiration_time(file.source_id),
        filename=name,
        extension=extension_of(name),
        mime_type=stored.mime_type,
        md5sum=stored.output.md5sum,
        size=stored.output.size,
        original_id=sources.original_id(file.source_id),
        page=file.page,
        rotation_angle=file.rotation_angle,
        tag_rows=[DocumentTag(tag=check_tag(tag)) for tag in unique_tags([*tags, *file.tags])],
    )
