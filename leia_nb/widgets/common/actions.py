"""The buttons of a view: each runs in a thread, and once for a double click."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import ipywidgets

from leia_nb.errors import LeiaError, NotReady
from leia_nb.widgets.common import shared_layouts
from leia_nb.widgets.common.background import in_thread

_DOUBLE_CLICK = 0.5  # seconds

ShowMessage = Callable[[str, str], None]
"""Shows a message of a kind, ``"lead"`` or ``"failed"``."""


class Actions:
    """The actions of a view, which run one at a time.

    `before_click` is called before a button's work; it waits for earlier input.
    """

    def __init__(
        self, show_message: ShowMessage, before_click: Callable[[], None] = lambda: None
    ) -> None:
        self._show_message = show_message
        self._before_click = before_click
        self._click_lock = threading.Lock()
        self._busy = threading.Lock()
        self._clicked: dict[str, float] = {}
        self._threads: list[threading.Thread] = []

    def button(
        self, label: str, tooltip: str, work: Callable[[], Any], **traits: Any
    ) -> ipywidgets.Button:
        """Return a button that runs `work` in a thread and shows its errors."""
        button = ipywidgets.Button(
            description=label,
            tooltip=tooltip,
            layout=shared_layouts.layout(width="auto"),
            **traits,
        )
        button.on_click(lambda _button: self._click(label, work))
        return button

    def run(self, doing: str, work: Callable[[], str]) -> None:
        """Run `work` now; show `doing` meanwhile, and what `work` returns afterwards.

        Raises `NotReady` if another action is running.
        """
        if not self._busy.acquire(blocking=False):
            raise NotReady("Another action of this view is running. Wait for it, then try again.")
        message = ""  # an error is shown by the caller
        try:
            self._show_message(f"{doing} …", "lead")
            message = work()
        finally:
            self._show_message(message, "lead")
            self._busy.release()

    def wait(self) -> None:
        """Wait until the clicked actions have finished."""
        for thread in list(self._threads):
            thread.join()

    def _click(self, label: str, work: Callable[[], Any]) -> None:
        with self._click_lock:
            now = time.monotonic()
            is_double_click = now - self._clicked.get(label, -_DOUBLE_CLICK) < _DOUBLE_CLICK
            if is_double_click or self._busy.locked():
                return
            self._clicked[label] = now
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            self._threads.append(in_thread(self._run_clicked, work, name=f"leia: {label}"))

    def _run_clicked(self, work: Callable[[], Any]) -> None:
        try:
            self._before_click()
            work()
        except Exception as error:  # a view shows every error
            self._show_message(error_message(error), "failed")


def as_leia_error(error: Exception) -> LeiaError:
    """Return an error as a LeiaError, whose text is a complete message."""
    return error if isinstance(error, LeiaError) else LeiaError(f"{type(error).__name__}: {error}")


def error_message(error: Exception) -> str:
    """Return the message of an error."""
    return str(as_leia_error(error))
