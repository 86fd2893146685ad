"""The server: one process per data folder, found through `service.json` in it."""

# Worker processes import this module again, after ``python -m leia_nb.service.server``:
# hence the imports inside functions.

from __future__ import annotations

import argparse
import asyncio
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
from urllib.request import ProxyHandler, build_opener

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
    """Run the service until a signal or its idle timeout ends it.

    SIGTERM, SIGINT and (on Windows) Ctrl+Break end it cleanly: requests under way get 5
    seconds; running jobs run again at the next start.

    Parameters
    ----------
    settings : Settings
        Where to listen, and on which data folder.
    on_ready : callable, optional
        Called once with the base URL, e.g. ``http://127.0.0.1:40123/leia/1.0.0``, when the
        service responds to requests.

    Returns
    -------
    int
        0 after a clean end; 3 if another service uses the data folder; 4 if the port cannot
        be used; 5 if the data folder or its database cannot be used. Standard error shows why.
    """
    from filelock import FileLock, Timeout

    settings = replace(settings, data_dir=settings.data_dir.expanduser().absolute())
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(settings.lock, timeout=0)
        lock.acquire()
    except Timeout:
        _print(f"The data folder {settings.data_dir} is in use by another service{_at(settings)}.")
        _print("Connect to that service, stop it, or choose another folder with --data.")
        return FOLDER_TAKEN
    except OSError as error:
        _print(f"The data folder {settings.data_dir} cannot be used: {error}.")
        _print("Make it writable, or choose another one with --data.")
        return FOLDER_UNUSABLE
    try:
        return _serve_locked(settings, on_ready)
    finally:
        lock.release()


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m leia_nb.service.server``; return the exit code of `serve`."""
    parser = argparse.ArgumentParser(
        prog="leia_nb.service.server", description="Run the embedded LEIA service."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 = any free one")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--idle", type=float, help="seconds without work until it ends")
    parser.add_argument("--workers", type=int, help="worker processes; 0 = jobs are not run")
    options = parser.parse_args(argv)
    settings = Settings(options.data, options.host, options.port, idle_timeout=options.idle)
    if options.workers is not None:
        settings = replace(settings, workers=max(0, options.workers))
    folder = options.data.absolute()
    return serve(settings, on_ready=lambda url: _print(f"LEIA service at {url}, data in {folder}"))


def configure_logging(level: int = logging.INFO) -> None:
    """Log to standard error, with API keys in paths masked."""
    handler = logging.StreamHandler()
    handler.setFormatter(_MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])


class _MaskingFormatter(logging.Formatter):
    """Masks API keys in paths, also in tracebacks."""

    _KEY = re.compile(r"(/login/)[^\s\"'?]+")

    def format(self, record: logging.LogRecord) -> str:
        return self._KEY.sub(r"\1***", super().format(record))


def _serve_locked(settings: Settings, on_ready: Callable[[str], None] | None) -> int:
    _unlink(settings.address)
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        _print(f"Cannot listen on {settings.host}, port {settings.port}: {error}.")
        _print("Stop what uses the port, or choose another one; --port 0 takes any free one.")
        return PORT_TAKEN
    with listener, _signals_handled() as stop:
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
            _unlink(settings.address)
    return 0


def _open_app(settings: Settings) -> FastAPI | None:
    """Return the application; if the folder cannot be used, print why and return None."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    from leia_nb.service.app import create_app

    try:
        return create_app(settings)
    except SQLAlchemyError as error:
        why = error.orig if isinstance(error, DBAPIError) else error
        _print(f"The database {settings.database} cannot be used: {why}.")
        _print("Put back a copy of it, or choose another folder with --data.")
    except OSError as error:
        _print(f"The data folder {settings.data_dir} cannot be used: {error}.")
        _print("Make it writable, or choose another one with --data.")
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
    watcher = asyncio.create_task(_watch(server, app, _url(listener), on_ready))
    watcher.add_done_callback(lambda task: _end_if_failed(task, server))
    try:
        await server.serve(sockets=[listener])
    finally:
        watcher.cancel()
        await asyncio.wait([watcher])


def _end_if_failed(task: asyncio.Task[None], server: uvicorn.Server) -> None:
    if not task.cancelled() and not server.should_exit and (error := task.exception()) is not None:
        _log.error("stopping, because the watcher failed", exc_info=error)
        server.should_exit = True


async def _watch(
    server: uvicorn.Server, app: FastAPI, url: str, on_ready: Callable[[str], None] | None
) -> None:
    """Write the address when the service responds, delete it at the end; stop an idle service."""
    settings: Settings = app.state.service.settings
    while not server.started:
        await asyncio.sleep(0.01)
    if server.should_exit:
        return
    await asyncio.to_thread(_check_health, url)
    _write_address(settings.address, url, app.state.service.instance)
    if on_ready is not None:
        on_ready(url)
    while not server.should_exit:
        await asyncio.sleep(0.1)
        if settings.idle_timeout is not None and await _is_idle(app, settings.idle_timeout):
            _log.info("idle for %g seconds: stopping", settings.idle_timeout)
            server.should_exit = True
    _unlink(settings.address)


async def _is_idle(app: FastAPI, timeout: float) -> bool:
    if app.state.activity.idle_seconds() < timeout:
        return False
    if await asyncio.to_thread(lambda: app.state.dispatcher.busy):
        app.state.activity.touch()
        return False
    return bool(app.state.activity.idle_seconds() >= timeout)


def _check_health(url: str) -> None:
    """Raise an error unless the service is healthy."""
    opener = build_opener(ProxyHandler({}))  # a proxy cannot reach the loopback address
    opener.open(f"{url}/health", timeout=30).close()


def _write_address(path: Path, url: str, instance: str) -> None:
    address = {"url": url, "pid": os.getpid(), "instance": instance, "version": __version__}
    new = path.with_suffix(".new")
    new.write_text(json.dumps(address), encoding="utf-8")
    _retried(lambda: new.replace(path))


def _unlink(path: Path) -> None:
    _retried(lambda: path.unlink(missing_ok=True))


def _retried(change: Callable[[], object]) -> None:
    """Change a file, again and again while another process reads it, which Windows forbids."""
    for _ in range(20):
        with suppress(PermissionError):
            change()
            return
        time.sleep(0.05)
    change()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LARGEST_PORT:  # getaddrinfo() would truncate it
        raise OSError(f"a port must be from 0 to {_LARGEST_PORT}")
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except UnicodeError:
        raise OSError("the host name is not valid") from None
    family, kind, protocol, _, address = addresses[0]
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
    """Return the base URL, with the loopback address if the service listens on all addresses."""
    host, port = listener.getsockname()[:2]
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    shown = f"[{address}]" if address.version == 6 else str(address)
    return f"http://{shown}:{port}{Settings.BASE_PATH}"


class _StopHandler:
    """A signal handler that stops the server, also if the signal comes before its start."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._is_stopped = False

    def attach(self, server: uvicorn.Server) -> None:
        self._server = server
        server.should_exit = self._is_stopped

    def __call__(self, _signal: int, _frame: Any) -> None:
        self._is_stopped = True
        if self._server is not None:
            self._server.should_exit = True


@contextmanager
def _signals_handled() -> Iterator[_StopHandler]:
    """Handle the signals that end a process; uvicorn raises them again when it has ended."""
    stop = _StopHandler()
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


def _print(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
