"""The field of an API key, which is never part of a widget's state."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from leia_nb.errors import InvalidInput
from leia_nb.widgets.browser import STATIC
from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.base import Field

_PATIENCE = 30.0


class KeyInput(anywidget.AnyWidget):
    """A line that does not show what is typed, and sends it once, when asked.

    What is typed stays in the browser; the kernel only knows whether there is any.
    """

    _esm = STATIC / "login.js"

    description = traitlets.Unicode().tag(sync=True)
    """What people read beside it."""

    placeholder = traitlets.Unicode().tag(sync=True)
    """What stands in it while it is empty."""

    label_width = traitlets.Unicode(styles.LABEL_WIDTH).tag(sync=True)
    """The width of the label, in CSS units."""

    typed = traitlets.Bool(False).tag(sync=True)
    """Whether anything is typed in the browser."""


class KeyField(Field):
    """An API key. It is in no value, no state and no repr, and is taken once.

    Parameters
    ----------
    name : str
        The parameter's name.
    placeholder : str
        What stands in it while it is empty.
    **about
        Label and tooltip; see `Field`.
    """

    control: KeyInput

    def __init__(self, name: str, *, placeholder: str = "", **about: Any) -> None:
        self._held: str | None = None
        self._came = threading.Event()
        self._callbacks: list[Callable[[], object]] = []
        self._on_enter: Callable[[], object] = lambda: None
        super().__init__(name, KeyInput(placeholder=placeholder), **about)
        self.control.observe(self._typed, names="typed")
        self.control.on_msg(self._hear)

    def _describe(self) -> None:
        self.control.description = self.label
        self.control.tooltip = self.tooltip
        self.control.layout.width = "auto"
        self.control.layout.margin = "2px"

    @property
    def value(self) -> None:
        """None: what is typed is nobody's to read."""

    @property
    def is_there(self) -> bool:
        """Whether there is a key, here or in the browser."""
        return self._held is not None or self.control.typed

    @property
    def is_in_browser(self) -> bool:
        """Whether the key has to be asked for."""
        return self._held is None and self.control.typed

    def fill(self, value: Any) -> None:
        """Keep a key until it is taken; None forgets it."""
        if not (value is None or isinstance(value, str)):
            raise InvalidInput(f"{self.name} is {type(value).__name__}. Give a text.")
        self._held = (value or "").strip() or None
        self._tell()

    def take(self) -> str | None:
        """Return the key and forget it."""
        held, self._held = self._held, None
        return held

    def fetch(self) -> None:
        """Have the browser hand over what is typed there; not in the kernel's own thread."""
        if self.is_in_browser:
            self._came.clear()
            self.control.send({"kind": "ask"})
            self._came.wait(_PATIENCE)

    def on_enter(self, callback: Callable[[], object]) -> None:
        """Call back when Enter is pressed in the browser."""
        self._on_enter = callback

    def _hear(self, _widget: KeyInput, message: Any, _buffers: Any) -> None:
        kind = message.get("kind") if isinstance(message, dict) else None
        if kind == "key":
            self._held = str(message.pop("key", "")).strip() or None
            self._came.set()
        elif kind == "enter":
            self._on_enter()

    def literal(self) -> str:
        """Return None: a key is in no code."""
        return "None"

    def on_change(self, callback: Callable[[], object]) -> None:
        """Call back when a key begins to be typed, or is filled in."""
        self._callbacks.append(callback)

    def _typed(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self._held = None  # this one is newer
            self._tell()

    def _tell(self) -> None:
        for callback in self._callbacks:
            callback()
