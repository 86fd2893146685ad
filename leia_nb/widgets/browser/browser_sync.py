"""Wait until all that was done in the browser has come to the kernel.

ipywidgets holds back what is typed or ticked while the kernel is busy with the change
before, but not a click. And where a kernel has subshells, its main thread hears the first
message of each widget and another thread the rest; one may be busy. So a click can overtake
what was done before it. `Settling.settle` asks the browser, which answers when nothing is
under way any more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anywidget
import ipywidgets

from leia_nb.errors import NotReady
from leia_nb.widgets.browser import STATIC
from leia_nb.widgets.common import styles

PATIENCE = 60.0
"""Seconds to wait for the browser."""

WAITING = "Waiting until all that you entered has come to the kernel …"
"""What to say meanwhile."""

_PATIENTLY = 2.0  # seconds without a word


def script(*names: str) -> str:
    """Return the browser's part of a widget that settles, made of these files too."""
    return "\n".join(
        (STATIC / f"{name}.js").read_text("utf-8") for name in ("browser_sync", *names)
    )


class Settling(anywidget.AnyWidget):
    """What asks the browser; it shows nothing.

    Attributes
    ----------
    there : bool
        Whether a browser shows what this belongs to.
    """

    _esm = script() + "export default { initialize, render() {} };\n"

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.there = False
        self._number = 0
        self._asking = threading.Lock()
        self._answered = threading.Event()
        self._on_there: Callable[[], object] = lambda: None
        self.on_msg(self._hear)

    def on_there(self, callback: Callable[[], object]) -> None:
        """Call back when a browser is there."""
        self._on_there = callback

    def settle(self, whole: ipywidgets.Widget, say: Callable[[str], object]) -> None:
        """Wait until all that was done before has come; not in the kernel's own thread.

        Parameters
        ----------
        whole : ipywidgets.Widget
            The form or view where it was done.
        say : callable
            Shows words, if it takes long.

        Raises
        ------
        NotReady
            If the browser does not say so for a minute.
        """
        if not self.there:
            return
        models = [
            one.model_id for one in styles.tree(whole) if isinstance(one, ipywidgets.DOMWidget)
        ]
        with self._asking:
            self._number += 1
            self._answered.clear()
            self.send({"kind": "ask", "number": self._number, "models": models})
        if self._answered.wait(_PATIENTLY):
            return
        say(WAITING)
        if not self._answered.wait(PATIENCE - _PATIENTLY):
            raise NotReady(
                f"For {PATIENCE:.0f} s the browser has not said that all you entered has come to "
                "the kernel, so nothing was done. If a cell is running, wait for it or stop it; "
                "then press the button again."
            )

    def _hear(self, _widget: Settling, message: Any, _buffers: Any) -> None:
        kind = message.get("kind") if isinstance(message, dict) else None
        if kind == "answer" and message.get("number") == self._number:  # else an older one
            self._answered.set()
        elif kind == "here":
            self.there = True
            self._on_there()
