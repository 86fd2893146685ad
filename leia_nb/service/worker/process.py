"""The worker process itself: its start, its end, and its line to the service."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait

from leia_nb.service.worker.tasks import Report

_THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_NEEDED = (
    "PIL.Image",
    "skops.io",
    "sklearn.feature_extraction.text",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.pipeline",
)
_line: Connection | None = None
_sending = threading.Lock()
_warmed = False


def initialize(line: Connection) -> None:
    """Prepare a worker process.

    Parameters
    ----------
    line : multiprocessing.connection.Connection
        Where its reports go.
    """
    global _line
    _line = line
    for name in _THREAD_SETTINGS:
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which ends us
    threading.Thread(target=_end_with_parent, name="watchdog", daemon=True).start()
    send(Report(os.getpid()))


def send(report: Report) -> None:
    """Send a report to the service, if it still listens."""
    if _line is not None:
        with _sending, suppress(OSError):
            _line.send(report)


def warm() -> None:
    """Import what every job needs, so that the first one does not wait for it.

    One thread per process from then on: the processes are the parallelism, and sums in
    one order make training deterministic.
    """
    global _warmed
    if _warmed:
        return
    for module in _NEEDED:
        import_module(module)
    import_module("threadpoolctl").threadpool_limits(1)
    _warmed = True


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
