"""A reserve of disk space, so that a full disk still takes what makes room on it.

Logging in and deleting write to the database, and so need space. The reserve is a file
that is given up when the disk is nearly full, and made again when there is room. A
quota is not seen in what is free on the disk; it shows when something cannot be written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from leia_nb.service.disk_errors import is_full

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
        self._is_tight = False

    def balance(self) -> None:
        """Give the reserve up if there is less than 1 MiB free; make it again if there is room."""
        with suppress(OSError):  # it may be done at the next occasion
            free = shutil.disk_usage(self._path.parent).free
            if self._path.exists():
                if free < _LOW:
                    self._path.unlink()
            elif free > 2 * SIZE:
                self._make()

    def release_if_full(self) -> bool:
        """Give the reserve up if 1 MiB cannot be written, whatever seems to be free.

        Returns
        -------
        bool
            Whether there was no room.
        """
        try:
            with tempfile.TemporaryFile(dir=self._path.parent) as trial:
                _fill(trial, _LOW)
        except OSError as error:
            if not is_full(error):
                return False
            self._is_tight = True
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            return True
        return False

    def left_for_files(self, free: int) -> int:
        """Return how many of the free bytes are for files; none if negative."""
        if self._path.exists():
            return free
        return min(free - SIZE, -1) if self._is_tight else free - SIZE

    def _make(self) -> None:
        part = self._path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                _fill(file, 2 * SIZE)
                file.truncate(SIZE)
                os.fsync(file.fileno())
            part.replace(self._path)
            self._is_tight = False
        except OSError as error:
            self._is_tight = is_full(error)
            raise
        finally:
            part.unlink(missing_ok=True)


def _fill(file: IO[bytes], size: int) -> None:
    for _ in range(size // len(_BLOCK)):
        file.write(_BLOCK)
    file.flush()
