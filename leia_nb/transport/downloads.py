"""Downloads: in blocks of 1 MiB, resumed after a lost connection, and checked."""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from leia_nb.api.paths import atomic_write
from leia_nb.errors import DamagedTransfer, LeiaError
from leia_nb.records.progress import progress_bar

if TYPE_CHECKING:
    from leia_nb.transport.connection import Stream
    from leia_nb.transport.session import Session

_MAX_FAILURES = 5  # in a row, without any progress
_PAUSE = 0.2


@dataclass(frozen=True)
class Download:
    """The operation whose response is the file, and what is known about the file."""

    operation: str
    values: Mapping[str, Any]
    name: str  # in the bar and in messages
    size: int | None = None
    md5sum: str | None = None
    check: Callable[[IO[bytes]], str | None] | None = None  # returns the defect of the file


def download_to(
    session: Session, download: Download, target: Path, *, progress: bool = True
) -> Path:
    """Download to a path, where a file appears only when it is complete."""
    with atomic_write(target) as file:
        download_into(session, download, file, progress=progress)
    return target


def download_into(
    session: Session, download: Download, file: IO[bytes], *, progress: bool = True
) -> None:
    """Download into an empty, seekable file."""
    with progress_bar(download.size, download.name, progress=progress, in_bytes=True) as bar:
        transfer = _Transfer(session, download, file, bar)
        if transfer.run() is None:
            return
        bar.reset()
        transfer.restart()
        if defect := transfer.run():
            raise DamagedTransfer(
                f"{download.name}: {defect}. It was downloaded twice; try again later."
            )


class _Transfer:
    """One download, over as many connections as it takes."""

    def __init__(self, session: Session, download: Download, file: IO[bytes], bar: Any) -> None:
        self._session = session
        self._download = download
        self._file = file
        self._bar = bar
        self.restart()

    def restart(self) -> None:
        """Drop what was received."""
        self._file.seek(0)
        self._file.truncate()
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._received = 0

    def run(self) -> str | None:
        """Receive the whole file; return its defect, None if it is sound."""
        failures = 0
        while True:
            before = self._received
            try:
                return self._receive()
            except LeiaError as error:
                failures = failures + 1 if self._received <= before else 1
                if not error.retryable or failures >= _MAX_FAILURES:
                    raise
            time.sleep(_PAUSE * 2**failures)

    def _receive(self) -> str | None:
        # Without an MD5, parts of two versions of the file could go unnoticed.
        resume = self._received > 0 and self._download.md5sum is not None
        headers = {"Range": f"bytes={self._received}-"} if resume else {}
        download = self._download
        with self._session.stream(download.operation, download.values, headers) as stream:
            if not (resume and _starts_at(stream, self._received)):
                self._bar.update(-self._received)
                self.restart()
            length = _length(stream)
            total = None if length is None else self._received + length
            if total is not None:
                self._bar.total = total
            for block in stream.blocks():
                self._file.write(block)
                self._md5.update(block)
                self._received += len(block)
                self._bar.update(len(block))
            return self._defect(total, "Transfer-Encoding" in stream.headers)

    def _defect(self, announced: int | None, chunked: bool) -> str | None:
        download, received, md5sum = self._download, self._received, self._md5.hexdigest()
        if announced is not None and received != announced:
            return f"received {received} bytes, but {announced} were announced"
        if download.size is not None and received != download.size:
            return f"received {received} bytes, but LEIA stores {download.size}"
        if download.md5sum and download.md5sum.lower() != md5sum:
            return f"its MD5 is {md5sum}, but LEIA stores {download.md5sum}"
        if download.check is not None:
            return download.check(self._file)
        if announced is None and not chunked and not download.md5sum:
            return "it came without its length and may be incomplete"
        return None


def zip_defect(file: IO[bytes]) -> str | None:
    """Return the defect of a zip, the checksums of its members included; None if it is sound."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        return f"it is not a complete zip ({error})"
    finally:
        file.seek(0, os.SEEK_END)
    return None if damaged is None else f"its member {damaged!r} is damaged"


def _starts_at(stream: Stream, position: int) -> bool:
    content_range = stream.headers.get("Content-Range", "")
    return stream.status == 206 and content_range.startswith(f"bytes {position}-")


def _length(stream: Stream) -> int | None:
    length = stream.headers.get("Content-Length", "")
    encoded = stream.headers.get("Content-Encoding", "identity") != "identity"
    return int(length) if length.isdigit() and not encoded else None
