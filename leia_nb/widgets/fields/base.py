"""A field: one parameter of a LEIA operation as a labelled row of a form."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import ipywidgets
import traitlets

from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import shared_layouts, styles

_LOCK = threading.Lock()  # content and visibility change together


class Field:
    """One parameter: a widget (`control`) with a label, a tooltip, a hint and a message.

    `name` is that of the parameter in the Python call; `row` is what a form shows.
    """

    def __init__(
        self,
        name: str,
        control: ipywidgets.DOMWidget,
        *,
        label: str,
        tooltip: str,
        required: bool = False,
    ) -> None:
        self.name = name
        self.control = control
        self.label = label
        self.tooltip = tooltip
        self.required = required
        self._callbacks: list[Callable[[], object]] = []
        self._describe()
        self._hint = shared_layouts.html(display="none")
        self._message = shared_layouts.html(display="none")
        self._hint_is_error = False
        self.row = ipywidgets.VBox(
            [control, self._hint, self._message], layout=shared_layouts.layout()
        )
        self._observe()

    def _describe(self) -> None:
        self.control.description = self.label + (" *" if self.required else "")
        self.control.tooltip = self.tooltip
        self.control.style.description_width = styles.LABEL_WIDTH
        if not shared_layouts.is_shared(self.control.layout):
            self.control.layout.width = "auto"

    @property
    def value(self) -> Any:
        """The value, as the Python call takes it; None if empty."""
        value = self.control.value
        return value.strip() or None if isinstance(value, str) else value

    def fill(self, value: Any) -> None:
        """Fill in a value, as the Python call takes it; None empties the field.

        A value that the field cannot hold raises `InvalidInput`.
        """
        self.control.value = validators.text(self.name, value) or ""

    def check(self) -> str | None:
        """Return why the field is invalid, or None."""
        if self.required and is_empty(self.value):
            return f"{self.label} is empty. Fill it in."
        return None

    def literal(self) -> str:
        """Return the value as Python source, for the form's code."""
        return repr(self.value)

    @property
    def secrets(self) -> Mapping[Any, str]:
        """The parts of the value that must not be shown, by position; by default none."""
        return {}

    @property
    def environment(self) -> tuple[str, ...]:
        """The environment variables from which `literal` takes secrets; by default none."""
        return ()

    @property
    def missing(self) -> bool:
        """Whether the field is required and empty."""
        return self.required and is_empty(self.value)

    def show_message(self, message: str | None) -> None:
        """Show a message next to the field; None removes it."""
        with _LOCK:
            _put(self._message, styles.text(styles.cut(message), "message") if message else "")
            self._update_hint()

    def hint(self, text: str | None, *, is_error: bool = False) -> None:
        """Show a hint below the field; None removes it. A message replaces an error's hint."""
        with _LOCK:
            self._hint_is_error = is_error
            _put(self._hint, styles.text(styles.cut(text), "hint") if text else "")
            self._update_hint()

    def _update_hint(self) -> None:
        hidden = self._hint_is_error and self._message.value
        styles.show(self._hint, bool(self._hint.value and not hidden))

    def on_change(self, callback: Callable[[], object]) -> None:
        """Call back whenever a user or `fill` changes the field."""
        self._callbacks.append(callback)

    def close(self) -> None:
        """Close the field and stop its work in the background."""
        styles.close(self.row)

    def _observe(self) -> None:
        """Observe the control; changes of the value must call `_notify`."""
        self.control.observe(lambda _change: self._notify(), names="value")

    def _notify(self) -> None:
        for callback in self._callbacks:
            callback()


class BrowserInput(anywidget.AnyWidget):
    """The base of inputs that have a script of their own."""

    description = traitlets.Unicode().tag(sync=True)
    """The label."""

    placeholder = traitlets.Unicode().tag(sync=True)
    """The text shown while the input is empty."""

    label_width = traitlets.Unicode(styles.LABEL_WIDTH).tag(sync=True)
    """The width of the label, in CSS units."""


class BrowserField(Field):
    """The base of fields whose control is a `BrowserInput`."""

    def _describe(self) -> None:
        self.control.description = self.label + (" *" if self.required else "")
        self.control.tooltip = self.tooltip
        self.control.layout.width = "auto"
        self.control.layout.margin = "2px"


def error_of(validate: Callable[..., object], *arguments: Any) -> str | None:
    """Return the message of the `InvalidInput` that a validator raises, or None."""
    try:
        validate(*arguments)
    except InvalidInput as error:
        return str(error)
    return None


def is_empty(value: Any) -> bool:
    """Whether a value is that of an empty field.

    Examples
    --------
    >>> is_empty(None), is_empty(()), is_empty(False), is_empty(0)
    (True, True, False, False)
    """
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def _put(area: ipywidgets.HTML, content: str) -> None:
    if area.value != content:
        area.value = content
        styles.show(area, bool(content))
