"""The field for several words: each becomes a chip that can be taken out again.

The chips are made in the browser, which sends words and text together. A message of its
own for Enter would overtake the last keys, which ipywidgets holds back while the kernel
is busy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from leia_nb.resources.parameters import validators
from leia_nb.widgets.browser import STATIC
from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.base import Field


class WordsInput(anywidget.AnyWidget):
    """A line to type words into, and the chips below it."""

    _esm = STATIC / "chips.js"
    _css = STATIC / "chips.css"

    description = traitlets.Unicode().tag(sync=True)
    """What people read beside it."""

    placeholder = traitlets.Unicode().tag(sync=True)
    """What stands in the line while it is empty."""

    label_width = traitlets.Unicode(styles.LABEL_WIDTH).tag(sync=True)
    """The width of the label, in CSS units."""

    continuous_update = traitlets.Bool(True).tag(sync=True)
    """Whether each key is sent; else the text is sent when the line is left."""

    words = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The chips."""

    text = traitlets.Unicode().tag(sync=True)
    """What stands in the line and is no chip yet."""


class WordsField(Field):
    """Several words as chips: tags, or ids of applications; empty = ().

    A comma or Enter makes a chip of what is typed. What stands in the line without
    either counts too, so nothing typed is lost.
    """

    control: WordsInput

    def __init__(
        self, name: str, *, placeholder: str = "separated by commas", **about: Any
    ) -> None:
        self._callbacks: list[Callable[[], object]] = []
        self._told: tuple[str, ...] = ()
        super().__init__(name, WordsInput(placeholder=placeholder), **about)
        self.control.observe(lambda _change: self._changed(), names=["words", "text"])

    def _describe(self) -> None:
        self.control.description = self.label + (" *" if self.required else "")
        self.control.tooltip = self.tooltip
        self.control.layout.width = "auto"
        self.control.layout.margin = "2px"

    @property
    def value(self) -> tuple[str, ...]:
        """The words, each once."""
        return _each_once([*self.control.words, *self.control.text.split(",")])

    def fill(self, value: Any) -> None:
        """Put words in: one, or several; they may hold commas."""
        several = [value] if isinstance(value, str) else value
        if isinstance(several, list | tuple):
            several = [word for word in several if not isinstance(word, str) or word.strip()]
        words = validators.texts(self.name, several) or []
        with self.control.hold_sync(), self.control.hold_trait_notifications():
            self.control.words = list(_each_once(words))
            self.control.text = ""

    def literal(self) -> str:
        """Return the words as Python source."""
        return repr(list(self.value))

    def on_change(self, callback: Callable[[], object]) -> None:
        """Call back whenever a person or `fill` changes the words."""
        self._callbacks.append(callback)

    def _changed(self) -> None:
        if self.value == self._told:
            return  # what was typed has become a chip
        self._told = self.value
        for callback in self._callbacks:
            callback()


def _each_once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
