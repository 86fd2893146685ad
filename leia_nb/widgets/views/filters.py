"""The filters of a view: fields that say which rows to list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import ipywidgets

from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import references, validators
from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.simple import TextField, WordsField
from leia_nb.widgets.forms import form_values


class Filters(ipywidgets.VBox):
    """Fields that narrow a listing down; empty ones do nothing.

    Parameters
    ----------
    fields : sequence of Field
        What most people filter by.
    more : sequence of Field
        The rest; shown under "More filters".

    Attributes
    ----------
    fields : dict of str to Field
        All of them by name.
    """

    def __init__(self, fields: Sequence[Field], more: Sequence[Field] = ()) -> None:
        self.fields = {field.name: field for field in (*fields, *more)}
        self._on_change: Callable[[], None] | None = None
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
        self.more_button.observe(self._toggled, "value")
        self.clear_button.on_click(lambda _button: self.clear())
        for field in self.fields.values():
            if isinstance(field, TextField | WordsField):
                field.control.continuous_update = False  # look when the text is whole
            field.on_change(self._changed)

    def fill(self, **values: Any) -> Filters:
        """Fill filters in by name, as `list` takes them; None empties one.

        Raises
        ------
        InvalidInput
            If there is no such filter, or it cannot hold the value.
        """
        form_values.fill(self.fields, values, "This view", "filter")
        return self

    def clear(self) -> None:
        """Empty all filters."""
        self.fill(**dict.fromkeys(self.fields))

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in, by name, as `list` takes it; empty ones left out."""
        values = {name: field.value for name, field in self.fields.items()}
        return {name: value for name, value in values.items() if value not in (None, (), [])}

    def check(self) -> dict[str, str]:
        """Show and return what is wrong, by filter."""
        found = {name: field.check() for name, field in self.fields.items()}
        for name, field in self.fields.items():
            field.say(found[name])
        return {name: message for name, message in found.items() if message}

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call back whenever a filter is changed."""
        self._on_change = callback

    def _changed(self) -> None:
        if self._on_change is not None:
            self._on_change()

    def _toggled(self, change: dict[str, Any]) -> None:
        self.more_button.description = "Fewer filters" if change["new"] else "More filters"
        styles.show(self._rest, change["new"])


class MomentField(TextField):
    """A time in UTC, written like 2026-11-23T12:00; empty = None."""

    def __init__(self, name: str, **about: Any) -> None:
        super().__init__(name, placeholder="2026-11-23 or 2026-11-23T12:00 (UTC)", **about)

    def fill(self, value: Any) -> None:
        """Put a time in: a datetime or ISO 8601 text."""
        super().fill(value.isoformat() if isinstance(value, datetime) else value)

    def check(self) -> str | None:
        """Say so if the text is no time."""
        try:
            validators.moment(self.name, self.value)
        except InvalidInput:
            return (
                f"{self.label} is {self.value!r}, which is no time. Write e.g. 2026-11-23 or "
                "2026-11-23T12:00."
            )
        return None


class SomeOfField(Field):
    """Some of a few known words; empty = ()."""

    def __init__(self, name: str, words: Sequence[str], **about: Any) -> None:
        super().__init__(name, ipywidgets.SelectMultiple(options=list(words), rows=4), **about)

    def fill(self, value: Any) -> None:
        """Choose words; an unknown one is refused."""
        words = validators.texts(self.name, value) or []
        for word in words:
            if word not in self.control.options:
                choices = ", ".join(self.control.options)
                raise InvalidInput(
                    f"{self.label}: {validators.shown(word)} is unknown. Choose from {choices}.",
                    field=self.name,
                )
        self.control.value = words


class IdField(TextField):
    """An id, typed in or taken from an object; empty = None."""

    def __init__(self, name: str, what: str, **about: Any) -> None:
        super().__init__(name, **about)
        self._what = what

    def fill(self, value: Any) -> None:
        """Put an id in, or the object itself."""
        super().fill(references.optional_id(value, self._what))

    def check(self) -> str | None:
        """Say so if the text can be no id."""
        try:
            references.optional_id(self.value, self._what)
        except InvalidInput as error:
            return str(error)
        return None
