"""The worker process itself: its start, its end, and its connection to the service."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from functools import cache
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait

from leia_nb.service.worker.tasks import StatusUpdate

_THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_IMPORTS = (
    "PIL.Image",
    "skops.io",
    "sklearn.feature_extraction.text",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.pipeline",
)
_connection: Connection | None = None
_sending = threading.Lock()


def initialize(connection: Connection) -> None:
    """Prepare a worker process, which sends its updates over this connection."""
    global _connection
    _connection = connection
    for name in _THREAD_SETTINGS:
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the service, which ends this
    threading.Thread(target=_end_with_parent, name="watchdog", daemon=True).start()
    send(StatusUpdate(os.getpid()))


def send(update: StatusUpdate) -> None:
    """Send an update to the service, if it still listens."""
    if _connection is not None:
        with _sending, suppress(OSError):
            _connection.send(update)


@cache
def warm() -> None:
    """Import what every job needs, so that the first one does not wait for it."""
    for module in _IMPORTS:
        import_module(module)
    # one thread per process: sums in a fixed order make training deterministic
    import_module("threadpoolctl").threadpool_limits(1)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
