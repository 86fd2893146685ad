"""Fields for single values: a line of text, a number of seconds, a choice, yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import ipywidgets

from leia_nb.errors import InvalidInput
from leia_nb.records import humanize
from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import shared_layouts
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.chips import WordsField

__all__ = ["ChoiceField", "SecondsField", "TextField", "WordsField", "YesNoField"]


_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")


class TextField(Field):
    """A line of text; empty = None."""

    def __init__(self, name: str, *, placeholder: str = "", **about: Any) -> None:
        super().__init__(
            name,
            ipywidgets.Text(placeholder=placeholder, layout=shared_layouts.layout(width="auto")),
            **about,
        )


class SecondsField(Field):
    """A number of seconds, with the same in words below it; empty = None."""

    def __init__(self, name: str, *, placeholder: str = "", **about: Any) -> None:
        super().__init__(
            name,
            ipywidgets.Text(placeholder=placeholder, layout=shared_layouts.layout(width="auto")),
            **about,
        )
        self.on_change(self._read)

    @property
    def value(self) -> int | None:
        """The seconds, or None."""
        text = super().value
        return int(text) if text is not None and _WHOLE.fullmatch(text) else None

    def fill(self, value: Any) -> None:
        """Put seconds in, as a number or a text; None empties the field."""
        number = None if isinstance(value, str) else validators.whole_number(self.name, value)
        super().fill(value if number is None else str(number))

    def check(self) -> str | None:
        """Say so if the text is no whole number."""
        text = self.control.value.strip()
        if text and self.value is None:
            said = validators.shown(text)
            return f"{self.label} is {said}, which is no whole number of seconds. Write e.g. 200."
        return super().check()

    def _read(self) -> None:
        self.say(self.check() if self.control.value else None)
        self.hint(None if self.value is None else humanize.seconds(self.value))


_EMPTY = ""  # a Dropdown whose value is None shows nothing


class ChoiceField(Field):
    """One of a few values; the first option, left as it is, = None."""

    def __init__(
        self, name: str, options: Sequence[tuple[str, Any]], *, empty: str, **about: Any
    ) -> None:
        control = ipywidgets.Dropdown(
            options=[(empty, _EMPTY), *options], layout=shared_layouts.layout(width="auto")
        )
        super().__init__(name, control, **about)

    def fill(self, value: Any) -> None:
        """Choose a value.

        Raises
        ------
        InvalidInput
            If it cannot be chosen.
        """
        choices = [None, *(choice for _, choice in self.control.options[1:])]
        if not _is_among(value, choices):
            offered = ", ".join(repr(choice) for choice in choices if choice is not None)
            raise InvalidInput(
                f"{self.name} cannot be {validators.shown(value)}. Choose from {offered}.",
                field=self.name,
            )
        self.control.value = _EMPTY if value is None else choices[choices.index(value)]


def _is_among(value: Any, choices: Sequence[Any]) -> bool:
    try:
        return value in choices
    except (TypeError, ValueError):  # what pandas and numpy cannot compare
        return False


class YesNoField(ChoiceField):
    """Yes, no, or left to LEIA (None)."""

    def __init__(self, name: str, *, empty: str, **about: Any) -> None:
        super().__init__(name, [("yes", True), ("no", False)], empty=empty, **about)
