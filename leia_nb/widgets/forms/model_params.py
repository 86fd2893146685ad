"""The field for `model_params`: one input per parameter that the service declares.

The JSON object below the inputs is the field's value; an input shows and edits one member of
it. So parameters that no schema declares, and services that declare none, need nothing else.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.api.parameter_schema import accepts, expected, not_null
from leia_nb.resources.parameters.validators import shown
from leia_nb.widgets.common import redaction, shared_layouts, styles
from leia_nb.widgets.fields.background_reader import BackgroundReader
from leia_nb.widgets.fields.json_object import JsonField

if TYPE_CHECKING:
    from leia_nb.client import Client

_UNSET = ""  # a Dropdown whose value is None shows nothing
_Schemas = dict[str, Mapping[str, Any]]


class ModelParamsField(JsonField):
    """The parameters of a training or of an apply, as a JSON object; empty = None.

    Parameters
    ----------
    leia : Client
        The service, which is asked once for the parameters that it declares.
    kind : str
        ``"training_parameters"`` or ``"apply_parameters"``.
    get_module : callable
        Returns the chosen `model_module`, or None. Call `refresh` when it may have changed.
    """

    def __init__(self, leia: Client, kind: str, get_module: Callable[[], str | None]) -> None:
        self._leia = leia
        self._kind = kind
        self._get_module = get_module
        self._schemas: _Schemas = {}
        self._inputs: dict[str, ParameterInput] = {}
        self._lock = threading.RLock()
        super().__init__(
            "model_params",
            placeholder='{"top": 3}',
            label="Model params",
            tooltip="All parameters of the model module as a JSON object. Empty: the defaults.",
        )
        self._rows = ipywidgets.VBox(layout=shared_layouts.layout())
        self.row.children = [self._rows, *self.row.children]
        self.on_change(self._show_members)
        # A service without this operation, or without an answer, leaves the JSON object alone.
        self._declared: BackgroundReader[dict[str, _Schemas]] = BackgroundReader(
            self._read, {}, self.refresh
        )
        self._declared.start()

    def refresh(self) -> None:
        """Show an input for each parameter of the module that is chosen now."""
        module = self._get_module()
        schemas = self._declared.known.get(module or "", {})
        with self._lock:
            if schemas == self._schemas:
                return
            self._schemas = schemas
            outdated = self._rows.children
            self._inputs = {
                name: ParameterInput(name, schema, partial(self._edit, name))
                for name, schema in schemas.items()
            }
            heading = shared_layouts.html(styles.text(f"Parameters of {module}:", "hint"))
            self._rows.children = [
                *([heading] if schemas else []),
                *(parameter.control for parameter in self._inputs.values()),
            ]
            for widget in outdated:
                styles.close(widget)
            self._show_members()

    def wait(self) -> None:
        """Wait for the service's declarations (not longer than `Reading` does) and use them."""
        _ = self._declared.value
        self.refresh()

    def _read(self) -> dict[str, _Schemas]:
        return {
            trainer["model_module"]: _properties(trainer[self._kind])
            for trainer in self._leia.trainers()
        }

    def _edit(self, name: str) -> None:
        """Put what an input holds into the JSON object."""
        with self._lock:
            parameter, members = self._inputs.get(name), self.value or {}
            if parameter is None or parameter.shows(self._masked().get(name)):
                return
            members.pop(name, None)
            if (value := parameter.value) is not None:
                members[name] = value
            self.fill(members or None)

    def _show_members(self) -> None:
        """Show the members of the JSON object in their inputs, which malformed JSON disables."""
        with self._lock:
            members = self._masked()
            malformed = bool(self.control.value.strip()) and self.value is None
            for name, parameter in self._inputs.items():
                parameter.control.disabled = malformed
                if not malformed:
                    parameter.show(members.get(name))

    def _masked(self) -> dict[str, Any]:
        return redaction.in_json(self.value or {}, lambda _path, _secret: redaction.HIDDEN)  # type: ignore[no-any-return]

    def _check_object(self, value: dict[str, Any]) -> str | None:
        wrong = [
            f"{name} must be {expected(schema)}, got {shown(value[name])}{_default_note(schema)}."
            for name, schema in self._schemas.items()
            if name in value and not accepts(schema, parsed(schema, value[name]))
        ]
        return " ".join(wrong) or super()._check_object(value)


class ParameterInput:
    """The input for one declared parameter; left empty, the service's default holds."""

    def __init__(self, name: str, schema: Mapping[str, Any], on_edit: Callable[[], None]) -> None:
        self._schema = schema
        self._default = schema.get("default")
        self.control = self._make_control()
        self.control.description = schema.get("title") or name
        self.control.tooltip = tooltip(schema)
        self.control.style.description_width = styles.LABEL_WIDTH
        self.control.observe(lambda _change: on_edit(), names="value")

    def _make_control(self) -> ipywidgets.DOMWidget:
        layout = shared_layouts.layout(width="auto")
        is_boolean = self._schema.get("type") == "boolean"
        if is_boolean and isinstance(self._default, bool):
            return ipywidgets.Checkbox(self._default, layout=layout)
        self._choices = [True, False] if is_boolean else list(self._schema.get("enum", ()))
        if self._choices:
            options = [(as_text(choice), choice) for choice in self._choices]
            unset = f"default{_default_note(self._schema, ': ', '')}"
            return ipywidgets.Dropdown(options=[(unset, _UNSET), *options], layout=layout)
        placeholder = "" if self._default is None else as_text(self._default)
        # A secret is hidden once it is complete, so the text is sent when the line is left.
        return ipywidgets.Text(placeholder=placeholder, continuous_update=False, layout=layout)

    @property
    def value(self) -> Any:
        """What is entered; text that is not of the type stays text; None if it is the default."""
        entered = self.control.value
        if isinstance(self.control, ipywidgets.Checkbox):
            return None if entered == self._default else entered
        if isinstance(self.control, ipywidgets.Dropdown):
            return None if entered == _UNSET else entered
        return parsed(self._schema, entered.strip()) if entered.strip() else None

    def shows(self, value: Any) -> bool:
        """Whether the control shows a value."""
        return bool(self.control.value == self._display(value))

    def show(self, value: Any) -> None:
        """Show a value; a text that stands for it already is left as it was typed."""
        if self.value != value:
            self.control.value = self._display(value)

    def _display(self, value: Any) -> Any:
        if isinstance(self.control, ipywidgets.Checkbox):
            return value if isinstance(value, bool) else self._default
        if isinstance(self.control, ipywidgets.Dropdown):
            return value if value in self._choices else _UNSET
        return "" if value is None else as_text(value)


def parsed(schema: Mapping[str, Any], value: Any) -> Any:
    """Return the JSON value that a text stands for, or the text if it is not of the type.

    Examples
    --------
    >>> parsed({"type": "integer"}, "3"), parsed({"type": "string"}, "3")
    (3, '3')
    """
    if not isinstance(value, str) or "enum" in schema or schema.get("type") == "string":
        return value
    try:
        if schema.get("type") == "number":
            number = float(value)
            return number if math.isfinite(number) else value
        return int(value) if schema.get("type") == "integer" else json.loads(value)
    except (ValueError, RecursionError):
        return value


def as_text(value: Any) -> str:
    """Return how an input shows a JSON value."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def tooltip(schema: Mapping[str, Any]) -> str:
    """Return what a parameter is, what it must be, and its default.

    Examples
    --------
    >>> tooltip({"type": "integer", "minimum": 2, "default": 5, "description": "folds to use"})
    'Folds to use: an integer from 2. Empty: the default, 5.'
    """
    description = str(schema.get("description", "")).strip().rstrip(".") or "A parameter"
    default = _default_note(schema, ", ", "")
    return (
        f"{description[:1].upper()}{description[1:]}: {expected(schema)}. "
        f"Empty: the default{default}."
    )


def _default_note(schema: Mapping[str, Any], before: str = " (default ", after: str = ")") -> str:
    default = schema.get("default")
    return "" if default is None else f"{before}{as_text(default)}{after}"


def _properties(schema: Mapping[str, Any]) -> _Schemas:
    """Return the schema of each property; Pydantic declares an enumeration under `$defs`."""
    definitions = {f"#/$defs/{name}": found for name, found in schema.get("$defs", {}).items()}
    return {
        name: {**definitions.get(property_schema.get("$ref"), {}), **not_null(property_schema)}
        for name, property_schema in schema.get("properties", {}).items()
    }
