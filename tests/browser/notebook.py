"""A notebook in JupyterLab, used as a person does: cells, menus, forms."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect

from .form import FormOnPage
from .lab import LabServer

PATIENCE = 60.0
_NUMBERED = re.compile(r"\[\d+\]:")
_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def write_notebook(path: Path, cells: list[str]) -> None:
    """Write a notebook with these code cells."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": _KERNEL})
    notebook.cells = [nbformat.v4.new_code_cell(code) for code in cells]
    nbformat.write(notebook, path)


class Notebook:
    """An open notebook in JupyterLab."""

    def __init__(self, page: Page, lab: LabServer, name: str, *, kernel: bool = True) -> None:
        self.page = page
        self.lab = lab
        self.name = name
        self.path = lab.folder / name
        self._command("docmanager:open", path=name, kernelPreference={"shouldStart": kernel})
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(self.panel.locator(".jp-Notebook")).to_be_visible(timeout=PATIENCE * 1000)
        if kernel:
            self._wait_for_kernel()

    def _command(self, name: str, **arguments: Any) -> None:
        """Do what a menu entry would do; for steps that are not what a test is about."""
        self.page.evaluate(
            "async ([name, arguments]) => { await jupyterapp.commands.execute(name, arguments) }",
            [name, arguments],
        )

    def restart_kernel(self) -> None:
        """Restart the kernel, and wait until that is done."""
        self.page.evaluate(
            "() => { window.restarted = jupyterapp.commands.execute('kernelmenu:restart') }"
        )
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self.page.evaluate("async () => { await window.restarted }")

    def stop_kernel(self) -> None:
        """Shut the kernel down, as the menu does."""
        self._command("kernelmenu:shutdown")

    def _wait_for_kernel(self) -> None:
        end = time.monotonic() + PATIENCE
        while not (
            (session := self.lab.session(self.name))
            and session["kernel"]["execution_state"] == "idle"
            and session["kernel"]["connections"]
        ):
            assert time.monotonic() < end, f"no kernel for {self.name}:\n{self.lab.said()}"
            time.sleep(0.1)
        self._wait_until_idle()

    def _wait_until_idle(self) -> None:
        expect(self.panel.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute(
            "data-status", "idle", timeout=PATIENCE * 1000
        )

    def cell(self, number: int) -> Locator:
        """Return a code cell, counted from 0."""
        return self.panel.locator(".jp-CodeCell").nth(number)

    def output(self, number: int) -> Locator:
        """Return what stands below a code cell."""
        return self.cell(number).locator(".jp-Cell-outputArea")

    def form(self, number: int) -> FormOnPage:
        """Return the form below a code cell, when it is there."""
        form = self.output(number).locator(".leia-form")
        expect(form, f"no form below cell {number}: {self.errors()}").to_be_visible(
            timeout=PATIENCE * 1000
        )
        return FormOnPage(form)

    def add_cell(self, code: str) -> int:
        """Add a cell at the end and type code into it; return its number."""
        number = self.panel.locator(".jp-CodeCell").count()
        self.cell(number - 1).locator(".jp-InputPrompt").click()
        self.page.keyboard.press("b")
        editor = self.cell(number).locator(".cm-content")
        editor.click()
        self.page.keyboard.insert_text(code)
        return number

    def start_cell(self, number: int) -> None:
        """Press Ctrl+Enter in a cell."""
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def run_cell(self, number: int, timeout: float = PATIENCE) -> Locator:
        """Press Ctrl+Enter in a cell, wait until it has its number; return its output."""
        self.start_cell(number)
        self.wait_for_cell(number, timeout)
        return self.output(number)

    def wait_for_cell(self, number: int, timeout: float = PATIENCE) -> None:
        """Wait until a cell is done."""
        expect(self.cell(number).locator(".jp-InputPrompt")).to_have_text(
            _NUMBERED, timeout=timeout * 1000
        )
        self._wait_until_idle()

    def menu(self, *entries: str) -> None:
        """Choose an entry of the menu bar, e.g. ``menu("Run", "Run All Cells")``."""
        for entry in entries:
            item = self.page.get_by_role("menuitem", name=entry, exact=True)
            ticked = self.page.get_by_role("menuitemcheckbox", name=entry, exact=True)
            item.or_(ticked).click()

    def run_all(self, timeout: float = PATIENCE) -> None:
        """Run every cell, wait until the last one has its number; none may fail."""
        last = self.cell(self.panel.locator(".jp-CodeCell").count() - 1)
        self.menu("Run", "Run All Cells")
        end = time.monotonic() + timeout
        while not _NUMBERED.search(last.locator(".jp-InputPrompt").inner_text()):
            assert self.errors() == []
            assert time.monotonic() < end, f"{self.name} does not come to its end"
            time.sleep(0.1)
        self._wait_until_idle()
        assert self.errors() == []

    def errors(self) -> list[str]:
        """Return the tracebacks that stand below the cells."""
        cells = self.page.evaluate(
            "() => jupyterapp.shell.currentWidget.context.model.toJSON().cells"
        )
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        return ["\n".join(o["traceback"]) for o in outputs if o["output_type"] == "error"]

    def save(self) -> str:
        """Save with Ctrl+S; return the text of the file."""
        before = self.path.read_bytes()
        self.cell(0).locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+s")
        end = time.monotonic() + PATIENCE
        while (after := self.path.read_bytes()) == before or not after:
            assert time.monotonic() < end, f"{self.name} was not saved"
            time.sleep(0.05)
        text = after.decode()
        json.loads(text)
        return text

    def close(self, *, end_kernel: bool = True) -> None:
        """Close the tab without saving and, if asked, end the kernel."""
        self.page.evaluate(
            """(path) => {
              for (const panel of jupyterapp.shell.widgets("main")) {
                if (panel.context?.path !== path) continue;
                panel.context.model.dirty = false;
                panel.close();
              }
            }""",
            self.name,
        )
        if end_kernel:
            self.lab.end_kernel(self.name)
