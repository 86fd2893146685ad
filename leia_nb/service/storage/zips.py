"""Documents packed into one zip, which is made while it is sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

BLOCK = 1024 * 1024
_FIRST_YEAR = 1980  # a zip knows no earlier time


@dataclass(frozen=True)
class Packed:
    """One file of a zip.

    Parameters
    ----------
    path : pathlib.Path
        Where its bytes are.
    name : str
        Its name in the zip.
    size : int
        Its length in bytes.
    time : datetime.datetime
        When it was made.
    """

    path: Path
    name: str
    size: int
    time: datetime


def zip_blocks(files: Iterable[Packed]) -> Iterator[bytes]:
    """Make a zip block by block; it needs neither memory nor disk for the whole.

    A file that is gone when its turn comes is left out.

    Parameters
    ----------
    files : iterable of Packed
        The files, each under a name of its own.

    Returns
    -------
    iterator of bytes
        The zip, in blocks of about 1 MiB.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for packed in files:
            with suppress(FileNotFoundError):
                yield from _pack(archive, sink, packed)
    yield sink.taken()


def distinct(names: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """Tell names apart that are the same, in any case of letters, by numbers.

    Parameters
    ----------
    names : iterable of (str, str or None)
        File names, with their extensions.

    Examples
    --------
    >>> list(distinct([("a.txt", "txt"), ("A.txt", "txt"), ("a (2).txt", "txt"), ("b", None)]))
    ['a.txt', 'A (2).txt', 'a (2) (2).txt', 'b']
    """
    used: dict[str, int] = {}
    for name, extension in names:
        stem, dot, ending = name.rpartition(".") if extension else (name, "", "")
        number = used.get(name.casefold(), 0)
        told = name
        while told.casefold() in used:
            number += 1
            told = f"{stem} ({number}){dot}{ending}"
        used[name.casefold()] = max(number, 1)
        used.setdefault(told.casefold(), 1)
        yield told


def _pack(archive: zipfile.ZipFile, sink: _Sink, packed: Packed) -> Iterator[bytes]:
    with packed.path.open("rb") as file:
        entry = zipfile.ZipInfo(packed.name, _date(packed.time))
        entry.compress_type = archive.compression
        entry.file_size = packed.size
        with archive.open(entry, "w") as member:
            while block := file.read(BLOCK):
                member.write(block)
                if sink.size >= BLOCK:
                    yield sink.taken()


def _date(time: datetime) -> tuple[int, int, int, int, int, int]:
    year = max(time.year, _FIRST_YEAR)
    return year, time.month, time.day, time.hour, time.minute, time.second


class _Sink(io.RawIOBase):
    """What a zip is written to: it cannot go back, and gives away what it has."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(memoryview(data))  # type: ignore[arg-type]
        self._parts.append(part)
        self.size += len(part)
        return len(part)

    def taken(self) -> bytes:
        parts, self._parts, self.size = self._parts, [], 0
        return b"".join(parts)
