"""Blobs: the files of documents and models, each named by the id of its row.

A file is first an upload, then becomes a blob, and only then gets its row; a row is deleted
before its blob. A crash in between leaves a file without a row, which `Blobs.sweep` deletes
at the next start, and never a row without its file.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from leia_nb.service.storage.reserve import Reserve
from leia_nb.service.storage.tables import Document, Model

_INCOMING = "incoming"


@dataclass(frozen=True)
class Upload:
    """A file that has been received completely."""

    path: Path  # removed after the request, unless a blob has been made of it
    md5sum: str  # in hexadecimal
    size: int  # in bytes


class Blobs:
    """The files of one data folder; the reserve is not available to them.

    >>> blobs = Blobs(tmp_path / "blobs")
    >>> upload = blobs.new_upload()
    >>> _ = upload.write_bytes(b"hello")
    >>> blobs.adopt(upload, "65f0c0ffee65f0c0ffee0001")
    >>> blobs.path("65f0c0ffee65f0c0ffee0001").read_bytes()
    b'hello'
    """

    def __init__(self, root: Path, reserve: Reserve | None = None) -> None:
        self.root = root
        self._reserve = reserve
        (root / _INCOMING).mkdir(parents=True, exist_ok=True)

    def path(self, identifier: str) -> Path:
        """Return the path of the blob of this id."""
        return self.root / identifier

    def new_upload(self) -> Path:
        """Return the path of a new temporary file, on the file system of the blobs."""
        return self.root / _INCOMING / f"{secrets.token_hex(12)}.part"

    def free_bytes(self) -> int:
        """Return how many bytes are available to files; none if negative."""
        free = shutil.disk_usage(self.root).free
        return free if self._reserve is None else self._reserve.available_to_files(free)

    def release_reserve(self) -> None:
        """Release the reserve if the disk is full, however many bytes seem to be free."""
        if self._reserve is not None:
            self._reserve.release_if_full()

    def adopt(self, temporary: Path, identifier: str, *, is_synced: bool = False) -> None:
        """Move a complete file to the blob of this id, atomically and durably.

        For many files, the caller syncs each, and calls `sync_names` after the last one.
        """
        if not is_synced:
            sync_file(temporary)
        try:
            temporary.replace(self.path(identifier))
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self._adopt_copy(temporary, identifier)
        if not is_synced:
            self.sync_names()

    def sync_names(self) -> None:
        """Sync the folder, and with it the names of new blobs, to the disk."""
        _sync_folder(self.root)

    def delete(self, identifier: str) -> None:
        """Delete the blob of this id; `sweep` deletes one that is in use later."""
        with suppress(FileNotFoundError, PermissionError):
            self.path(identifier).unlink()

    def sweep(self, known: Container[str]) -> int:
        """Delete unfinished uploads and blobs with unknown ids; return how many.

        Only at the start of the service, when nothing else uses the folder.
        """
        leftovers = [p for p in self.root.iterdir() if p.is_file() and p.name not in known]
        leftovers += [p for p in (self.root / _INCOMING).iterdir() if p.is_file()]
        for path in leftovers:
            with suppress(FileNotFoundError, PermissionError):
                path.unlink()
        return len(leftovers)

    def _adopt_copy(self, temporary: Path, identifier: str) -> None:
        copy = self.new_upload()
        try:
            shutil.copyfile(temporary, copy)
            sync_file(copy)
            copy.replace(self.path(identifier))
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        temporary.unlink(missing_ok=True)


def referenced_ids(session: Session) -> set[str]:
    """Return the ids of all rows that own a blob."""
    return {row_id for table in (Document, Model) for row_id in session.scalars(select(table.id))}


def delete_on_rollback(session: Session, blobs: Blobs, identifier: str) -> None:
    """Delete a new blob if its row is not committed."""

    def undo(_session: Session) -> None:
        blobs.delete(identifier)

    event.listen(session, "after_rollback", undo, once=True)


def delete_on_commit(session: Session, blobs: Blobs, identifiers: list[str]) -> None:
    """Delete blobs once the deletion of their rows is committed."""

    def finish(_session: Session) -> None:
        for identifier in identifiers:
            blobs.delete(identifier)

    event.listen(session, "after_commit", finish, once=True)


def sync_file(path: Path) -> None:
    """Sync a file's contents to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    with suppress(OSError):  # Windows cannot open a folder; its rename is durable enough
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
