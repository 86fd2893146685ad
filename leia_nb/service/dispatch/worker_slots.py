"""The workers, as slots that take one job at a time.

A slot is an executor with one spawned process, so that one worker can be stopped
without disturbing the others.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TypeVar

from leia_nb.service import worker
from leia_nb.service.worker import Report, Task, TaskResult

_STOP = getattr(signal, "SIGKILL", signal.SIGTERM)
_MOST_SECONDS = 2.0
_T = TypeVar("_T")


class WorkerDied(Exception):
    """The worker process ended before its order was done."""


class WorkerSlot:
    """One worker process, replaced by a new one when it ends.

    Parameters
    ----------
    wake : callable
        Called, from any thread, when there is something to collect.

    Attributes
    ----------
    order : Task or None
        What it works on.
    models : tuple of str
        The ids of the models loaded there.
    pid : int or None
        Its process, as soon as it runs.
    is_alive : bool
        Whether that process runs, or is being started.
    is_retiring : bool
        Whether it is to end when it is idle, see `retire`.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.order: Task | None = None
        self.models: tuple[str, ...] = ()
        self.pid: int | None = None
        self.is_alive = False
        self.is_retiring = False
        self._wake = wake
        self._future: Future[TaskResult] | None = None
        self._reports: deque[Report] = deque()
        self._doomed = False
        self._last: tuple[str | None, int] | None = None
        self._lock = threading.Condition()
        self._open()

    def warm(self) -> None:
        """Start the process in the background and let it import what jobs need."""
        self._executor_submit(worker.warm)

    def submit(self, order: Task) -> None:
        """Give an idle worker an order; a worker that has died meanwhile is replaced."""
        try:
            future = self._executor_submit(worker.run, order)
        except BrokenProcessPool:
            self._replace()
            future = self._executor_submit(worker.run, order)
        self.order = order
        self._future = future
        future.add_done_callback(lambda _: self._wake())

    @property
    def is_done(self) -> bool:
        """Whether there is an order whose answer, or whose worker's death, is known."""
        return self._future is not None and self._future.done()

    def reports(self) -> list[Report]:
        """Return what the worker has said since the last call.

        When its answer is known, or its death, that is all that it said of the order: the
        line on which it reports may be slower than the one on which it answers.
        """
        if self.is_done:
            self._hear_out()
        said = []
        with suppress(IndexError):
            while True:
                said.append(self._reports.popleft())
        return said

    def take(self) -> TaskResult:
        """Return the answer, and be idle again.

        Raises
        ------
        WorkerDied
            If the process ended before, by itself or stopped.
        """
        future, self._future, self.order = self._future, None, None
        if future is None:
            raise WorkerDied("there was no order")
        try:
            answer = future.result()
        except Exception as error:
            self._replace()
            self.warm()
            raise WorkerDied(str(error)) from error
        if self._doomed:
            self._replace()
            self.warm()
        return answer

    def retire(self) -> None:
        """End an idle process; a new one is started with the next order."""
        self.stop()
        self._replace()

    def stop(self) -> None:
        """Stop the process at once, or as soon as it is known; `take` replaces it."""
        with self._lock:
            self._doomed = True
            if self.pid is not None:
                with suppress(OSError):
                    os.kill(self.pid, _STOP)

    def close(self) -> None:
        """Stop the process for good, and wait until it is gone."""
        self.stop()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._child_end.close()
        self._line.join()

    def _executor_submit(self, function: Callable[..., _T], *arguments: object) -> Future[_T]:
        future = self._executor.submit(function, *arguments)
        if not self._child_end.closed:
            self.is_alive = True
            self._child_end.close()  # the process has its own by now
        return future

    def _open(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, self._child_end = context.Pipe(duplex=False)
        self.pid = None
        self.is_alive = self.is_retiring = False
        self.models = ()
        self._doomed = False
        self._last = None
        self._executor = ProcessPoolExecutor(1, context, worker.initialize, (self._child_end,))
        self._line = threading.Thread(target=self._listen, args=(ours,), daemon=True)
        self._line.start()

    def _replace(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._child_end.close()
        self._open()

    def _listen(self, line: Connection) -> None:
        with line, suppress(EOFError, OSError):
            while True:
                self._hear(line.recv())
        with self._lock:
            if threading.current_thread() is self._line:
                self.is_alive = False
                self._lock.notify_all()

    def _hear_out(self) -> None:
        """Wait for the last words on an order that is over, or for the end of the line.

        They were sent before the answer, and a line ends with its process, unless that
        left one of its own behind which holds it open: so it waits 2 seconds at most.
        """
        if (order := self.order) is not None:
            wanted = (order.job_id, order.attempt)
            with self._lock:
                self._lock.wait_for(
                    lambda: self._last == wanted or not self.is_alive, _MOST_SECONDS
                )

    def _hear(self, report: Report) -> None:
        if threading.current_thread() is not self._line:
            return  # the last words of a process that was replaced
        with self._lock:
            self.pid = report.pid
            self.models = report.models
            self._reports.append(report)
            if report.is_last:
                self._last = (report.job_id, report.attempt)
                self._lock.notify_all()
            if self._doomed:
                with suppress(OSError):
                    os.kill(report.pid, _STOP)
        self._wake()
