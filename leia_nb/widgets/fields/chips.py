"""The field for several words: each becomes a chip that a click takes out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from leia_nb.widgets import look
from leia_nb.widgets.fields.base import Field


class WordsField(Field):
    """Several words as chips: tags, or ids of applications; empty = ().

    A comma or Enter makes a chip of what is typed. What stands in the line without
    either counts too, so nothing typed is lost.
    """

    def __init__(
        self, name: str, *, placeholder: str = "separated by commas", **about: Any
    ) -> None:
        self._words: tuple[str, ...] = ()
        self._callbacks: list[Callable[[], object]] = []
        super().__init__(name, ipywidgets.Text(placeholder=placeholder), **about)
        self._chips = ipywidgets.HBox()
        self._chips.add_class("leia-chips")
        look.show(self._chips, False)
        self.row.children = [self.control, self._chips, *self.row.children[1:]]
        self.control.observe(lambda _change: self._typed(), names="value")
        self.control.on_msg(self._hear)

    @property
    def value(self) -> tuple[str, ...]:
        """The words, each once."""
        return tuple(dict.fromkeys((*self._words, *_split(self.control.value))))

    def fill(self, value: Any) -> None:
        """Put words in: one, or several; they may hold commas."""
        words = [value] if isinstance(value, str) else [str(word) for word in value or ()]
        self._words = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
        self.control.value = ""
        self._show()

    def literal(self) -> str:
        """Return the words as Python source."""
        return repr(list(self.value))

    def on_change(self, callback: Callable[[], object]) -> None:
        """Call back whenever a person or `fill` changes the words."""
        self._callbacks.append(callback)

    def _hear(self, _control: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message.get("event") == "submit":  # Enter
            self.fill(self.value)

    def _typed(self) -> None:
        text = self.control.value
        if "," in text:
            *ended, begun = text.split(",")
            self._words = tuple(dict.fromkeys((*self._words, *_split(",".join(ended)))))
            self.control.value = begun.lstrip()
        self._show()

    def _remove(self, word: str) -> None:
        self._words = tuple(one for one in self._words if one != word)
        self._show()

    def _show(self) -> None:
        old = self._chips.children
        if [chip.leia_word for chip in old] != list(self._words):
            self._chips.children = [self._chip(word) for word in self._words]
            look.show(self._chips, bool(self._words))
            for chip in old:
                look.close(chip)
        for callback in self._callbacks:
            callback()

    def _chip(self, word: str) -> ipywidgets.Button:
        chip = ipywidgets.Button(description=f"{word} ×", tooltip=f"Take {word} out")
        chip.leia_word = word
        chip.on_click(lambda _button: self._remove(word))
        return chip


def _split(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
