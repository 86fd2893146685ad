"""Start and stop the embedded service, a process of its own that outlives the kernel."""

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

from leia_nb.embedded.address import Address, find
from leia_nb.errors import MissingExtra, ServiceStartFailed

IDLE_SECONDS = 1800
_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
_NEEDED = ("fastapi", "uvicorn", "sqlalchemy", "sklearn", "skops", "PIL", "pypdfium2")


def find_or_start(folder: Path) -> tuple[Address, bool]:
    """Return the running service of a data folder, started if there was none.

    Parameters
    ----------
    folder : pathlib.Path
        The data folder; it is made when missing.

    Returns
    -------
    tuple of Address and bool
        The address, and whether this call started the service.

    Raises
    ------
    MissingExtra
        If the packages of ``leia_nb[local]`` are not installed.
    ServiceStartFailed
        If the folder cannot be used or the service does not come up; the error
        shows the end of its log.
    """
    if address := find(folder):
        return address, False
    require_extra()
    _make_folder(folder)
    with _only_one(folder):
        if not _within(_STOP_SECONDS, lambda: _is_free(folder) or find(folder) is not None):
            raise ServiceStartFailed(
                f"Another service holds the data folder {folder} and does not answer. Its log is "
                f"{folder / 'service.log'}. End that process, or give another folder: "
                "connect(data_dir=…)."
            )
        if address := find(folder):
            return address, False
        return _start(folder), True


def stop(folder: Path) -> bool:
    """End the service of a data folder and wait until it is gone.

    Jobs that run are taken up again at the service's next start.

    Returns
    -------
    bool
        Whether there was a service to end.

    Raises
    ------
    ServiceStartFailed
        If it has not ended after 30 seconds.
    """
    address = find(folder)
    if address is None:
        return False
    os.kill(address.pid, signal.SIGTERM)
    if not _within(_STOP_SECONDS, lambda: _is_free(folder)):
        raise ServiceStartFailed(
            f"The embedded service of {folder} (process {address.pid}) did not end within "
            f"{_STOP_SECONDS:.0f} seconds. End that process by hand."
        )
    _reap(address.pid)
    return True


def require_extra() -> None:
    """Make sure that what the embedded service needs is installed.

    Raises
    ------
    MissingExtra
        If not; the error says what to install.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtra(
            "The embedded LEIA service needs packages that are not installed "
            f"({', '.join(missing)}). Install them with: pip install 'leia_nb[local]' - "
            "or give the address of a LEIA service: leia_nb.connect('https://…')."
        )


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Keep other kernels from starting a service on the folder meanwhile."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "start.lock", timeout=_START_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise ServiceStartFailed(
            f"Another kernel has been starting the service of {folder} for {_START_SECONDS:.0f} "
            f"seconds. Its log is {folder / 'service.log'}. End that kernel, or try again."
        ) from None
    except OSError as error:
        raise _unusable(folder, error) from None
    try:
        yield
    finally:
        lock.release()


def _unusable(folder: Path, error: OSError) -> ServiceStartFailed:
    wrong = "is a file, not a folder" if folder.is_file() else f"cannot be used ({error.strerror})"
    return ServiceStartFailed(
        f"The data folder {folder} {wrong}. "
        "Give another one: connect(data_dir=…), or set LEIA_NB_HOME."
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from None


_started: list[subprocess.Popen[bytes]] = []


@atexit.register
def _let_go() -> None:
    """Keep Popen from warning that these services outlive us: they do so on purpose."""
    for process in _started:
        process.returncode = process.poll() or 0


def _start(folder: Path) -> Address:
    log = folder / "service.log"
    begin = log.stat().st_size if log.exists() else 0
    process = _spawn(folder, log)
    _started.append(process)
    found: list[Address] = []

    def is_up() -> bool:
        if process.poll() is None and (address := find(folder)):
            found.append(address)
        return bool(found) or process.poll() is not None

    _within(_START_SECONDS, is_up)
    if found:
        return found[0]
    process.kill()
    raise ServiceStartFailed(
        f"The embedded service did not start on the data folder {folder}. "
        f"The end of its log, {log}:\n{_tail(log, begin)}"
    )


def _spawn(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "leia_nb.service.server"]
    command += ["--data", str(folder), "--port", "0", "--idle", str(IDLE_SECONDS)]
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own module, run by the present Python
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment(),
            **_detached(),
        )


def _detached() -> dict[str, Any]:
    """Return what makes a child outlive this process and its Ctrl-C."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _environment() -> dict[str, str]:
    """Return the child's environment: this package importable, no key of another service."""
    environment = {k: v for k, v in os.environ.items() if k not in ("LEIA_API_KEY", "LEIA_API_URL")}
    home = str(Path(__file__).resolve().parents[2])
    if home not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([home, known] if known else [home])
    environment["PYTHONUTF8"] = "1"
    return environment


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _tail(log: Path, begin: int) -> str:
    with log.open("rb") as file:
        file.seek(begin)
        text = file.read().decode("utf-8", "replace").strip()
    return "\n".join(text.splitlines()[-15:]) or "(empty)"


def _is_free(folder: Path) -> bool:
    """Whether no service holds the data folder; one that is ending holds it to its end."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "service.lock", timeout=0):
            return True
    except Timeout:
        return False


def _reap(pid: int) -> None:
    """Forget the services that this process started and that have ended."""
    for process in _started:
        if process.pid == pid:
            process.wait(_STOP_SECONDS)
    _started[:] = [process for process in _started if process.poll() is None]
