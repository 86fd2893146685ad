"""The field for several words, which are shown as chips that can be removed.

The chips are made in the browser, which sends words and text together. A separate message
for Enter would arrive before the last keys, which ipywidgets holds back while the kernel is
busy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import traitlets

from leia_nb.resources.parameters import validators
from leia_nb.widgets.browser import STATIC
from leia_nb.widgets.fields.base import BrowserField, BrowserInput


class ChipsInput(BrowserInput):
    """A line to type words into, and their chips below it."""

    _esm = STATIC / "chips.js"
    _css = STATIC / "chips.css"

    continuous_update = traitlets.Bool(True).tag(sync=True)
    """Whether the text is sent at each key press; if not, when the line loses the focus."""

    words = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The chips."""

    text = traitlets.Unicode().tag(sync=True)
    """The text that is not a chip yet."""


class ChipsField(BrowserField):
    """Several words as chips: tags, or ids of applications; empty = ().

    A comma or Enter makes a chip of the text. Text that is not a chip yet counts too, so that
    nothing typed is lost.
    """

    control: ChipsInput

    def __init__(
        self, name: str, *, placeholder: str = "separated by commas", **about: Any
    ) -> None:
        self._notified: tuple[str, ...] = ()
        super().__init__(name, ChipsInput(placeholder=placeholder), **about)

    def _observe(self) -> None:
        self.control.observe(lambda _change: self._changed(), names=["words", "text"])

    @property
    def value(self) -> tuple[str, ...]:
        """The words without duplicates."""
        return _unique([*self.control.words, *self.control.text.split(",")])

    def fill(self, value: Any) -> None:
        """Fill in one or several words, which may contain commas."""
        words = [value] if isinstance(value, str) else value
        if isinstance(words, list | tuple):
            words = [word for word in words if not isinstance(word, str) or word.strip()]
        words = validators.texts(self.name, words) or []
        with self.control.hold_sync(), self.control.hold_trait_notifications():
            self.control.words = list(_unique(words))
            self.control.text = ""

    def literal(self) -> str:
        """Return the words as Python source."""
        return repr(list(self.value))

    def _changed(self) -> None:
        if self.value != self._notified:  # else the text has become a chip
            self._notified = self.value
            self._notify()


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
