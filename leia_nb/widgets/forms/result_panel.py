"""The lower part of a form: progress, then the result or the error."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import ipywidgets

from leia_nb.enums import JobStatus
from leia_nb.records import humanize
from leia_nb.widgets.common import shared_layouts, styles

_STAGES: list[JobStatus] = [
    status for status in JobStatus if status not in (JobStatus.FAILED, JobStatus.CANCELED)
]
_MAX_ROWS = 20
_REDRAW = 0.1  # seconds between two updates of the bar


class ResultPanel(ipywidgets.VBox):
    """A progress bar with the stage and a cancel button, a message, and the result."""

    def __init__(self) -> None:
        self._bar = ipywidgets.FloatProgress(min=0.0, max=1.0)
        self._stage = shared_layouts.html()
        self._time = shared_layouts.html()
        self.cancel_button = ipywidgets.Button(
            description="Cancel job", tooltip="Stop this job and discard what it has done"
        )
        self._progress = ipywidgets.HBox(
            [self._bar, self._stage, self._time, self.cancel_button], layout=shared_layouts.layout()
        )
        self._result = shared_layouts.html()
        self._message = shared_layouts.html()
        self._cancel: Callable[[], object] = lambda: None
        self._started = 0.0
        self._drawn = 0.0
        self.cancel_button.on_click(lambda _button: self._cancel_clicked())
        super().__init__(
            [self._progress, self._message, self._result], layout=shared_layouts.layout()
        )
        styles.show(self._progress, False)

    def begin(self) -> None:
        """Clear the last submission and show that this one is being sent."""
        self._started = time.monotonic()
        self._result.value = self._message.value = self._time.value = ""
        self._bar.value = 0
        self._show_stage("sending …")
        styles.show(self.cancel_button, False)
        styles.show(self._progress, True)

    def offer_cancel(self, cancel: Callable[[], object]) -> None:
        """Show a cancel button that calls `cancel`."""
        self._cancel = cancel
        self.cancel_button.disabled = False
        styles.show(self.cancel_button, True)

    def show_status(self, status: JobStatus | str) -> None:
        """Show the status of a job and the time since the submission."""
        if status in _STAGES:
            self._bar.value = _STAGES.index(JobStatus(status)) / (len(_STAGES) - 1)
        if status:
            self._show_stage(str(status))
        self._time.value = styles.text(f"{time.monotonic() - self._started:.0f} s", "lead")

    def show_upload(self, done: int, total: int) -> None:
        """Show how many bytes of a file have been sent."""
        now = time.monotonic()
        if now - self._drawn < _REDRAW and done < total:
            return
        self._drawn = now
        self._bar.value = done / total if total else 1.0
        if done < total:
            self._show_stage(f"sending: {humanize.size(done)} of {humanize.size(total)}")
        else:
            self._show_stage("sent; LEIA is validating it …")

    def show_result(self, result: Any) -> None:
        """Show the result: a frame as a table, a record by its HTML representation."""
        styles.show(self._progress, False)
        self._message.value = ""
        self._result.value = as_html(result)

    def show_notice(self, message: str) -> None:
        """Show what the form is waiting for before anything is sent."""
        self._message.value = styles.text(message, "stage")

    def show_error(self, message: str) -> None:
        """Show an error; an empty message clears it."""
        self._message.value = styles.text(message, "failed") if message else ""

    def end_without_result(self) -> None:
        """Hide the progress and the message; the caller shows the error at its field or here."""
        styles.show(self._progress, False)
        self._result.value = self._message.value = ""

    def _show_stage(self, message: str) -> None:
        self._stage.value = styles.text(message, "stage")

    def _cancel_clicked(self) -> None:
        self.cancel_button.disabled = True
        self._cancel()


def as_html(result: Any) -> str:
    """Return a result as HTML: a frame as a table, a record by its own representation."""
    import pandas as pd

    if result is None:
        return ""
    if isinstance(result, pd.DataFrame):
        table = result.to_html(max_rows=_MAX_ROWS, border=0, float_format="{:.3f}".format)
        rows = humanize.count(len(result), "row")
        return f'<div class="leia-scroll" tabindex="0">{table}</div>' + styles.text(rows, "lead")
    represent = getattr(result, "_repr_html_", None)
    return str(represent()) if represent else styles.text(str(result), "lead")
