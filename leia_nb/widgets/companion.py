"""What a form does in the browser beyond ipywidgets: copy its code, and settle.

ipywidgets holds back what is typed while the kernel is busy with earlier keys, but not
a click. So a click can overtake the last keys, and the form would send less than was
typed. `Companion.settle` asks the browser to answer; its answer comes after the keys.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

_PATIENCE = 60.0


class Companion(anywidget.AnyWidget):
    """The button that copies a form's code.

    Attributes
    ----------
    there : bool
        Whether a browser shows the form.
    """

    _esm = Path(__file__).parent / "static" / "form.js"

    description = traitlets.Unicode("Copy code").tag(sync=True)
    """What stands on the button."""

    code = traitlets.Unicode().tag(sync=True)
    """What it copies."""

    def __init__(self) -> None:
        super().__init__(
            tooltip="Copy the Python call that does the same", layout={"margin": "2px"}
        )
        self.there = False
        self._answered = threading.Event()
        self._on_there: Callable[[], object] = lambda: None
        self.on_msg(self._hear)

    def on_there(self, callback: Callable[[], object]) -> None:
        """Call back when a browser shows the form."""
        self._on_there = callback

    def settle(self) -> None:
        """Wait until all that was typed before has come; not in the kernel's own thread."""
        if self.there:
            self._answered.clear()
            self.send({"kind": "ask"})
            self._answered.wait(_PATIENCE)

    def _hear(self, _widget: Companion, message: Any, _buffers: Any) -> None:
        kind = message.get("kind") if isinstance(message, dict) else None
        if kind == "answer":
            self._answered.set()
        elif kind == "here":
            self.there = True
            self._on_there()
