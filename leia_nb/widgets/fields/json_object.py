"""Fields for JSON objects and page ranges, validated while they are typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ipywidgets

from leia_nb.api import page_range
from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import redaction, shared_layouts
from leia_nb.widgets.fields.base import error_of
from leia_nb.widgets.fields.secret import SecretField
from leia_nb.widgets.fields.simple import TextField

_MAX_PAGES = 20


class JsonField(SecretField):
    """A JSON object; a syntax error is shown with its position. Empty = None."""

    def __init__(self, name: str, *, placeholder: str = '{"top": 3}', **about: Any) -> None:
        self._example = placeholder
        super().__init__(
            name,
            ipywidgets.Textarea(
                placeholder=placeholder, rows=2, layout=shared_layouts.layout(width="auto")
            ),
            **about,
        )
        self.on_change(lambda: self.show_message(self.check() if self.control.value else None))

    @property
    def value(self) -> dict[str, Any] | None:
        """The object, or None if empty or invalid."""
        parsed = _object(self.control.value)
        return None if parsed is None else redaction.in_json(parsed, self.reveal)

    def fill(self, value: Any) -> None:
        """Fill in an object, or text as it is."""
        if isinstance(value, Mapping):
            value = json.dumps(validators.json_object(self.name, value), ensure_ascii=False)
        elif not (value is None or isinstance(value, str)):
            raise InvalidInput(
                f"{self.name} must be a dict or a string of JSON, got {validators.shown(value)}.",
                field=self.name,
            )
        super().fill(value)

    def replaced(self, text: str, change: redaction.Change) -> str:
        """Return the text with each secret replaced, if it is a JSON object."""
        parsed = _object(text)
        replaced = None if parsed is None else redaction.in_json(parsed, change)
        return text if replaced == parsed else json.dumps(replaced, ensure_ascii=False)

    def literal(self) -> str:
        """Return the object as Python source; secrets come from the environment."""
        return repr(redaction.in_json(_object(self.control.value), self._from_environment))

    def _from_environment(self, path: redaction.Path, _secret: str) -> redaction.FromEnvironment:
        return redaction.FromEnvironment(redaction.variable(self.name, path))

    def check(self) -> str | None:
        """Return a message if the text is not a JSON object."""
        text = self.control.value.strip()
        if not text:
            return super().check()
        try:
            value = _read(text)
        except json.JSONDecodeError as error:
            position = f"line {error.lineno}, column {error.colno}"
            return f"{self.label}: invalid JSON at {position}: {error.msg}."
        except (ValueError, RecursionError) as error:
            return f"{self.label}: {error}."
        if not isinstance(value, dict):
            return f"{self.label} must be a JSON object, e.g. {self._example}."
        return self._check_object(value)

    def _check_object(self, value: dict[str, Any]) -> str | None:
        """Return a message if the object cannot be sent."""
        return error_of(validators.json_object, self.name, value)


class HeadersField(JsonField):
    """HTTP headers, as a JSON object of strings; empty = None."""

    def _check_object(self, value: dict[str, Any]) -> str | None:
        """Return a message if a header cannot be sent."""
        return error_of(validators.headers, self.name, value)


def _object(text: str) -> dict[str, Any] | None:
    """Return a text as a JSON object, None if it is not one."""
    try:
        value = _read(text.strip() or "null")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read(text: str) -> Any:
    return json.loads(text, parse_constant=_reject_constant)


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not valid JSON. Use finite numbers, or null")


class PageRangeField(TextField):
    """A page range, with the pages it selects below it. Empty = None."""

    def __init__(self, name: str, **about: Any) -> None:
        super().__init__(name, placeholder="e.g. 0,2:5,-1", **about)
        self._total: int | None = None
        self.on_change(self._show_state)

    def set_total(self, total: int | None) -> None:
        """Set the number of pages to select from, None if it is not known."""
        self._total = total
        self._show_state()

    def check(self) -> str | None:
        """Return a message that names the invalid part of a page range."""
        if self.value is None:
            return super().check()
        try:
            page_range.parse(self.value)
        except page_range.PageRangeError as error:
            return str(error)
        return None

    def _show_state(self) -> None:
        message = self.check() if self.value else None
        self.show_message(message)
        self.hint(None if message or not self.value else describe(self.value, self._total))


def describe(text: str, total: int | None) -> str:
    """Return which pages a page range selects, counted from 1.

    Examples
    --------
    >>> describe("0,2:5", 10)
    'pages 1, 3, 4, 5 of 10'
    >>> describe("7", 3)
    'no page of 3'
    """
    if total is None:
        return f"of 10 pages it would select: {describe(text, 10).removesuffix(' of 10')}"
    selected = page_range.select(text, total)
    if not selected:
        return f"no page of {total}"
    if len(selected) == 1:
        return f"page {selected[0] + 1} of {total}"
    named = ", ".join(str(page + 1) for page in selected[:_MAX_PAGES])
    if len(selected) > _MAX_PAGES:
        return f"{len(selected)} pages of {total}: {named} …"
    return f"pages {named} of {total}"
