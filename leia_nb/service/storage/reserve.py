"""A reserve of disk space, so that requests that make room still work on a full disk.

Logging in and deleting write to the database, and so need space. The reserve is a file that
is deleted when the disk is nearly full, and written again when there is room. A quota does
not show in the free space of the disk, only when a write fails.
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

    >>> reserve = Reserve(tmp_path / "reserve")
    >>> reserve.balance()
    >>> (tmp_path / "reserve").stat().st_size == SIZE
    True
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_full = False

    def balance(self) -> None:
        """Release the reserve if less than 1 MiB is free; create it if there is room."""
        with suppress(OSError):  # the next write tries again
            free = shutil.disk_usage(self._path.parent).free
            if self._path.exists():
                if free < _LOW:
                    self._path.unlink()
            elif free > 2 * SIZE:
                self._create()

    def release_if_full(self) -> bool:
        """Release the reserve if 1 MiB cannot be written; return whether that is so."""
        try:
            with tempfile.TemporaryFile(dir=self._path.parent) as file:
                _fill(file, _LOW)
        except OSError as error:
            if not is_full(error):
                return False
            self._is_full = True
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            return True
        return False

    def available_to_files(self, free: int) -> int:
        """Return how many of the free bytes files may use; none if negative."""
        if self._path.exists():
            return free
        return min(free - SIZE, -1) if self._is_full else free - SIZE

    def _create(self) -> None:
        part = self._path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                _fill(file, 2 * SIZE)
                file.truncate(SIZE)
                os.fsync(file.fileno())
            part.replace(self._path)
            self._is_full = False
        except OSError as error:
            self._is_full = is_full(error)
            raise
        finally:
            part.unlink(missing_ok=True)


def _fill(file: IO[bytes], size: int) -> None:
    for _ in range(size // len(_BLOCK)):
        file.write(_BLOCK)
    file.flush()
