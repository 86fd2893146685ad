"""Fields for single values: text, numbers, choices, yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

import ipywidgets

from leia_nb.errors import InvalidInput
from leia_nb.records import humanize
from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import shared_layouts
from leia_nb.widgets.fields.base import Field, error_of

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})")


class TextField(Field):
    """A line of text; empty = None."""

    def __init__(self, name: str, *, placeholder: str = "", **about: Any) -> None:
        layout = shared_layouts.layout(width="auto")
        super().__init__(name, ipywidgets.Text(placeholder=placeholder, layout=layout), **about)


class ShortNameField(TextField):
    """A model's short name; empty = None."""

    def check(self) -> str | None:
        """Return a message if the text is not a valid short name."""
        return error_of(validators.short_name, self.value) or super().check()


class IntegerField(TextField):
    """An integer, `least` or more; empty = None."""

    pattern: ClassVar[re.Pattern[str]] = _INTEGER
    expected: ClassVar[str] = "an integer, e.g. 1"
    number_type: ClassVar[type[int] | type[float]] = int

    def __init__(self, name: str, *, least: int | None = None, **about: Any) -> None:
        super().__init__(name, **about)
        self._least = least
        self.on_change(self._show_state)

    @property
    def value(self) -> Any:
        """The number, or None."""
        text = super().value
        return self.number_type(text) if text and self.pattern.fullmatch(text) else None

    def fill(self, value: Any) -> None:
        """Fill in a number or text; None empties the field."""
        number = None if isinstance(value, str) else self._validate(value)
        super().fill(value if number is None else repr(number).removesuffix(".0"))

    def check(self) -> str | None:
        """Return a message if the text is not such a number."""
        text = self.control.value.strip()
        if not text:
            return super().check()
        if self.value is None:
            return f"{self.label} must be {self.expected}, got {validators.shown(text)}."
        return error_of(self._validate, self.value)

    def _validate(self, value: Any) -> Any:
        return validators.whole_number(self.name, value, least=self._least)

    def _show_state(self) -> None:
        self.show_message(self.check() if self.control.value else None)


class PositiveNumberField(IntegerField):
    """A number above 0, with or without decimals; empty = None."""

    pattern = _DECIMAL
    expected = "a number, e.g. 0.5"
    number_type = float

    def _validate(self, value: Any) -> Any:
        return validators.amount(self.name, value)


class SecondsField(IntegerField):
    """A whole number of seconds, with the duration in words below it; empty = None."""

    expected = "a whole number of seconds, e.g. 200"

    def _show_state(self) -> None:
        super()._show_state()
        self.hint(None if self.value is None else humanize.seconds(self.value))


_EMPTY = ""  # a Dropdown whose value is None shows nothing


class ChoiceField(Field):
    """One of a few values; the first option, which is selected at first, is None."""

    def __init__(
        self, name: str, options: Sequence[tuple[str, Any]], *, empty: str, **about: Any
    ) -> None:
        control = ipywidgets.Dropdown(
            options=[(empty, _EMPTY), *options], layout=shared_layouts.layout(width="auto")
        )
        super().__init__(name, control, **about)

    def fill(self, value: Any) -> None:
        """Select a value; one that is not an option raises `InvalidInput`."""
        choices = [None, *(choice for _, choice in self.control.options[1:])]
        if not _contains(choices, value):
            raise InvalidInput(
                f"{self.name} cannot be {validators.shown(value)}. Choose from "
                f"{', '.join(map(repr, choices[1:]))}.",
                field=self.name,
            )
        self.control.value = _EMPTY if value is None else choices[choices.index(value)]


def _contains(choices: Sequence[Any], value: Any) -> bool:
    try:
        return value in choices
    except (TypeError, ValueError):  # pandas and numpy objects that cannot be compared
        return False


class BooleanField(ChoiceField):
    """Yes, no, or the default of LEIA (None)."""

    def __init__(self, name: str, *, empty: str, **about: Any) -> None:
        super().__init__(name, [("yes", True), ("no", False)], empty=empty, **about)
