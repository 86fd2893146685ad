"""Files on their way to LEIA: in blocks, counted, and compared with what was stored."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from leia_nb.api.paths import existing
from leia_nb.errors import DamagedTransfer, InvalidInput, LeiaError
from leia_nb.records.progress import counter


class UploadBody:
    """A file that is being sent.

    Parameters
    ----------
    file : binary file
        Where the bytes come from; it can be sought.
    name : str
        What to call it in messages.

    Attributes
    ----------
    on_bytes : callable
        Called with the number of bytes of each block.
    size : int
        Bytes from where the file stood when it was given to its end.
    md5sum : str
        MD5 of what has been sent, in hexadecimal digits.
    failure : LeiaError or None
        Why reading failed, if it did.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name
        self.on_bytes: Callable[[int], object] = lambda _: None
        self._start = file.tell()
        self.size = file.seek(0, os.SEEK_END) - self._start
        self._left = self.size
        self.failure: LeiaError | None = None
        self.rewind()

    def __len__(self) -> int:
        return self.size

    @property
    def md5sum(self) -> str:
        """MD5 of what has been sent."""
        return self._md5.hexdigest()

    def rewind(self) -> None:
        """Start again."""
        self.on_bytes(self._left - self.size)
        self._file.seek(self._start)
        self._left = self.size
        self._md5 = hashlib.md5(usedforsecurity=False)

    def read(self, size: int = -1) -> bytes:
        """Return the next block."""
        if self._left == 0:
            return b""
        try:
            block = self._file.read(min(size, self._left) if size >= 0 else self._left)
        except (OSError, ValueError) as error:
            block, why = b"", f"cannot be read ({error})"
        else:
            why = "became shorter"
        if not block:
            self.failure = InvalidInput(
                f"{self._name} {why} while it was being sent. Nothing was stored; send it again.",
                field="file",
            )
            raise OSError(why)
        self._left -= len(block)
        self._md5.update(block)
        self.on_bytes(len(block))
        return block


@contextmanager
def upload_body(file: Any, name: str, *, progress: bool = True) -> Iterator[UploadBody]:
    """Open what is to be sent, with a bar.

    Parameters
    ----------
    file : path, bytes or binary file object
        What to send. A file object is sent from where it stands.
    name : str
        What to call it in the bar and in messages.
    progress : bool
        Whether to show the bar.

    Yields
    ------
    UploadBody
        The body for `Session.call`.

    Raises
    ------
    InvalidInput
        If it is no file, cannot be read, or is a text file object.
    """
    with _opened(file) as opened:
        sending = UploadBody(opened, name)
        with counter(sending.size, name, progress=progress, in_bytes=True) as bar:
            sending.on_bytes = bar.update
            yield sending


@contextmanager
def _opened(file: Any) -> Iterator[IO[bytes]]:
    if isinstance(file, bytes | bytearray | memoryview):
        yield io.BytesIO(file)
    elif isinstance(file, str | os.PathLike):
        with _open(existing(file)) as opened:
            yield opened
    elif hasattr(file, "read"):
        yield _seekable(file)
    else:
        raise InvalidInput(
            f"file is {type(file).__name__}. Give a path, bytes, or a file opened with mode 'rb'.",
            field="file",
        )


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        why = error.strerror
    raise InvalidInput(f"{path} cannot be read ({why}). Check the file.", field="file")


def _seekable(file: Any) -> IO[bytes]:
    if isinstance(file, io.TextIOBase):
        raise InvalidInput("file is opened as text. Open it with mode 'rb'.", field="file")
    if getattr(file, "closed", False):
        raise InvalidInput("file is closed. Open it again, with mode 'rb'.", field="file")
    if not (hasattr(file, "seekable") and file.seekable()):
        raise InvalidInput(
            "file cannot be sought (a pipe?), so it could not be sent again or measured. "
            "Save it first and give its path.",
            field="file",
        )
    return file  # type: ignore[no-any-return]


def first_bytes(file: Any, count: int) -> bytes:
    """Return the first bytes of what is to be sent, without moving a file object.

    Parameters
    ----------
    file : path, bytes or binary file object
        As for `upload_body`.
    count : int
        How many.
    """
    with _opened(file) as opened:
        place = opened.tell()
        begin = opened.read(count)
        opened.seek(place)
    return begin


def check_stored(sent: UploadBody, size: int | None, md5sum: str | None, what: str) -> None:
    """Compare what LEIA stored with what was sent.

    Raises
    ------
    DamagedTransfer
        If size or md5 differ.
    """
    if size is not None and size != sent.size:
        raise DamagedTransfer(f"LEIA stored {size} bytes of {what}, but {sent.size} were sent.")
    if md5sum and md5sum.lower() != sent.md5sum:
        raise DamagedTransfer(
            f"LEIA stored {what} with md5 {md5sum}, but what was sent has {sent.md5sum}."
        )
