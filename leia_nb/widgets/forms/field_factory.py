"""Make the fields of the forms from fields.json, which has their labels and tooltips."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, TypeVar

from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.chips import ChipsField
from leia_nb.widgets.fields.json_object import HeadersField
from leia_nb.widgets.fields.secret import UrlField
from leia_nb.widgets.fields.simple import (
    BooleanField,
    IntegerField,
    PositiveNumberField,
    SecondsField,
    ShortNameField,
    TextField,
)

_F = TypeVar("_F", bound=Field)

# A key is the name of a parameter, or "form.name" where forms describe it differently.
_DESCRIPTIONS: dict[str, dict[str, Any]] = json.loads(
    files(__package__).joinpath("fields.json").read_text("utf-8")
)
_KINDS: dict[str, type[Any]] = {
    "allow_all_applications": BooleanField,
    "allowed_application_ids": ChipsField,
    "always_on_workers": IntegerField,
    "block_processing": BooleanField,
    "callback_headers": HeadersField,
    "callback_url": UrlField,
    "cores": PositiveNumberField,
    "memory": PositiveNumberField,
    "priority": IntegerField,
    "save_result": BooleanField,
    "short_name": ShortNameField,
    "tags": ChipsField,
    "ttl": SecondsField,
}

ACCESS = ("description", "ttl", "allowed_application_ids", "allow_all_applications")
"""The fields for what a model is and who may use it."""
REQUIREMENTS = ("cores", "memory", "always_on_workers")
"""The fields for what a model needs to run."""
CALLBACK = ("callback_url", "callback_headers")
"""The fields for what every job does when it ends."""


def make_field(kind: type[_F], name: str, /, *arguments: Any, form: str = "", **options: Any) -> _F:
    """Return a field of a kind with its label, tooltip and other options from fields.json."""
    description = _DESCRIPTIONS.get(f"{form}.{name}") or _DESCRIPTIONS[name]
    return kind(name, *arguments, **{**description, **options})


def make_fields(*names: str, form: str = "") -> list[Field]:
    """Return several fields of the kinds that these parameters have in every form."""
    return [make_field(_KINDS.get(name, TextField), name, form=form) for name in names]


def application_field(form: str, **options: Any) -> TextField:
    """Return the field for the id of another application; its lists are read when it is left."""
    field = make_field(TextField, "application_id", form=form, **options)
    field.control.continuous_update = False
    return field
