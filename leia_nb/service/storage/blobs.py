"""Blobs: the files behind documents and models, each named by the id of its row.

A file is first an upload, then adopted under its id, and only then gets its row; a
row is deleted before its blob. A crash in between leaves a file without a row, which
`Blobs.sweep` removes at the next start, and never a row without its file.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from leia_nb.service.storage.reserve import Reserve
from leia_nb.service.storage.tables import Document, Model

_INCOMING = "incoming"


class Blobs:
    """The files of one data folder.

    Parameters
    ----------
    root : pathlib.Path
        The folder; it is made when missing.
    reserve : Reserve or None
        The space that is not for files.

    Examples
    --------
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
        """Return where the blob of this id is, or would be."""
        return self.root / identifier

    def new_upload(self) -> Path:
        """Return the path of a new temporary file, on the blobs' own file system."""
        return self.root / _INCOMING / f"{secrets.token_hex(12)}.part"

    def free_bytes(self) -> int:
        """Return how many bytes the blobs' file system still takes of files; none if negative."""
        free = shutil.disk_usage(self.root).free
        return free if self._reserve is None else self._reserve.left_for_files(free)

    def release_reserve(self) -> None:
        """Give the reserve up if there is no room, however many bytes seem to be free."""
        if self._reserve is not None:
            self._reserve.release_if_full()

    def adopt(self, temporary: Path, identifier: str, *, is_one_of_many: bool = False) -> None:
        """Make a complete file the blob of this id, in one step and for good.

        Parameters
        ----------
        temporary : pathlib.Path
            The file; it is moved away. From another file system it is copied first.
        identifier : str
            The id of the row that will own it.
        is_one_of_many : bool
            Whether the caller has brought the file to the disk already, and will call
            `settle` after the last of them.

        Raises
        ------
        OSError
            If the file cannot be moved, e.g. because the disk is full.
        """
        if not is_one_of_many:
            sync_file(temporary)
        try:
            temporary.replace(self.path(identifier))
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self._adopt_copy(temporary, identifier)
        if not is_one_of_many:
            self.settle()

    def settle(self) -> None:
        """Bring the names of the blobs adopted to the disk itself."""
        _sync_folder(self.root)

    def delete(self, identifier: str) -> None:
        """Delete the blob of this id; one that is absent or in use is left to `sweep`."""
        with suppress(FileNotFoundError, PermissionError):
            self.path(identifier).unlink()

    def sweep(self, known: Container[str]) -> int:
        """Delete unfinished uploads and every blob whose id is not known.

        Only right when nothing else uses the folder: at the start of the service.

        Parameters
        ----------
        known : container of str
            The ids of all rows that own a blob.

        Returns
        -------
        int
            How many files were deleted.
        """
        leftovers = [p for p in self.root.iterdir() if p.is_file() and p.name not in known]
        leftovers += [p for p in (self.root / _INCOMING).iterdir() if p.is_file()]
        for path in leftovers:
            with suppress(FileNotFoundError, PermissionError):
                path.unlink()
        return len(leftovers)

    def _adopt_copy(self, temporary: Path, identifier: str) -> None:
        near = self.new_upload()
        try:
            shutil.copyfile(temporary, near)
            sync_file(near)
            near.replace(self.path(identifier))
        except BaseException:
            near.unlink(missing_ok=True)
            raise
        temporary.unlink(missing_ok=True)


def referenced_ids(session: Session) -> set[str]:
    """Return the ids of all rows that own a blob."""
    return {row_id for table in (Document, Model) for row_id in session.scalars(select(table.id))}


def delete_on_rollback(session: Session, blobs: Blobs, identifier: str) -> None:
    """Delete a blob just adopted should its row not be committed after all."""

    def undo(_session: Session) -> None:
        blobs.delete(identifier)

    event.listen(session, "after_rollback", undo, once=True)


def delete_on_commit(session: Session, blobs: Blobs, identifiers: list[str]) -> None:
    """Delete blobs as soon as the deletion of their rows is committed, and only then."""

    def finish(_session: Session) -> None:
        for identifier in identifiers:
            blobs.delete(identifier)

    event.listen(session, "after_commit", finish, once=True)


def sync_file(path: Path) -> None:
    """Bring a file's bytes to the disk itself."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    with suppress(OSError):  # Windows opens no folder; its rename is durable enough
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
