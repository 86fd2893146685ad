"""JupyterLab as a person sees it: a real server, a real Chromium."""

from __future__ import annotations

import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect

START_SECONDS = 60
_NUMBERED = re.compile(r"\[\d+\]:")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class LabServer:
    """A JupyterLab server on a folder of notebooks, on a free loopback port."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.token = secrets.token_hex(16)
        self.port = _free_port()
        self.folder = folder
        self.log = home / "lab.log"
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "JUPYTER_TOKEN": self.token,
        }
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
        command += [f"--ServerApp.root_dir={folder}", f"--port={self.port}", "--port-retries=0"]
        command += [
            "--LabApp.news_url=",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                command, stdout=output, stderr=output, env=environment, cwd=folder
            )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(self.url("api"), timeout=5).close()
            except (urllib.error.URLError, OSError):
                assert self._process.poll() is None, self.log.read_text(encoding="utf-8")
                time.sleep(0.2)
            else:
                return
        raise AssertionError(f"JupyterLab did not come up:\n{self.log.read_text(encoding='utf-8')}")

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)


class Notebook:
    """An open notebook in JupyterLab."""

    def __init__(self, page: Page, lab: LabServer, name: str) -> None:
        self.page = page
        page.goto(lab.url(f"lab/tree/{name}") + "&reset")
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(self.panel.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
        expect(
            page.locator(".jp-NotebookPanel-toolbar .jp-Notebook-ExecutionIndicator")
        ).to_have_attribute("data-status", "idle", timeout=60_000)

    def menu(self, menu: str, item: str) -> None:
        """Choose an entry of the menu bar."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def run_all(self, timeout: float = 120) -> None:
        """Run every cell and wait until the last one has its number."""
        self.menu("Run", "Run All Cells")
        last = self.panel.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")
        expect(last).to_have_text(_NUMBERED, timeout=timeout * 1000)

    def errors(self) -> list[str]:
        """Return the texts of the outputs that are errors."""
        return self.panel.locator(
            '[data-mime-type="application/vnd.jupyter.error"]'
        ).all_inner_texts()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
