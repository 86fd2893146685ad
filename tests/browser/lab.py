"""A real JupyterLab server for the browser tests."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

START_SECONDS = 60
OWN_DATA = "own-data"
"""The name of a kernel that has its own data folder."""
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}


class LabServer:
    """A JupyterLab server on a folder of notebooks, on a free loopback port."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.token = secrets.token_hex(16)
        self.port = _free_port()
        self.folder = folder
        self.log = home / "lab.log"
        self.own_data = home / "own-data"
        _write_settings(home / "settings")
        _write_kernel(home / "data" / "kernels" / OWN_DATA, self.own_data)
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "JUPYTER_TOKEN": self.token,
            "IPYTHONDIR": str(home / "ipython"),
        }
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
        command += [f"--ServerApp.root_dir={folder}", f"--port={self.port}", "--port-retries=0"]
        command += ["--LabApp.news_url=", "--expose-app-in-browser"]
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                command, stdout=output, stderr=output, env=environment, cwd=folder
            )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                self.ask("GET", "api")
            except (urllib.error.URLError, OSError):
                assert self._process.poll() is None, self.said()
                time.sleep(0.2)
            else:
                return
        raise AssertionError(f"JupyterLab did not come up:\n{self.said()}")

    def said(self) -> str:
        """Return what the server and its kernels have logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"

    def ask(self, method: str, path: str) -> Any:
        """Call the server's own API."""
        request = urllib.request.Request(self.url(path), method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def session(self, name: str) -> dict[str, Any] | None:
        """Return the session of a notebook, if it has a kernel."""
        return next((s for s in self.ask("GET", "api/sessions") if s["path"] == name), None)

    def end_kernel(self, name: str) -> None:
        """Shut the kernel of a notebook down, if it has one."""
        if session := self.session(name):
            self.ask("DELETE", f"api/sessions/{session['id']}")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=30)


def _write_settings(folder: Path) -> None:
    for name, settings in _SETTINGS.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(settings), encoding="utf-8")


def _write_kernel(folder: Path, data: Path) -> None:
    """Offer a second kernel, with a data folder (and so an embedded service) of its own."""
    kernel = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "env": {"LEIA_NB_HOME": str(data)},
    }
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(kernel), encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
