"""A field: one parameter of a LEIA operation as a labelled row of a form."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import shared_layouts, styles

_PUTTING = threading.Lock()  # what is put and whether it is shown go together


class Field:
    """One parameter, with its label, its tooltip and the place for its message.

    Parameters
    ----------
    name : str
        The parameter's name in the Python call, e.g. ``"short_name"``.
    control : ipywidgets.Widget
        What people type or click into; it gets label and tooltip.
    label : str
        What people read beside it.
    tooltip : str
        One sentence: what it is, its unit, what happens when it is left empty.
    required : bool
        Whether it must not be left empty.

    Attributes
    ----------
    row : ipywidgets.VBox
        What a form shows: control, hint and message.
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
        self._describe()
        self._hint = shared_layouts.html(display="none")
        self._message = shared_layouts.html(display="none")
        self._hint_is_trouble = False
        self.row = ipywidgets.VBox(
            [control, self._hint, self._message], layout=shared_layouts.layout()
        )

    def _describe(self) -> None:
        self.control.description = self.label + (" *" if self.required else "")
        self.control.tooltip = self.tooltip
        self.control.style.description_width = styles.LABEL_WIDTH
        if not shared_layouts.is_shared(self.control.layout):
            self.control.layout.width = "auto"

    @property
    def value(self) -> Any:
        """What the field holds, as the Python call takes it; None when left empty."""
        value = self.control.value
        return value.strip() or None if isinstance(value, str) else value

    def fill(self, value: Any) -> None:
        """Put a value in, as the Python call takes it; None empties the field.

        Raises
        ------
        InvalidInput
            If the field cannot hold it.
        """
        self.control.value = validators.text(self.name, value) or ""

    def check(self) -> str | None:
        """Return what is wrong with the field, in words, or None."""
        if self.required and is_empty(self.value):
            return f"{self.label} is empty. Fill it in."
        return None

    def literal(self) -> str:
        """Return the value as Python source, for the form's code."""
        return repr(self.value)

    @property
    def secrets(self) -> Mapping[Any, str]:
        """What of the value must not be shown: nothing by itself."""
        return {}

    @property
    def environment(self) -> tuple[str, ...]:
        """The environment variables that `literal` takes secrets from: none by itself."""
        return ()

    @property
    def missing(self) -> bool:
        """Whether it must be filled in and is not."""
        return self.required and is_empty(self.value)

    def say(self, message: str | None) -> None:
        """Show a message next to the field; None takes it away."""
        with _PUTTING:
            _put(self._message, styles.text(styles.cut(message), "message") if message else "")
            self._give_way()

    def hint(self, words: str | None, *, trouble: bool = False) -> None:
        """Show words that help below the field; None takes them away.

        Parameters
        ----------
        words : str or None
            What to show.
        trouble : bool
            Whether they only say what is wrong; a message hides them, as it says that too.
        """
        with _PUTTING:
            self._hint_is_trouble = trouble
            _put(self._hint, styles.text(styles.cut(words), "hint") if words else "")
            self._give_way()

    def _give_way(self) -> None:
        hidden = self._hint_is_trouble and self._message.value
        styles.show(self._hint, bool(self._hint.value and not hidden))

    def on_change(self, callback: Callable[[], object]) -> None:
        """Call back whenever a person or `fill` changes the field."""
        self.control.observe(lambda _change: callback(), names="value")

    def close(self) -> None:
        """Take the field off the screen and end what it does in the background."""
        styles.close(self.row)


def is_empty(value: Any) -> bool:
    """Whether a value stands for a field left empty.

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
