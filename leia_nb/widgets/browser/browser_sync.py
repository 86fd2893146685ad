"""Wait until everything entered in the browser has reached the kernel.

ipywidgets holds back what is typed or selected while the kernel is busy with the change
before, but not a click. And where a kernel has subshells, its main thread receives the first
message of each widget and another thread the rest; one may be busy. So a click can overtake
earlier input. `BrowserSync.wait` asks the browser, which answers when nothing is pending.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anywidget
import ipywidgets
import traitlets

from leia_nb.errors import NotReady
from leia_nb.widgets.browser import STATIC
from leia_nb.widgets.common import styles

TIMEOUT = 60.0
"""Seconds to wait for the browser."""

_NOTICE_AFTER = 2.0  # seconds


def _script(*names: str) -> str:
    """Return the JavaScript of a widget: browser_sync.js, then these files."""
    return "\n".join(
        (STATIC / f"{name}.js").read_text("utf-8") for name in ("browser_sync", *names)
    )


class BrowserSync(anywidget.AnyWidget):
    """An invisible widget that asks the browser.

    Attributes
    ----------
    connected : bool
        Whether a browser shows the form or view that this widget belongs to.
    """

    _esm = _script() + "export default { initialize, render() {} };\n"

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.connected = False
        self._number = 0
        self._send_lock = threading.Lock()
        self._answered = threading.Event()
        self._on_connect: Callable[[], object] = lambda: None
        self.on_msg(self._on_message)

    def on_connect(self, callback: Callable[[], object]) -> None:
        """Call back when a browser connects."""
        self._on_connect = callback

    def wait(self, root: ipywidgets.Widget, show_notice: Callable[[str], object]) -> None:
        """Wait until earlier input in the form or view `root` has arrived.

        Do not call it in the kernel's main thread. `show_notice` is called if it takes long;
        if the browser does not answer for a minute, `NotReady` is raised.
        """
        if not self.connected:
            return
        models = [
            part.model_id for part in styles.tree(root) if isinstance(part, ipywidgets.DOMWidget)
        ]
        with self._send_lock:
            self._number += 1
            self._answered.clear()
            self.send({"kind": "ask", "number": self._number, "models": models})
        if self._answered.wait(_NOTICE_AFTER):
            return
        show_notice("Waiting for your latest input to reach the kernel …")
        if not self._answered.wait(TIMEOUT - _NOTICE_AFTER):
            raise NotReady(
                f"The browser did not confirm within {TIMEOUT:.0f} s that all input has reached "
                "the kernel, so nothing was done. If a cell is running, wait for it or interrupt "
                "it; then press the button again."
            )

    def _on_message(self, _widget: BrowserSync, message: Any, _buffers: Any) -> None:
        kind = message.get("kind") if isinstance(message, dict) else None
        if kind == "answer" and message.get("number") == self._number:  # else an older one
            self._answered.set()
        elif kind == "here":
            self.connected = True
            self._on_connect()


class CopyButton(BrowserSync):
    """The button that copies a form's code."""

    _esm = _script("form")

    description = traitlets.Unicode("Copy code").tag(sync=True)
    """The label of the button."""

    code = traitlets.Unicode().tag(sync=True)
    """What it copies."""

    def __init__(self) -> None:
        super().__init__(
            tooltip="Copy the Python call that does the same", layout={"margin": "2px"}
        )
