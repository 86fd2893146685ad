"""Files on their way from LEIA: in blocks, counted, and checked.

Nothing is held in memory but a block of 1 MiB. A file that arrives is written beside
its target under a name of its own and put in place only when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from leia_nb.api.paths import cannot_write, part_path, require_folder_of
from leia_nb.errors import DamagedTransfer, LeiaError
from leia_nb.records.progress import counter

if TYPE_CHECKING:
    from leia_nb.transport.session import Session
    from leia_nb.transport.streams import Stream

_TRIES = 5
_PAUSE = 0.2


@dataclass(frozen=True)
class Download:
    """A file to fetch.

    Parameters
    ----------
    operation : str
        LEIA's name of the operation that answers with it.
    values : mapping
        Its parameters.
    name : str
        What to call it in the bar and in messages.
    size : int, optional
        How many bytes it must have, if that is known.
    md5sum : str, optional
        Its MD5 in hexadecimal digits, if that is known.
    check : callable, optional
        Takes the whole file, open, and says what is wrong with it, None if nothing.
    """

    operation: str
    values: Mapping[str, Any]
    name: str
    size: int | None = None
    md5sum: str | None = None
    check: Callable[[IO[bytes]], str | None] | None = None


def fetch_to(session: Session, wanted: Download, target: Path, *, progress: bool = True) -> Path:
    """Fetch a file and put it in place when it is whole.

    Parameters
    ----------
    session : Session
        Where to fetch it from.
    wanted : Download
        What to fetch.
    target : pathlib.Path
        Where to put it; a file there is replaced.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    pathlib.Path
        The target.

    Raises
    ------
    InvalidInput
        If the target's folder does not exist, or the file cannot be written there.
    DamagedTransfer
        If size or md5 are wrong, also the second time.
    LeiaError
        If LEIA refuses, or the line breaks again and again.
    """
    require_folder_of(target)
    part = part_path(target)
    try:
        with part.open("x+b") as file:
            fetch(session, wanted, file, progress=progress)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except LeiaError:  # some are OSErrors too
        raise
    except OSError as error:
        raise cannot_write(target, error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def fetch(session: Session, wanted: Download, file: IO[bytes], *, progress: bool = True) -> None:
    """Fetch a file into an open one; it goes on where a broken connection stopped it.

    Parameters and errors are those of `fetch_to`; `file` is empty and can be sought.
    """
    with counter(wanted.size, wanted.name, progress=progress, in_bytes=True) as bar:
        for last in (False, True):
            damage = _Fetching(session, wanted, file, bar).run()
            if damage is None:
                return
            if last:
                raise DamagedTransfer(f"{wanted.name}: {damage}. It was fetched twice; try later.")
            bar.reset()


class _Fetching:
    """One file being fetched, over as many connections as it takes."""

    def __init__(self, session: Session, wanted: Download, file: IO[bytes], bar: Any) -> None:
        self._session = session
        self._wanted = wanted
        self._file = file
        self._bar = bar
        self._restart()

    def run(self) -> str | None:
        """Fetch it all; return what is wrong with it, None if nothing."""
        failures = 0
        while True:
            before = self._got
            try:
                return self._once()
            except LeiaError as error:
                failures = failures + 1 if self._got <= before else 1
                if not error.retryable or failures >= _TRIES:
                    raise
            time.sleep(_PAUSE * 2**failures)

    def _restart(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._got = 0

    def _once(self) -> str | None:
        resume = self._got > 0 and self._wanted.md5sum is not None
        headers = {"Range": f"bytes={self._got}-"} if resume else {}
        with self._session.stream(
            self._wanted.operation, self._wanted.values, headers=headers
        ) as answer:
            if not (resume and _goes_on_at(answer, self._got)):
                self._bar.update(-self._got)
                self._restart()
            length = _length(answer)
            total = None if length is None else self._got + length
            if total is not None:
                self._bar.total = total
            for block in answer.blocks():
                self._file.write(block)
                self._md5.update(block)
                self._got += len(block)
                self._bar.update(len(block))
            return self._damage(total, "Transfer-Encoding" in answer.headers)

    def _damage(self, announced: int | None, chunked: bool) -> str | None:
        wanted, got = self._wanted, self._got
        if announced is not None and got != announced:
            return f"{got} bytes came, but {announced} were announced"
        if wanted.size is not None and got != wanted.size:
            return f"{got} bytes came, but LEIA keeps {wanted.size}"
        if wanted.md5sum and wanted.md5sum.lower() != self._md5.hexdigest():
            return f"the md5 is {self._md5.hexdigest()}, but LEIA keeps {wanted.md5sum}"
        if wanted.check is not None:
            return wanted.check(self._file)
        if announced is None and not chunked and not wanted.md5sum:
            return "it came without its length, so that it may be cut off"
        return None


def damage_of_zip(file: IO[bytes]) -> str | None:
    """Say what is wrong with a zip, every member's checksum included; None if nothing."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            bad = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        return f"it is no whole zip ({error})"
    finally:
        file.seek(0, os.SEEK_END)
    return None if bad is None else f"{bad!r} in it is damaged"


def _goes_on_at(answer: Stream, place: int) -> bool:
    described = answer.headers.get("Content-Range", "")
    return answer.status == 206 and described.startswith(f"bytes {place}-")


def _length(answer: Stream) -> int | None:
    length = answer.headers.get("Content-Length", "")
    encoded = answer.headers.get("Content-Encoding", "identity") != "identity"
    return int(length) if length.isdigit() and not encoded else None
