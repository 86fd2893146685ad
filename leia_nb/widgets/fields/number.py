"""A field for one number, whole or not."""

from __future__ import annotations

import re
from typing import Any

from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators
from leia_nb.widgets.fields.simple import TextField

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})")


class CountField(TextField):
    """A whole number; empty = None.

    Parameters
    ----------
    name : str
        The parameter's name in the Python call.
    least : int, optional
        The smallest one; default: any.
    placeholder : str
        What the empty field shows.
    """

    form = _WHOLE
    example = "Write a whole number, e.g. 1."

    def __init__(
        self, name: str, *, least: int | None = None, placeholder: str = "", **about: Any
    ) -> None:
        super().__init__(name, placeholder=placeholder, **about)
        self._least = least
        self.on_change(lambda: self.say(self.check() if self.control.value else None))

    @property
    def value(self) -> Any:
        """The number, or None."""
        text = super().value
        return self._number(text) if text is not None and self.form.fullmatch(text) else None

    def fill(self, value: Any) -> None:
        """Put a number in, as a number or a text; None empties the field."""
        number = None if isinstance(value, str) else self._checked(value)
        super().fill(value if number is None else repr(number).removesuffix(".0"))

    def check(self) -> str | None:
        """Say so if the text is no such number."""
        text = self.control.value.strip()
        if not text:
            return super().check()
        if not self.form.fullmatch(text):
            return f"{self.label} is {validators.shown(text)}. {self.example}"
        try:
            self._checked(self._number(text))
        except InvalidInput as error:
            return str(error)
        return None

    def _number(self, text: str) -> Any:
        return int(text)

    def _checked(self, value: Any) -> Any:
        return validators.whole_number(self.name, value, least=self._least)


class AmountField(CountField):
    """A number above 0, whole or not; empty = None."""

    form = _DECIMAL
    example = "Write a number, e.g. 0.5."

    def _number(self, text: str) -> Any:
        return float(text)

    def _checked(self, value: Any) -> Any:
        return validators.amount(self.name, value)
