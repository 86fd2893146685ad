"""Start and stop the embedded service, a separate process that outlives the kernel."""

from __future__ import annotations

import atexit
import importlib.util
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leia_nb.embedded.data_folder import Address, find
from leia_nb.errors import MissingExtra, ServiceStartFailed

IDLE_SECONDS = 1800
_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
_REQUIRED = ("fastapi", "uvicorn", "sqlalchemy", "sklearn", "skops", "PIL", "pypdfium2")
_started: list[subprocess.Popen[bytes]] = []


def find_or_start(folder: Path) -> Address:
    """Return the address of the service on a data folder, which is started if necessary."""
    if address := find(folder):
        return address
    require_extra()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from None
    with _start_lock(folder):
        if not _wait(_STOP_SECONDS, lambda: _is_free(folder) or find(folder) is not None):
            raise ServiceStartFailed(
                f"Another service holds the data folder {folder} and does not answer. Its log is "
                f"{folder / 'service.log'}. End that process, or give another folder: "
                "connect(data_dir=…)."
            )
        return find(folder) or _start(folder)


def stop(folder: Path) -> bool:
    """Stop the service on a data folder; return whether there was one."""
    address = find(folder)
    if address is None:
        return False
    os.kill(address.pid, signal.SIGTERM)
    if not _wait(_STOP_SECONDS, lambda: _is_free(folder)):
        raise ServiceStartFailed(
            f"The embedded service on {folder} (process {address.pid}) did not stop within "
            f"{_STOP_SECONDS:.0f} seconds. End that process manually."
        )
    _reap(address.pid)
    return True


def require_extra() -> None:
    """Raise `MissingExtra` if a package that the embedded service needs is missing."""
    missing = [name for name in _REQUIRED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtra(
            "The embedded LEIA service needs packages that are not installed "
            f"({', '.join(missing)}). Install them with: pip install 'leia_nb[local]' - "
            "or give the URL of a LEIA service: leia_nb.connect('https://…')."
        )


@contextmanager
def _start_lock(folder: Path) -> Iterator[None]:
    """Keep other kernels from starting a service on the same folder."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "start.lock", timeout=_START_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise ServiceStartFailed(
            f"Another kernel has been starting the service on {folder} for {_START_SECONDS:.0f} "
            f"seconds. Its log is {folder / 'service.log'}. End that kernel, or try again."
        ) from None
    except OSError as error:
        raise _unusable(folder, error) from None
    try:
        yield
    finally:
        lock.release()


def _unusable(folder: Path, error: OSError) -> ServiceStartFailed:
    problem = "is a file, not a folder"
    if not folder.is_file():
        problem = f"cannot be used ({error.strerror})"
    return ServiceStartFailed(
        f"The data folder {folder} {problem}. "
        "Give another one: connect(data_dir=…), or set LEIA_NB_HOME."
    )


def _start(folder: Path) -> Address:
    log = folder / "service.log"
    log_size = log.stat().st_size if log.exists() else 0
    process = _spawn(folder, log)
    _started.append(process)
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        if address := find(folder):
            return address
        time.sleep(0.05)
    process.kill()
    raise ServiceStartFailed(
        f"The embedded service did not start on the data folder {folder}. "
        f"The end of its log, {log}:\n{_last_lines(log, log_size)}"
    )


def _spawn(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "leia_nb.service.server"]
    command += ["--data", str(folder), "--port", "0", "--idle", str(IDLE_SECONDS)]
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own module, run by this interpreter
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment(),
            **_detached(),
        )


def _detached() -> dict[str, Any]:
    """Return the options with which a child outlives this process and its Ctrl-C."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _environment() -> dict[str, str]:
    """Return the child's environment: with this package, without the key of another service."""
    environment = {k: v for k, v in os.environ.items() if k not in ("LEIA_API_KEY", "LEIA_API_URL")}
    root = str(Path(__file__).resolve().parents[2])
    if root not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        inherited = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([root, inherited] if inherited else [root])
    environment["PYTHONUTF8"] = "1"
    return environment


def _wait(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _last_lines(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        text = file.read().decode("utf-8", "replace").strip()
    return "\n".join(text.splitlines()[-15:]) or "(empty)"


def _is_free(folder: Path) -> bool:
    """Whether no service holds the data folder; one that is stopping holds it to its end."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "service.lock", timeout=0):
            return True
    except Timeout:
        return False


def _reap(pid: int) -> None:
    """Remove the services that this process started and that have exited."""
    for process in _started:
        if process.pid == pid:
            process.wait(_STOP_SECONDS)
    _started[:] = [process for process in _started if process.poll() is None]


@atexit.register
def _release() -> None:
    """Keep Popen from warning about services that outlive this process on purpose."""
    for process in _started:
        process.returncode = process.poll() or 0
