"""Uploads: a file as a request body, read in blocks and compared with what LEIA stored."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from leia_nb.api.paths import as_path, shortened
from leia_nb.errors import DamagedTransfer, InvalidInput, LeiaError
from leia_nb.records.progress import progress_bar

_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]{100,}={0,2}")


class UploadBody:
    """A binary file from its current position to its end; `len()` is its size in bytes."""

    def __init__(self, file: IO[bytes], name: str | None = None) -> None:
        self.name = name  # the file's own name, without folders
        self.failure: LeiaError | None = None  # why reading the file failed
        self._file = file
        self._start = file.tell()
        self._size = file.seek(0, os.SEEK_END) - self._start
        self._left = self._size
        self._on_bytes: Callable[[int], object] = lambda _: None
        self.rewind()

    def __len__(self) -> int:
        return self._size

    def rewind(self) -> None:
        """Start again."""
        self._on_bytes(self._left - self._size)
        self._file.seek(self._start)
        self._left = self._size
        self._md5 = hashlib.md5(usedforsecurity=False)

    def read(self, size: int = -1) -> bytes:
        """Return the next block."""
        if self._left == 0:
            return b""
        try:
            block = self._file.read(min(size, self._left) if size >= 0 else self._left)
        except (OSError, ValueError) as error:
            block, problem = b"", f"cannot be read ({error})"
        else:
            problem = "became shorter"
        if not block:
            self.failure = InvalidInput(
                f"{self.name} {problem} while it was being sent. Nothing was stored; try again.",
                field="file",
            )
            raise OSError(problem)
        self._left -= len(block)
        self._md5.update(block)
        self._on_bytes(len(block))
        return block

    def starts_with(self, prefix: bytes) -> bool:
        """Whether the file starts with these bytes."""
        start = self._file.read(len(prefix))
        self._file.seek(self._start)
        return start == prefix

    @contextmanager
    def progress_bar(self, name: str, *, progress: bool) -> Iterator[None]:
        """Show the bytes sent in a bar."""
        self.name = name
        with progress_bar(self._size, name, progress=progress, in_bytes=True) as bar:
            self._on_bytes = bar.update
            yield

    def check_stored(self, size: int | None, md5sum: str | None, what: str) -> None:
        """Raise `DamagedTransfer` if LEIA stored other bytes than were sent."""
        if size is not None and size != self._size:
            raise DamagedTransfer(
                f"LEIA stored {size} bytes of {what}, but {self._size} were sent."
            )
        if md5sum and md5sum.lower() != self._md5.hexdigest():
            raise DamagedTransfer(
                f"LEIA stored {what} with MD5 {md5sum}, but the MD5 of the sent file is "
                f"{self._md5.hexdigest()}."
            )


@contextmanager
def open_upload(file: Any) -> Iterator[UploadBody]:
    """Open a path, bytes or a binary file object, which is sent from where it stands."""
    if isinstance(file, bytes | bytearray | memoryview):
        yield UploadBody(io.BytesIO(file))
    elif isinstance(file, str | os.PathLike):
        with _open(file) as opened:
            yield UploadBody(opened, Path(file).name)
    elif hasattr(file, "read"):
        name = getattr(file, "name", None)
        yield UploadBody(_seekable(file), Path(name).name if isinstance(name, str) else None)
    else:
        advice = ""
        if isinstance(file, list | tuple | set):
            advice = (
                " Files are sent one at a time; loop over them, e.g. "
                "[leia.documents.upload(file) for file in files]."
            )
        raise InvalidInput(
            "file must be a path, bytes, or a file object opened with mode 'rb', "
            f"got {type(file).__name__}.{advice}",
            field="file",
        )


def _open(path: str | os.PathLike[str]) -> IO[bytes]:
    file = as_path(path, "file")
    try:
        if file.is_dir():
            raise InvalidInput(f"{file} is a folder. Give the path of one file.", field="file")
        if file.is_file():  # opening a named pipe would block
            return file.open("rb")
        problem = f"The file {shortened(file)} does not exist."
    except OSError as error:
        problem = f"The file {shortened(file)} cannot be read ({error.strerror})."
    raise InvalidInput(f"{problem} {_advice(path)}", field="file")


def _advice(path: str | os.PathLike[str]) -> str:
    """Return what to do about a missing file: the path may be the contents themselves."""
    text = str(path)
    if _BASE64.fullmatch(text.strip()):
        return "If it is Base64 and not a path, give base64.b64decode(…) of it."
    if "\n" in text:
        return "If it is the text itself and not a path, give its bytes: text.encode()."
    if "://" in text:
        return "It is a URL: download the file yourself, and give its bytes or its path."
    if re.search("[*?]", text):
        return (
            "Files are sent one at a time. Loop over those that match: "
            f"for file in glob.glob({shortened(Path(path))!r}): …"
        )
    return "Check the path."


def _seekable(file: Any) -> IO[bytes]:
    if isinstance(file, io.TextIOBase):
        problem = "file is open in text mode. Open it with mode 'rb'."
    elif getattr(file, "closed", False):
        problem = "file is closed. Open it again, with mode 'rb'."
    elif not (hasattr(file, "seekable") and file.seekable()):
        problem = "file is not seekable (a pipe?). Save it first and give its path."
    else:
        return file  # type: ignore[no-any-return]
    raise InvalidInput(problem, field="file")
