"""What became of a submission: the job's bar and stage, then the result or the reason."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from typing import Any

import ipywidgets

from leia_nb.enums import JobStatus
from leia_nb.widgets import look

_STAGES = [status for status in JobStatus if status not in (JobStatus.FAILED, JobStatus.CANCELED)]
_MOST_ROWS = 20


class Outcome(ipywidgets.VBox):
    """The lower part of a form: what it is doing, and what came out."""

    def __init__(self) -> None:
        self._bar = ipywidgets.IntProgress(
            min=0, max=len(_STAGES) - 1, style={"description_width": look.LABEL_WIDTH}
        )
        self._stage = ipywidgets.HTML()
        self._cancel = ipywidgets.Button(
            description="Cancel job", tooltip="Stop this job; what it has done is thrown away"
        )
        self._busy = ipywidgets.HBox([self._bar, self._stage, self._cancel])
        self._shown = ipywidgets.HTML()
        self._on_cancel: Callable[[], None] | None = None
        self._cancel.on_click(lambda _button: self._cancel_job())
        super().__init__([self._busy, self._shown])
        self._hide(self._busy)

    def begin(self) -> None:
        """Forget the last submission and say that this one is on its way."""
        self._shown.value = ""
        self._on_cancel = None
        self._hide(self._cancel)
        self._reveal(self._busy)
        self._bar.value = 0
        self._bar.bar_style = ""
        self._stage.value = "sending …"
        self._since = time.monotonic()

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Offer a cancel button that calls back."""
        self._on_cancel = callback
        self._cancel.disabled = False
        self._reveal(self._cancel)

    def stage(self, status: JobStatus | str) -> None:
        """Show the stage a job has come to, and for how long it has been going."""
        if status in _STAGES:
            self._bar.value = _STAGES.index(JobStatus(status))
        seconds = time.monotonic() - self._since
        self._stage.value = f"<span>{html.escape(str(status))} · {seconds:.0f} s</span>"

    def show(self, result: Any) -> None:
        """Show the result: a frame as a table, a record as its card."""
        self._hide(self._busy)
        self._shown.value = _as_html(result)

    def fail(self, message: str) -> None:
        """Show in words why nothing came out; an empty message stands at its field."""
        self._hide(self._busy)
        self._shown.value = look.text(message, "failed") if message else ""

    def _cancel_job(self) -> None:
        if self._on_cancel is not None:
            self._cancel.disabled = True
            self._on_cancel()

    @staticmethod
    def _hide(widget: ipywidgets.DOMWidget) -> None:
        widget.layout.display = "none"

    @staticmethod
    def _reveal(widget: ipywidgets.DOMWidget) -> None:
        widget.layout.display = None


def _as_html(result: Any) -> str:
    import pandas as pd

    if isinstance(result, pd.DataFrame):
        table = result.to_html(max_rows=_MOST_ROWS, border=0, float_format="{:.3f}".format)
        return f'<div class="leia-scroll">{table}</div>' + look.text(f"{len(result)} rows", "lead")
    shown = getattr(result, "_repr_html_", None)
    return shown() if shown else look.text(str(result), "lead")
