"""Fields for single values: a line of text, a number of seconds, a choice, yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets

from leia_nb.widgets.fields.base import Field


class TextField(Field):
    """A line of text; empty = None."""

    def __init__(self, name: str, *, placeholder: str = "", **about: Any) -> None:
        super().__init__(name, ipywidgets.Text(placeholder=placeholder), **about)


class SecondsField(Field):
    """A number of seconds, with the same in words beside it; empty = None."""

    def __init__(self, name: str, *, placeholder: str = "", **about: Any) -> None:
        super().__init__(name, ipywidgets.Text(placeholder=placeholder), **about)
        self.on_change(lambda: self.hint(self._in_words()))

    @property
    def value(self) -> int | None:
        """The seconds, or None."""
        text = super().value
        try:
            return int(text) if text is not None else None
        except ValueError:
            return None

    def check(self) -> str | None:
        """Say so if the text is no whole number."""
        text = self.control.value.strip()
        if text and self.value is None:
            return f"{self.label} is {text!r}, which is no whole number of seconds. Write e.g. 200."
        return super().check()

    def _in_words(self) -> str | None:
        return None if self.value is None else in_words(self.value)


def in_words(seconds: int) -> str:
    """Return seconds as people say them.

    Examples
    --------
    >>> in_words(200), in_words(-1), in_words(0), in_words(86400)
    ('3 min 20 s', 'for ever', 'not at all', '1 d')
    """
    if seconds < 0:
        return "for ever"
    if seconds == 0:
        return "not at all"
    parts = []
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts)


class ChoiceField(Field):
    """One of a few values; the first option, left as it is, = None."""

    def __init__(
        self, name: str, options: Sequence[tuple[str, Any]], *, empty: str, **about: Any
    ) -> None:
        control = ipywidgets.Dropdown(options=[(empty, None), *options])
        super().__init__(name, control, **about)

    def fill(self, value: Any) -> None:
        """Choose a value."""
        self.control.value = value


class YesNoField(Field):
    """Yes, no, or left to LEIA (None)."""

    def __init__(self, name: str, *, empty: str, **about: Any) -> None:
        control = ipywidgets.Dropdown(options=[(empty, None), ("yes", True), ("no", False)])
        super().__init__(name, control, **about)

    def fill(self, value: Any) -> None:
        """Choose yes (True), no (False) or neither (None)."""
        self.control.value = value


class WordsField(Field):
    """Several words as chips: tags, or ids of applications; empty = ()."""

    def __init__(self, name: str, **about: Any) -> None:
        super().__init__(name, ipywidgets.TagsInput(allow_duplicates=False), **about)

    @property
    def value(self) -> tuple[str, ...]:
        """The words."""
        return tuple(self.control.value)

    def fill(self, value: Any) -> None:
        """Put the words in."""
        self.control.value = [value] if isinstance(value, str) else list(value or [])
