"""Work that a widget does in a thread, so that the kernel stays free."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress


class Background:
    """A piece of work that is done in a thread, and once more whenever it is wanted.

    Wanted again while it is going on, it is done once more afterwards, however often
    it was wanted: so the last reading of a listing always has the newest filters.

    Parameters
    ----------
    work : callable
        The work; what it raises is nobody's to hear.
    name : str
        The thread's name.

    Examples
    --------
    >>> done = []
    >>> background = Background(lambda: done.append(1), "example")
    >>> background.want()
    >>> background.wait()
    >>> done
    [1]
    """

    def __init__(self, work: Callable[[], None], name: str) -> None:
        self._work = work
        self._name = name
        self._lock = threading.Lock()
        self._wanted = False
        self._idle = threading.Event()
        self._idle.set()

    def want(self) -> None:
        """Have the work done soon."""
        with self._lock:
            self._wanted = True
            if not self._idle.is_set():
                return
            self._idle.clear()
        threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def wait(self) -> None:
        """Wait until the work is done as often as it was wanted."""
        self._idle.wait()

    def _run(self) -> None:
        while self._take():
            with suppress(Exception):  # whoever waits must not wait for ever
                self._work()

    def _take(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            if not wanted:
                self._idle.set()
            return wanted


class Beat:
    """A thread that does something again and again, with a pause in between.

    Parameters
    ----------
    work : callable
        What to do; it returns the seconds to pause, None to stop, and must not raise.
    name : str
        The thread's name.
    """

    def __init__(self, work: Callable[[], float | None], name: str) -> None:
        self._work = work
        self._name = name
        self._stop: threading.Event | None = None
        self._lock = threading.Lock()

    @property
    def going(self) -> bool:
        """Whether it goes on."""
        return self._stop is not None and not self._stop.is_set()

    def start(self) -> None:
        """Go on from now; no second thread is started."""
        with self._lock:
            if self.going:
                return
            self._stop = threading.Event()
            arguments = (self._stop,)
        threading.Thread(target=self._run, args=arguments, name=self._name, daemon=True).start()

    def stop(self) -> None:
        """Stop after the piece of work under way; do not wait for it."""
        with self._lock:
            if self._stop is not None:
                self._stop.set()

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            pause = self._work()
            if pause is None:
                stop.set()
            else:
                stop.wait(pause)
