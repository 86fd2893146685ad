"""Fields for JSON objects and page ranges, checked while people type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ipywidgets

from leia_nb.api import page_range
from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import redaction, shared_layouts
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.secret import SecretField

_MOST_NAMED = 20


class JsonField(SecretField):
    """A JSON object; a mistake is shown with its place. Empty = None."""

    def __init__(self, name: str, *, placeholder: str = '{"top": 3}', **about: Any) -> None:
        self._example = placeholder
        super().__init__(
            name,
            ipywidgets.Textarea(
                placeholder=placeholder, rows=2, layout=shared_layouts.layout(width="auto")
            ),
            **about,
        )
        self.on_change(lambda: self.say(self.check() if self.control.value else None))

    @property
    def value(self) -> dict[str, Any] | None:
        """The object, or None when empty or wrong."""
        found = _object(self.control.value)
        return None if found is None else redaction.in_json(found, self.reveal)

    def fill(self, value: Any) -> None:
        """Put an object in; a text is put in as it is."""
        if isinstance(value, Mapping):
            value = json.dumps(validators.json_object(self.name, value), ensure_ascii=False)
        elif not (value is None or isinstance(value, str)):
            raise InvalidInput(
                f"{self.name} is {validators.shown(value)}. Give a dict, or JSON as text.",
                field=self.name,
            )
        super().fill(value)

    def replaced(self, text: str, change: redaction.Change) -> str:
        """Return the text with each secret replaced; what is no JSON object stays as it is."""
        found = _object(text)
        replaced = None if found is None else redaction.in_json(found, change)
        return text if replaced == found else json.dumps(replaced, ensure_ascii=False)

    def literal(self) -> str:
        """Return the object as Python source; secrets come from the environment."""
        return repr(redaction.in_json(_object(self.control.value), self._from_environment))

    def _from_environment(self, path: redaction.Path, _secret: str) -> redaction.FromEnvironment:
        return redaction.FromEnvironment(redaction.variable(self.name, path))

    def check(self) -> str | None:
        """Say where the text is no JSON, or that it is no object."""
        text = self.control.value.strip()
        if not text:
            return super().check()
        try:
            value = _read(text)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            return f"{self.label}: no valid JSON at {place}: {error.msg}."
        except (ValueError, RecursionError) as error:
            return f"{self.label}: {error}."
        if not isinstance(value, dict):
            return f"{self.label} must be a JSON object, e.g. {self._example}."
        return self._check_object(value)

    def _check_object(self, value: dict[str, Any]) -> str | None:
        """Say what cannot be sent."""
        try:
            validators.json_object(self.name, value)
        except InvalidInput as error:
            return str(error)
        return None


def _object(text: str) -> dict[str, Any] | None:
    """Return the JSON object that a text is, if it is one."""
    try:
        value = _read(text.strip() or "null")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read(text: str) -> Any:
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number. NaN and Infinity are no JSON")


class PageRangeField(Field):
    """A page range, with a live reading of the pages it picks. Empty = None."""

    def __init__(self, name: str, **about: Any) -> None:
        super().__init__(
            name,
            ipywidgets.Text(
                placeholder="e.g. 0,2:5,-1", layout=shared_layouts.layout(width="auto")
            ),
            **about,
        )
        self._total: int | None = None
        self.on_change(self._read)

    def set_total(self, total: int | None) -> None:
        """Tell how many pages there are to pick from, if it is known."""
        self._total = total
        self._read()

    def check(self) -> str | None:
        """Say which part is no page range."""
        if self.value is None:
            return super().check()
        try:
            page_range.parse(self.value)
        except page_range.PageRangeError as error:
            return str(error)
        return None

    def _read(self) -> None:
        wrong = self.check() if self.value else None
        self.say(wrong)
        self.hint(None if wrong or not self.value else reading(self.value, self._total))


def reading(text: str, total: int | None) -> str:
    """Return in words which pages a page range picks; people count from 1.

    Examples
    --------
    >>> reading("0,2:5", 10)
    'pages 1, 3, 4, 5 of 10'
    >>> reading("7", 3)
    'no page of 3'
    """
    if total is None:
        return f"of 10 pages it would pick: {reading(text, 10).removesuffix(' of 10')}"
    picked = page_range.select(text, total)
    if not picked:
        return f"no page of {total}"
    if len(picked) == 1:
        return f"page {picked[0] + 1} of {total}"
    named = ", ".join(str(page + 1) for page in picked[:_MOST_NAMED])
    if len(picked) > _MOST_NAMED:
        return f"{len(picked)} pages of {total}: {named} …"
    return f"pages {named} of {total}"
