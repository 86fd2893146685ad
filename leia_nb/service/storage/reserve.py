"""A reserve of disk space, so that a full disk still takes what makes room on it.

Logging in and deleting write to the database, and so need space. The reserve is a file
that is given up when the disk is nearly full, and made again when there is room.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

SIZE = 4 * 1024 * 1024
_LOW = 1024 * 1024
_BLOCK = bytes(1024 * 1024)


class Reserve:
    """The reserve of one data folder.

    Parameters
    ----------
    path : pathlib.Path
        Its file, in the folder whose disk matters.

    Examples
    --------
    >>> reserve = Reserve(tmp_path / "reserve")
    >>> reserve.balance()
    >>> (tmp_path / "reserve").stat().st_size == SIZE
    True
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def balance(self) -> None:
        """Give the reserve up if there is less than 1 MiB free; make it again if there is room."""
        with suppress(OSError):  # it may be done at the next occasion
            free = shutil.disk_usage(self._path.parent).free
            if self._path.exists():
                if free < _LOW:
                    self._path.unlink()
            elif free > 2 * SIZE:
                self._make()

    def spared(self) -> int:
        """Return how many of the free bytes are not for files, as the reserve was given up."""
        return 0 if self._path.exists() else SIZE

    def _make(self) -> None:
        part = self._path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                for _ in range(SIZE // len(_BLOCK)):
                    file.write(_BLOCK)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        finally:
            part.unlink(missing_ok=True)
