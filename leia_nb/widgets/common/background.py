"""Work that a widget does in a thread, so that the kernel is not blocked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress


class Background:
    """Work that runs in a thread, and once more if it is requested while it is running.

    Several requests during a run cause one more run: so the last reading of a listing always
    uses the newest filters. Exceptions of the work are ignored.

    Examples
    --------
    >>> done = []
    >>> background = Background(lambda: done.append(1), "example")
    >>> background.request()
    >>> background.wait()
    >>> done
    [1]
    """

    def __init__(self, work: Callable[[], None], name: str) -> None:
        self._work = work
        self._name = name
        self._lock = threading.Lock()
        self._requested = False
        self._idle = threading.Event()
        self._idle.set()

    def request(self) -> None:
        """Run the work soon."""
        with self._lock:
            self._requested = True
            if not self._idle.is_set():
                return
            self._idle.clear()
        in_thread(self._run, name=self._name)

    def wait(self) -> None:
        """Wait until no run is requested or under way."""
        self._idle.wait()

    def _run(self) -> None:
        while self._take_request():
            with suppress(Exception):  # `wait` must return whatever happens
                self._work()

    def _take_request(self) -> bool:
        with self._lock:
            requested, self._requested = self._requested, False
            if not requested:
                self._idle.set()
            return requested


class Repeater:
    """A thread that repeats some work.

    `work` returns the seconds until the next run, or None to stop; it must not raise.
    """

    def __init__(self, work: Callable[[], float | None], name: str) -> None:
        self._work = work
        self._name = name
        self._stop: threading.Event | None = None
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether the work is being repeated."""
        return self._stop is not None and not self._stop.is_set()

    def start(self) -> None:
        """Start repeating, unless it is running already."""
        with self._lock:
            if not self.is_running:
                self._stop = threading.Event()
                in_thread(self._run, self._stop, name=self._name)

    def stop(self) -> None:
        """Stop after the run under way, without waiting for it."""
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


def in_thread(work: Callable[..., object], *arguments: object, name: str) -> threading.Thread:
    """Start a daemon thread, so that the kernel is not blocked."""
    thread = threading.Thread(target=work, args=arguments, name=name, daemon=True)
    thread.start()
    return thread
