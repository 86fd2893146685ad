"""What became of a submission: the job's bar and stage, then the result or the reason."""

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
_MOST_ROWS = 20
_FRAME = 0.1  # seconds between two pictures of a bar


class ResultPanel(ipywidgets.VBox):
    """The lower part of a form: what it is doing, and what came out."""

    def __init__(self) -> None:
        self._bar = ipywidgets.FloatProgress(min=0.0, max=1.0)
        self._stage = shared_layouts.html()
        self._time = shared_layouts.html()
        self.cancel_button = ipywidgets.Button(
            description="Cancel job", tooltip="Stop this job; what it has done is thrown away"
        )
        self._busy = ipywidgets.HBox(
            [self._bar, self._stage, self._time, self.cancel_button], layout=shared_layouts.layout()
        )
        self._shown = shared_layouts.html()
        self._said = shared_layouts.html()
        self._on_cancel: Callable[[], None] | None = None
        self._since = 0.0
        self._painted = 0.0
        self.cancel_button.on_click(lambda _button: self._cancel())
        super().__init__([self._busy, self._said, self._shown], layout=shared_layouts.layout())
        styles.show(self._busy, False)

    def begin(self) -> None:
        """Forget the last submission and say that this one is on its way."""
        self._on_cancel = None
        self._since = time.monotonic()
        self._shown.value = self._said.value = self._time.value = ""
        self._bar.value = 0
        self.doing("sending …")
        styles.show(self.cancel_button, False)
        styles.show(self._busy, True)

    def doing(self, message: str) -> None:
        """Say what is being done."""
        self._stage.value = styles.text(message, "stage")

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Offer a cancel button that calls back."""
        self._on_cancel = callback
        self.cancel_button.disabled = False
        styles.show(self.cancel_button, True)

    def stage(self, status: JobStatus | str) -> None:
        """Show the stage a job has come to, and for how long it has been going."""
        if status in _STAGES:
            self._bar.value = _STAGES.index(JobStatus(status)) / (len(_STAGES) - 1)
        if status:
            self.doing(str(status))
        self._time.value = styles.text(f"{time.monotonic() - self._since:.0f} s", "lead")

    def portion(self, done: int, total: int) -> None:
        """Show how many bytes of a file are sent."""
        now = time.monotonic()
        if now - self._painted < _FRAME and done < total:
            return
        self._painted = now
        self._bar.value = done / total if total else 1.0
        if done < total:
            self.doing(f"sending: {humanize.size(done)} of {humanize.size(total)}")
        else:
            self.doing("sent; LEIA is checking it …")

    def show(self, result: Any) -> None:
        """Show the result: a frame as a table, a record as its card."""
        styles.show(self._busy, False)
        self._said.value = ""
        self._shown.value = as_html(result)

    def tell(self, message: str) -> None:
        """Say what is waited for, before anything is sent."""
        self._said.value = styles.text(message, "stage")

    def say(self, message: str) -> None:
        """Show in words what went wrong while the work goes on."""
        self._said.value = styles.text(message, "failed") if message else ""

    def fail(self, message: str) -> None:
        """Show in words why nothing came out; an empty message stands at its field."""
        styles.show(self._busy, False)
        self._shown.value = ""
        self.say(message)

    def _cancel(self) -> None:
        if self._on_cancel is not None:
            self.cancel_button.disabled = True
            self._on_cancel()


def as_html(result: Any) -> str:
    """Return a result as people read it: a frame as a table, a record as its card."""
    import pandas as pd

    if result is None:
        return ""
    if isinstance(result, pd.DataFrame):
        table = result.to_html(max_rows=_MOST_ROWS, border=0, float_format="{:.3f}".format)
        rows = f"{len(result)} {'row' if len(result) == 1 else 'rows'}"
        return f'<div class="leia-scroll" tabindex="0">{table}</div>' + styles.text(rows, "lead")
    card = getattr(result, "_repr_html_", None)
    return str(card()) if card else styles.text(str(result), "lead")
