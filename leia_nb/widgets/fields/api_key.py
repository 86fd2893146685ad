"""The field of an API key, which is never part of a widget's state."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import traitlets

from leia_nb.errors import InvalidInput
from leia_nb.widgets.browser import STATIC
from leia_nb.widgets.fields.base import BrowserField, BrowserInput

_TIMEOUT = 30.0  # seconds


class ApiKeyInput(BrowserInput):
    """A password input that sends its text once, on request.

    What is typed stays in the browser; the kernel only knows whether there is any text.
    """

    _esm = STATIC / "login.js"

    typed = traitlets.Bool(False).tag(sync=True)
    """Whether text is typed in the browser."""


class ApiKeyField(BrowserField):
    """An API key. It is in no value, state or repr, and can be taken once."""

    control: ApiKeyInput

    def __init__(self, name: str, *, placeholder: str = "", **about: Any) -> None:
        self._key: str | None = None
        self._received = threading.Event()
        self._on_enter: Callable[[], object] = lambda: None
        super().__init__(name, ApiKeyInput(placeholder=placeholder), **about)
        self.control.on_msg(self._receive)

    def _observe(self) -> None:
        self.control.observe(self._typed, names="typed")

    @property
    def value(self) -> None:
        """None: a key is not shown anywhere."""

    @property
    def is_there(self) -> bool:
        """Whether there is a key, here or in the browser."""
        return self._key is not None or self.control.typed

    @property
    def is_in_browser(self) -> bool:
        """Whether the key has to be fetched from the browser."""
        return self._key is None and self.control.typed

    def fill(self, value: Any) -> None:
        """Keep a key until it is taken; None removes it."""
        if not (value is None or isinstance(value, str)):
            raise InvalidInput(f"{self.name} must be a string, got {type(value).__name__}.")
        self._key = (value or "").strip() or None
        self._notify()

    def take(self) -> str | None:
        """Return the key and forget it."""
        key, self._key = self._key, None
        return key

    def fetch(self) -> None:
        """Fetch the key from the browser; must not be called in the kernel's main thread."""
        if self.is_in_browser:
            self._received.clear()
            self.control.send({"kind": "ask"})
            self._received.wait(_TIMEOUT)

    def on_enter(self, callback: Callable[[], object]) -> None:
        """Call back when Enter is pressed in the browser."""
        self._on_enter = callback

    def _receive(self, _widget: ApiKeyInput, message: Any, _buffers: Any) -> None:
        kind = message.get("kind") if isinstance(message, dict) else None
        if kind == "key":
            self._key = str(message.pop("key", "")).strip() or None
            self._received.set()
        elif kind == "enter":
            self._on_enter()

    def literal(self) -> str:
        """Return None: a key is not part of the code."""
        return "None"

    def _typed(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self._key = None  # the typed key is newer
            self._notify()
