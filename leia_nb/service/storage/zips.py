"""A zip of documents, written while it is sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

BLOCK = 1024 * 1024
_FIRST_YEAR = 1980  # the earliest that a zip can store


@dataclass(frozen=True)
class ZipEntry:
    """One file of a zip."""

    path: Path
    name: str
    size: int  # in bytes
    time: datetime


def zip_blocks(entries: Iterable[ZipEntry]) -> Iterator[bytes]:
    """Write a zip in blocks of about 1 MiB; files deleted in the meantime are left out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            with suppress(FileNotFoundError):
                yield from _write(archive, sink, entry)
    yield sink.pop()


def unique_names(names: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """Make file names unique, in any case of letters, by numbers before their extensions.

    >>> list(unique_names([("a.txt", "txt"), ("A.txt", "txt"), ("a (2).txt", "txt"), ("b", None)]))
    ['a.txt', 'A (2).txt', 'a (2) (2).txt', 'b']
    """
    used: dict[str, int] = {}
    for name, extension in names:
        stem, dot, ending = name.rpartition(".") if extension else (name, "", "")
        number = used.get(name.casefold(), 0)
        unique = name
        while unique.casefold() in used:
            number += 1
            unique = f"{stem} ({number}){dot}{ending}"
        used[name.casefold()] = max(number, 1)
        used.setdefault(unique.casefold(), 1)
        yield unique


def _write(archive: zipfile.ZipFile, sink: _Sink, entry: ZipEntry) -> Iterator[bytes]:
    with entry.path.open("rb") as file:
        info = zipfile.ZipInfo(entry.name, _date(entry.time))
        info.compress_type = archive.compression
        info.file_size = entry.size
        with archive.open(info, "w") as member:
            while block := file.read(BLOCK):
                member.write(block)
                if sink.size >= BLOCK:
                    yield sink.pop()


def _date(time: datetime) -> tuple[int, int, int, int, int, int]:
    year = max(time.year, _FIRST_YEAR)
    return year, time.month, time.day, time.hour, time.minute, time.second


class _Sink(io.RawIOBase):
    """A write-only stream that cannot seek, and hands over what was written."""

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

    def pop(self) -> bytes:
        parts, self._parts, self.size = self._parts, [], 0
        return b"".join(parts)
