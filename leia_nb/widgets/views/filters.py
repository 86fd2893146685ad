"""The filters of a view: fields that select the rows to list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import ipywidgets

from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import references, validators
from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.base import Field, error_of
from leia_nb.widgets.fields.chips import ChipsField
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.forms import form_values


class Filters(ipywidgets.VBox):
    """Fields that narrow down a listing, `fields` by name; empty ones have no effect.

    Those of `more` are shown under "More filters".
    """

    def __init__(self, fields: Sequence[Field], more: Sequence[Field] = ()) -> None:
        self.fields = {field.name: field for field in (*fields, *more)}
        self._on_change: Callable[[], None] = lambda: None
        self._rest = ipywidgets.VBox([field.row for field in more])
        self.more_button = ipywidgets.ToggleButton(
            description="More filters",
            tooltip="Show the filters that are rarely needed",
            layout={"width": "auto"},
        )
        self.clear_button = ipywidgets.Button(
            description="Clear filters",
            tooltip="Empty all filters and list everything",
            layout={"width": "auto"},
        )
        buttons = [self.more_button, self.clear_button] if more else [self.clear_button]
        super().__init__([*(f.row for f in fields), self._rest, ipywidgets.HBox(buttons)])
        styles.show(self._rest, False)
        self._listen()

    def _listen(self) -> None:
        self.more_button.observe(self._toggle, "value")
        self.clear_button.on_click(lambda _button: self.clear())
        for field in self.fields.values():
            if isinstance(field, TextField | ChipsField):
                field.control.continuous_update = False  # list once the text is complete
            field.on_change(lambda: self._on_change())

    def fill(self, **values: Any) -> Filters:
        """Fill in filters by name, as `list` takes them; None empties one.

        An unknown filter, or a value that it cannot hold, raises `InvalidInput`.
        """
        form_values.fill(self.fields, values, "This view", "filter")
        return self

    def clear(self) -> None:
        """Empty all filters."""
        self.fill(**dict.fromkeys(self.fields))

    @property
    def values(self) -> dict[str, Any]:
        """The values of the filters that are not empty, by name, as `list` takes them."""
        values = {name: field.value for name, field in self.fields.items()}
        return {name: value for name, value in values.items() if value not in (None, (), [])}

    def check(self) -> dict[str, str]:
        """Show and return the message of each filter that is invalid, by name."""
        messages = {name: field.check() for name, field in self.fields.items()}
        for name, message in messages.items():
            self.fields[name].show_message(message)
        return {name: message for name, message in messages.items() if message}

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call back whenever a filter changes."""
        self._on_change = callback

    def _toggle(self, change: dict[str, Any]) -> None:
        self.more_button.description = "Fewer filters" if change["new"] else "More filters"
        styles.show(self._rest, change["new"])


class TimeField(TextField):
    """A time in UTC, written like 2026-11-23T12:00; empty = None."""

    def __init__(self, name: str, **about: Any) -> None:
        super().__init__(name, placeholder="2026-11-23 or 2026-11-23T12:00 (UTC)", **about)

    def fill(self, value: Any) -> None:
        """Fill in a time: a datetime or ISO 8601 text."""
        super().fill(value.isoformat() if isinstance(value, datetime) else value)

    def check(self) -> str | None:
        """Return a message if the text is not a time."""
        if error_of(validators.moment, self.name, self.value) is None:
            return None
        return (
            f"{self.label} {self.value!r} is not a valid time. Enter a date such as 2026-11-23, or "
            "a time such as 2026-11-23T12:00."
        )


class MultipleChoiceField(Field):
    """Any number of the options; empty = ()."""

    def __init__(self, name: str, options: Sequence[str], **about: Any) -> None:
        super().__init__(name, ipywidgets.SelectMultiple(options=list(options), rows=4), **about)

    def fill(self, value: Any) -> None:
        """Select options; an unknown one raises `InvalidInput`."""
        selected = validators.texts(self.name, value) or []
        for option in selected:
            if option not in self.control.options:
                raise InvalidInput(
                    f"{self.label} {validators.shown(option)} is unknown. Choose from "
                    f"{', '.join(self.control.options)}.",
                    field=self.name,
                )
        self.control.value = selected


class IdField(TextField):
    """The id of an object of a resource, e.g. ``"model"``; empty = None."""

    def __init__(self, name: str, resource: str, **about: Any) -> None:
        super().__init__(name, **about)
        self._resource = resource

    def fill(self, value: Any) -> None:
        """Fill in an id, or the object itself."""
        super().fill(references.optional_id(value, self._resource))

    def check(self) -> str | None:
        """Return a message if the text cannot be an id."""
        return error_of(references.optional_id, self.value, self._resource)
