"""The server: one process per data folder, found through `service.json` in it.

Little is imported at the top, because every worker process imports this module again
when the service was started as ``python -m leia_nb.service.server``.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import ipaddress
import json
import logging
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from leia_nb.service.settings import Settings
from leia_nb.version import __version__

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

FOLDER_TAKEN = 3
PORT_TAKEN = 4
FOLDER_UNUSABLE = 5
_GRACE_SECONDS = 5
_LARGEST_PORT = 65_535
_log = logging.getLogger(__name__)


def serve(settings: Settings, *, on_ready: Callable[[str], None] | None = None) -> int:
    """Run the service until it is told to end, or has been idle for long.

    SIGTERM, SIGINT and (on Windows) Ctrl+Break end it cleanly: no new request is
    taken, those under way get 5 seconds, jobs that run are taken up again at the next
    start.

    Parameters
    ----------
    settings : Settings
        Where to listen, and on which data folder.
    on_ready : callable, optional
        Called once with the base address, e.g. ``http://127.0.0.1:40123/leia/1.0.0``,
        when the service really answers.

    Returns
    -------
    int
        0 at a clean end; 3 if another service has the data folder; 4 if the address
        cannot be listened on; 5 if the data folder, or the database in it, cannot be
        used. Standard error says which, in words.

    Examples
    --------
    >>> serve(Settings(data_dir=Path("data"), port=8080), on_ready=print)  # doctest: +SKIP
    http://127.0.0.1:8080/leia/1.0.0
    0
    """
    from filelock import FileLock, Timeout

    settings = replace(settings, data_dir=settings.data_dir.expanduser().absolute())
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(settings.lock, timeout=0)
        lock.acquire()
    except Timeout:
        _say(f"The data folder {settings.data_dir} is in use by another service{_at(settings)}.")
        _say("Connect to that one, end it, or choose another folder with --data.")
        return FOLDER_TAKEN
    except OSError as error:
        _say(f"The data folder {settings.data_dir} cannot be used: {error}.")
        _say("Make it writable, or choose another one with --data.")
        return FOLDER_UNUSABLE
    try:
        return _serve_locked(settings, on_ready)
    finally:
        lock.release()


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m leia_nb.service.server``.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the command line by default.

    Returns
    -------
    int
        The exit code, see `serve`.
    """
    parser = argparse.ArgumentParser(
        prog="leia_nb.service.server", description="Run the embedded LEIA service."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 = any free one")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument(
        "--idle", type=float, default=None, help="seconds of idleness after which to end"
    )
    parser.add_argument(
        "--workers", type=int, default=None, help="worker processes; 0 = jobs are not run"
    )
    given = parser.parse_args(argv)
    settings = Settings(
        data_dir=given.data, host=given.host, port=given.port, idle_timeout=given.idle
    )
    return serve(
        settings if given.workers is None else replace(settings, workers=max(0, given.workers)),
        on_ready=lambda url: _say(f"LEIA service at {url}, data in {given.data.absolute()}"),
    )


def configure_logging(level: int = logging.INFO) -> None:
    """Log to standard error, with API keys in paths made unreadable."""
    handler = logging.StreamHandler()
    handler.setFormatter(_MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])


class _MaskingFormatter(logging.Formatter):
    """A formatter whose lines, tracebacks included, show no API key of a path."""

    _KEY = re.compile(r"(/login/)[^\s\"'?]+")

    def format(self, record: logging.LogRecord) -> str:
        return self._KEY.sub(r"\1***", super().format(record))


def _serve_locked(settings: Settings, on_ready: Callable[[str], None] | None) -> int:
    _withdraw(settings.address)
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        _say(f"{settings.host}, port {settings.port}, cannot be listened on: {error}.")
        _say("End what uses the port, or choose another one; --port 0 takes any free one.")
        return PORT_TAKEN
    with listener, _stopping() as stop:
        configure_logging()
        import uvicorn

        app = _open_app(settings)
        if app is None:
            return FOLDER_UNUSABLE
        server = uvicorn.Server(_config(app))
        stop.attach(server)
        try:
            asyncio.run(_run(server, app, listener, on_ready))
        finally:
            _withdraw(settings.address)
    return 0


def _open_app(settings: Settings) -> FastAPI | None:
    """Return the application; None, having said why, if what the folder holds is unusable."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    from leia_nb.service.app import create_app

    try:
        return create_app(settings)
    except SQLAlchemyError as error:
        why = error.orig if isinstance(error, DBAPIError) else error
        _say(f"The database {settings.database} cannot be used: {why}.")
        _say("Put back a copy of it, or choose another folder with --data.")
    except OSError as error:
        _say(f"The data folder {settings.data_dir} cannot be used: {error}.")
        _say("Make it writable, or choose another one with --data.")
    return None


def _config(app: FastAPI) -> uvicorn.Config:
    import uvicorn

    from leia_nb.service.routes.middleware import Protocol

    return uvicorn.Config(
        app,
        http=Protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


async def _run(
    server: uvicorn.Server,
    app: FastAPI,
    listener: socket.socket,
    on_ready: Callable[[str], None] | None,
) -> None:
    watching = asyncio.create_task(_watch(server, app, _url(listener), on_ready))
    watching.add_done_callback(lambda task: _end_if_failed(task, server))
    try:
        await server.serve(sockets=[listener])
    finally:
        watching.cancel()
        await asyncio.wait([watching])


def _end_if_failed(task: asyncio.Task[None], server: uvicorn.Server) -> None:
    if not task.cancelled() and not server.should_exit and (error := task.exception()) is not None:
        _log.error("the service ends, as it cannot watch over itself", exc_info=error)
        server.should_exit = True


async def _watch(
    server: uvicorn.Server, app: FastAPI, url: str, on_ready: Callable[[str], None] | None
) -> None:
    """Announce the service when it answers; withdraw that, and end it, when it is over."""
    settings: Settings = app.state.service.settings
    while not server.started:
        await asyncio.sleep(0.01)
    if server.should_exit:
        return
    await asyncio.to_thread(_ask_health, url)
    _announce(settings.address, url, app.state.service.instance)
    if on_ready is not None:
        on_ready(url)
    while not server.should_exit:
        await asyncio.sleep(0.1)
        if settings.idle_timeout is not None and await _is_idle(app, settings.idle_timeout):
            _log.info("idle for %g seconds: leaving", settings.idle_timeout)
            _withdraw(settings.address)
            server.should_exit = True
    _withdraw(settings.address)


async def _is_idle(app: FastAPI, timeout: float) -> bool:
    if app.state.activity.idle_seconds() < timeout:
        return False
    if await asyncio.to_thread(lambda: app.state.dispatcher.busy):
        app.state.activity.touch()
        return False
    return bool(app.state.activity.idle_seconds() >= timeout)


def _ask_health(url: str) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request("GET", f"{parts.path}/health")
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 200:
        raise RuntimeError(f"the service's own /health answered {status}")


def _announce(path: Path, url: str, instance: str) -> None:
    said = {"url": url, "pid": os.getpid(), "instance": instance, "version": __version__}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(said), encoding="utf-8")
    _patiently(lambda: fresh.replace(path))


def _withdraw(path: Path) -> None:
    _patiently(lambda: path.unlink(missing_ok=True))


def _patiently(change: Callable[[], object]) -> None:
    """Change a file that another process may be reading, which Windows forbids meanwhile."""
    for _ in range(20):
        with suppress(PermissionError):
            change()
            return
        time.sleep(0.05)
    change()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LARGEST_PORT:  # getaddrinfo() would take a rest of it
        raise OSError(f"a port is a number from 0 to {_LARGEST_PORT}")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except UnicodeError:
        raise OSError("no host has such a name") from None
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _url(listener: socket.socket) -> str:
    """Return the base address; a service that listens everywhere is reached by loopback."""
    host, port = listener.getsockname()[:2]
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    shown = f"[{address}]" if address.version == 6 else str(address)
    return f"http://{shown}:{port}{Settings.BASE_PATH}"


class _Stop:
    """Remembers that the service was told to end, even before there is a server."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._told = False

    def attach(self, server: uvicorn.Server) -> None:
        self._server = server
        server.should_exit = self._told

    def __call__(self, _signal: int, _frame: Any) -> None:
        self._told = True
        if self._server is not None:
            self._server.should_exit = True


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """Take the signals that end a process; uvicorn raises them anew when it has ended."""
    stop = _Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _at(settings: Settings) -> str:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return f" at {json.loads(settings.address.read_text(encoding='utf-8'))['url']}"
    return ""


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
