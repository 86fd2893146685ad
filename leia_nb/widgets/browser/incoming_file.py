"""A file on its way from the browser, and one that has come."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ReceivedFile:
    """A file that has come from the browser.

    Parameters
    ----------
    name : str
        What it is called there.
    path : pathlib.Path
        Where it lies now; removed when the area is closed.
    size : int
        Its bytes.
    md5sum : str
        MD5 in hexadecimal digits.
    number : int
        Its place among the files of its area, in the order they were dropped.
    """

    name: str
    path: Path
    size: int
    md5sum: str
    number: int


class IncomingFile:
    """A file of which not all has come yet.

    Parameters
    ----------
    name : str
        What it is called in the browser.
    size : int
        Bytes that will come.
    folder : pathlib.Path
        Where to write them.
    number : int
        Its place among the files of its area.

    Attributes
    ----------
    there : int
        Bytes that have come.
    asked : bool
        Whether the browser has been asked for it.
    """

    def __init__(self, name: str, size: int, folder: Path, number: int) -> None:
        self.name = name
        self.size = size
        self.number = number
        self.there = 0
        self.asked = False
        self._path = folder / f"file-{number}"
        self._path.touch()
        self._md5 = hashlib.md5(usedforsecurity=False)

    def add(self, piece: bytes) -> None:
        """Write the next piece; the file is not kept open, for there may be hundreds."""
        with self._path.open("ab") as opened:
            opened.write(piece)
        self._md5.update(piece)
        self.there += len(piece)

    def finish(self) -> ReceivedFile:
        """Return the whole file."""
        return ReceivedFile(self.name, self._path, self.there, self._md5.hexdigest(), self.number)

    def stop(self) -> None:
        """Throw away what has come."""
        self._path.unlink(missing_ok=True)
