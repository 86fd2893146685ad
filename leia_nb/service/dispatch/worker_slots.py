"""Worker slots: executors with one spawned process, which run one task at a time.

With one executor per process, one worker can be stopped without disturbing the others.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TypeVar

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.worker import process, run_task
from leia_nb.service.worker.tasks import StatusUpdate, Task, TaskResult

IDLE = "IDLE"
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_DRAIN_SECONDS = 10.0
_T = TypeVar("_T")


class WorkerDied(Exception):
    """The worker process ended before its task was done."""


class WorkerSlot:
    """One worker process, replaced by a new one when it ends.

    `wake` is called, from any thread, when there are updates or a result to collect.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.task: Task | None = None
        self.models: tuple[str, ...] = ()  # the ids of the models loaded in the process
        self.pid: int | None = None  # known as soon as the process runs
        self.is_alive = False  # running, or being started
        self.is_retiring = False  # to end when it is idle, see `retire`
        self.stages: list[str] = []  # as the worker has reported them of its present or last task
        self.started = 0.0  # when that task was submitted, on the monotonic clock
        self._wake = wake
        self._future: Future[TaskResult] | None = None
        self._updates: deque[StatusUpdate] = deque()
        self._is_stopped = False
        self._last_attempt: tuple[str | None, int] | None = None
        self._lock = threading.Condition()
        self._open()

    def warm(self) -> None:
        """Start the process in the background and let it import what jobs need."""
        self._submit(process.warm)

    def submit(self, task: Task) -> None:
        """Give an idle worker a task; a worker that has died is replaced."""
        try:
            future = self._submit(run_task.run, task)
        except BrokenProcessPool:
            self._replace()
            future = self._submit(run_task.run, task)
        self.task, self.stages, self.started = task, [], time.monotonic()
        self._future = future
        future.add_done_callback(lambda _: self._wake())

    @property
    def state(self) -> tuple[JobType | None, str]:
        """The job type and the stage of the task; None and ``"IDLE"`` without one."""
        task = self.task
        if task is None:
            return None, IDLE
        return task.job_type, self.stages[-1] if self.stages else str(JobStatus.STARTING)

    @property
    def is_done(self) -> bool:
        """Whether there is a task that has a result, or whose worker has died."""
        return self._future is not None and self._future.done()

    def updates(self) -> list[StatusUpdate]:
        """Return the updates since the last call: all of them, if the task is done."""
        if self.is_done:
            self._drain()
        return [self._updates.popleft() for _ in range(len(self._updates))]

    def new_stage(self) -> JobStatus | None:
        """Collect the updates; return the stage of the task if that has changed."""
        updates, task = self.updates(), self.task
        if task is None:
            return None
        attempt = (task.job_id, task.attempt)
        stages = [u.stage for u in updates if u.stage and (u.job_id, u.attempt) == attempt]
        self.stages.extend(stages)
        return JobStatus(stages[-1]) if stages else None

    def take_result(self) -> TaskResult:
        """Return the result and become idle; raise `WorkerDied` if the process ended before."""
        future, self._future, self.task = self._future, None, None
        if future is None:
            raise WorkerDied("the worker had no task")
        try:
            result = future.result()
        except Exception as error:
            self._replace()
            self.warm()
            raise WorkerDied(str(error)) from error
        if self._is_stopped:
            self._replace()
            self.warm()
        return result

    def retire(self) -> None:
        """End an idle process; the next task starts a new one."""
        self.stop()
        self._replace()

    def stop(self) -> None:
        """Kill the process now, or as soon as it is known; `take_result` replaces it."""
        with self._lock:
            self._is_stopped = True
            if self.pid is not None:
                _kill(self.pid)

    def close(self) -> None:
        """Kill the process for good, and wait until it has ended."""
        self.stop()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._child_end.close()
        self._listener.join()

    def _submit(self, function: Callable[..., _T], *arguments: object) -> Future[_T]:
        future = self._executor.submit(function, *arguments)
        if not self._child_end.closed:
            self.is_alive = True
            self._child_end.close()  # the process has its own copy now
        return future

    def _open(self) -> None:
        context = multiprocessing.get_context("spawn")
        connection, self._child_end = context.Pipe(duplex=False)
        self.pid = None
        self.is_alive = self.is_retiring = False
        self.models = ()
        self._is_stopped = False
        self._last_attempt = None
        self._executor = ProcessPoolExecutor(1, context, process.initialize, (self._child_end,))
        self._listener = threading.Thread(target=self._listen, args=(connection,), daemon=True)
        self._listener.start()

    def _replace(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._child_end.close()
        self._open()

    def _listen(self, connection: Connection) -> None:
        with connection, suppress(EOFError, OSError):
            while True:
                self._receive(connection.recv())
        with self._lock:
            if threading.current_thread() is self._listener:
                self.is_alive = False
                self._lock.notify_all()

    def _drain(self) -> None:
        """Wait for the last update of a task that is done, or for the end of the connection.

        It was sent before the result, but over another connection. That one ends with its
        process, unless a child process holds it open: hence the time limit.
        """
        if (task := self.task) is not None:
            attempt = (task.job_id, task.attempt)
            with self._lock:
                self._lock.wait_for(
                    lambda: self._last_attempt == attempt or not self.is_alive, _DRAIN_SECONDS
                )

    def _receive(self, update: StatusUpdate) -> None:
        if threading.current_thread() is not self._listener:
            return  # from a process that was replaced
        with self._lock:
            self.pid = update.pid
            self.models = update.models
            self._updates.append(update)
            if update.is_last:
                self._last_attempt = (update.job_id, update.attempt)
                self._lock.notify_all()
            if self._is_stopped:
                _kill(update.pid)
        self._wake()


def _kill(pid: int) -> None:
    with suppress(OSError):
        os.kill(pid, _KILL)
