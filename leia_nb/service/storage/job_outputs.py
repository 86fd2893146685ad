"""The documents that jobs make: kept all together with their job's end, or not at all.

Their files become blobs first, without holding the database; then their rows are written
in the transaction that ends the job. If that does not come about, the blobs are deleted
again; what a crash leaves is swept at the next start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from leia_nb.service.schemas.types import check_filename, check_tag
from leia_nb.service.storage import tables
from leia_nb.service.storage.blobs import Blobs, delete_on_rollback
from leia_nb.service.storage.documents import find_own
from leia_nb.service.storage.mime import extension_of, mime_type_of
from leia_nb.service.storage.tags import unique_tags
from leia_nb.service.trainers import MadeFile
from leia_nb.service.worker import OutputFile

_LONGEST_NAME = 255
_RESULT = ".result.json"


class SourceGone(Exception):
    """A document that others were made from was deleted meanwhile.

    Parameters
    ----------
    document_id : str
        Which one.
    """

    def __init__(self, document_id: str) -> None:
        super().__init__(document_id)
        self.document_id = document_id


@dataclass(frozen=True)
class Kept:
    """A document whose file is a blob already, and whose row is still to be written.

    Parameters
    ----------
    id : str
        The id of the blob and of the row to come.
    made : OutputFile
        What it is.
    mime_type : str
        Its media type.
    """

    id: str
    made: OutputFile
    mime_type: str


@dataclass
class Sources:
    """What those documents hand on that others are made from.

    Parameters
    ----------
    rows : dict of str to tables.Document
        The documents that the job worked on, by id.
    """

    rows: dict[str, tables.Document] = field(default_factory=dict)

    def root(self, source_id: str | None) -> str | None:
        """Return the uploaded document behind a source; of all if None, if it is one."""
        roots = {row.original_id or row.id for row in self._of(source_id)}
        return roots.pop() if len(roots) == 1 else None

    def unsaid(self, source_id: str | None) -> set[str]:
        """Return the documents behind a source, or behind all, that `root` does not tell."""
        rows = self._of(source_id)
        behind = {name for row in rows for name in (row.id, row.original_id) if name is not None}
        return behind - {self.root(source_id)}

    def expiration_time(self, source_id: str | None) -> datetime | None:
        """Return when a source expires; of all the earliest if None."""
        times = [row.expiration_time for row in self._of(source_id)]
        return min((time for time in times if time is not None), default=None)

    def _of(self, source_id: str | None) -> Iterable[tables.Document]:
        return self.rows.values() if source_id is None else [self.rows[source_id]]


def read_sources(session: Session, application_id: str, document_ids: Sequence[str]) -> Sources:
    """Return the documents that a job worked on, as far as others can be made from them.

    Raises
    ------
    SourceGone
        If one was deleted or has expired since the job began.
    """
    found = find_own(session, application_id, document_ids)
    for identifier in document_ids:
        if identifier not in found:
            raise SourceGone(identifier)
    return Sources({identifier: found[identifier] for identifier in document_ids})


@contextmanager
def keeping(blobs: Blobs, documents: Sequence[OutputFile]) -> Iterator[list[Kept]]:
    """Make files blobs; they are deleted again should the block end with an exception.

    Parameters
    ----------
    blobs : Blobs
        Where they go.
    documents : sequence of Made
        The files, which the worker has brought to the disk; they are moved away.

    Raises
    ------
    OSError
        If one cannot be kept, e.g. because the disk is full; then none is.
    """
    kept: list[Kept] = []
    try:
        for made in documents:
            identifier = tables.new_id()
            kept.append(Kept(identifier, made, _mime_type(made.file)))
            blobs.adopt(made.file.path, identifier, is_one_of_many=True)
        blobs.settle()
        yield kept
    except BaseException:
        for one in kept:
            blobs.delete(one.id)
        raise


def add_rows(
    session: Session,
    application_id: str,
    kept: Sequence[Kept],
    sources: Sources,
    tags: Sequence[str] = (),
) -> list[tables.Document]:
    """Write the rows of documents whose files are kept.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        The writing session that ends the job.
    application_id : str
        Their owner.
    kept : sequence of Kept
        The documents.
    sources : Sources
        What they were made from: they get its root as `original_id`, and expire with it.
    tags : sequence of str
        Tags for each, beside its own.

    Returns
    -------
    list of tables.Document
        The rows, flushed, in the same order.
    """
    rows = [_row(application_id, one, sources, tags) for one in kept]
    session.add_all(rows)
    session.flush()
    session.add_all(
        tables.DocumentSource(document_id=one.id, source_id=behind)
        for one in kept
        for behind in sorted(sources.unsaid(one.made.file.source_id))
    )
    session.flush()
    return rows


def save_result(
    session: Session, blobs: Blobs, folder: Path, sources: Sources, result: Any
) -> tables.Document:
    """Keep a job's result as a JSON document, too, made from what the job worked on.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
        The writing session that ends the job; the blob goes again if it is rolled back.
    blobs : Blobs
        Where the file goes.
    folder : pathlib.Path
        The work folder.
    sources : Sources
        What the job worked on; the document is called after the first.
    result : object
        The result as JSON.

    Returns
    -------
    tables.Document
        The row.
    """
    first, *others = sources.rows.values()
    contents = json.dumps(result, indent=1, ensure_ascii=False).encode()
    name = first.filename[: _LONGEST_NAME - len(_RESULT)] + _RESULT
    source_id, page = (None, None) if others else (first.id, first.page)
    file = MadeFile(folder / _RESULT, name, "application/json", source_id, page)
    file.path.write_bytes(contents)
    digest = hashlib.md5(contents, usedforsecurity=False).hexdigest()
    kept = Kept(tables.new_id(), OutputFile(file, digest, len(contents)), "application/json")
    delete_on_rollback(session, blobs, kept.id)
    blobs.adopt(file.path, kept.id)
    return add_rows(session, first.application_id, [kept], sources)[0]


def _row(application_id: str, kept: Kept, sources: Sources, tags: Sequence[str]) -> tables.Document:
    file = kept.made.file
    name = check_filename(file.filename)
    own: dict[str, Any] = {"page": file.page, "rotation_angle": file.rotation_angle}
    return tables.Document(
        id=kept.id,
        application_id=application_id,
        creation_time=tables.now(),
        expiration_time=sources.expiration_time(file.source_id),
        filename=name,
        extension=extension_of(name),
        mime_type=kept.mime_type,
        md5sum=kept.made.md5sum,
        size=kept.made.size,
        original_id=sources.root(file.source_id),
        tag_rows=[
            tables.DocumentTag(tag=check_tag(tag)) for tag in unique_tags([*tags, *file.tags])
        ],
        **own,
    )


def _mime_type(file: MadeFile) -> str:
    return file.mime_type or mime_type_of(file.path, file.filename)
