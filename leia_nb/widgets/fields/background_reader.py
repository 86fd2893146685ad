"""Reading from LEIA in the background, so that a form appears at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from leia_nb.errors import LeiaError
from leia_nb.widgets.common.actions import as_leia_error

_T = TypeVar("_T")

PATIENCE = 10.0
"""Seconds that somebody who needs the answer at once waits for it."""


class BackgroundReader(Generic[_T]):
    """Something that is read in a thread, and read again when asked.

    Parameters
    ----------
    read : callable
        Asks LEIA; its LeiaError is kept, not raised.
    empty : object
        What `value` is until the first answer, and after an error.
    done : callable
        Called after each reading that is not overtaken by a newer one.

    Attributes
    ----------
    error : LeiaError or None
        Why the last reading gave nothing.

    Examples
    --------
    >>> reading = BackgroundReader(lambda: [1, 2], [])
    >>> reading.start()
    >>> reading.value
    [1, 2]
    """

    def __init__(
        self, read: Callable[[], _T], empty: _T, done: Callable[[], None] = lambda: None
    ) -> None:
        self.error: LeiaError | None = None
        self._read = read
        self._empty = self._found = empty
        self._done = done
        self._over = threading.Event()
        self._over.set()
        self._round = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to read, and overtake a reading that is under way."""
        with self._lock:
            self._round += 1
            self._over.clear()
            number = self._round
        thread = threading.Thread(
            target=self._work, args=(number,), name="leia-reading", daemon=True
        )
        thread.start()

    @property
    def busy(self) -> bool:
        """Whether it is being read right now."""
        return not self._over.is_set()

    @property
    def value(self) -> _T:
        """What was read; waits for a reading that is under way, `PATIENCE` at most."""
        if not self._over.wait(PATIENCE):
            self._over.set()
        return self._found

    @property
    def known(self) -> _T:
        """What has been read so far, without waiting."""
        return self._found

    def _work(self, number: int) -> None:
        found, error = self._empty, None
        try:
            found = self._read()
        except LeiaError as caught:
            error = caught
        except Exception as caught:  # a thread that dies in silence would leave the form waiting
            error = as_leia_error(caught)
        with self._lock:
            if number != self._round:
                return
            self._found, self.error = found, error
            self._over.set()
        self._done()
