"""The form that edits a model."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets

from leia_nb.errors import InvalidInput
from leia_nb.records.records import Model
from leia_nb.resources.parameters.references import reference
from leia_nb.widgets.fields.base import Field, is_empty
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.forms.field_factory import ACCESS, REQUIREMENTS, make_field, make_fields
from leia_nb.widgets.forms.form import Form
from leia_nb.widgets.forms.job_form import call_source

if TYPE_CHECKING:
    from leia_nb.client import Client

_NOT_CHANGES = ("model", "application_id")
_CLEARED: dict[str, Any] = {"description": "", "allowed_application_ids": ()}


class EditForm(Form):
    """Change a model's name, description, access and requirements.

    The fields show the current values; only changes are sent. Emptying
    `allowed_application_ids` clears them.

    LEIA operation: `edit_model` (admin).

    Parameters
    ----------
    leia : Client
        The client that edits the model.
    model : str or object
        The model, by id, short name or record.

    Attributes
    ----------
    record : Model
        The model as LEIA last returned it.

    Examples
    --------
    >>> form = EditForm(leia, "digits-v1").fill(description="Handwritten digits")
    >>> form.values
    {'model': 'digits-v1', 'description': 'Handwritten digits'}
    >>> form.submit(wait=True).description
    'Handwritten digits'
    """

    title = "Edit a model"
    lead = "Change the fields below; only the changes are saved."
    verb = "Save"
    aliases: ClassVar[Mapping[str, str]] = {"model_id": "model"}

    def __init__(self, leia: Client, model: Any) -> None:
        self.record = leia.models.get(model)
        self._saved_values: dict[str, Any] = {}
        self._last_call: dict[str, Any] = {}
        editable = make_fields("name", "short_name", *ACCESS, form="edit")
        more = make_fields(*REQUIREMENTS)
        self._editable = {field.name: field for field in (*editable, *more)}
        application = make_field(
            TextField, "application_id", form="edit", placeholder=self.record.application_id or ""
        )
        self._model = FixedModelField(self.record)
        super().__init__(leia, [self._model, *editable], [*more, application])
        self._load()

    @property
    def values(self) -> dict[str, Any]:
        """The model and the changed values; an emptied field counts as changed."""
        application = self.fields["application_id"].value
        changes = {
            name: _CLEARED.get(name) if is_empty(value) else value
            for name, value in self._current().items()
            if value != self._saved_values.get(name)
        }
        owner = {"application_id": application} if application else {}
        return {"model": self._model.value, **owner, **changes}

    def check_combination(self) -> dict[str, str]:
        """Return messages about missing changes, and about values that LEIA cannot clear."""
        changes = _changes(self.values)
        if not changes:
            return {"": "No changes to save. Change a field first."}
        return {
            name: f"{self.fields[name].label} cannot be cleared in LEIA. Enter another value."
            for name, value in changes.items()
            if is_empty(value) and name not in _CLEARED
        }

    def call(self, values: dict[str, Any]) -> Model:
        """Save the changes and load the values that result."""
        options, sent = dict(values), self._current()
        options.pop("model")
        self.record = self.leia.models.edit(self.record, **options)
        self._last_call = {**options, "model": self.record.id}
        self._load(sent)
        return self.record

    def source(self) -> str:
        """Return the call that makes the same changes; after saving, those that were saved."""
        values = self.values
        if self._last_call and not _changes(values):
            values = dict(self._last_call)
        note = "" if _changes(values) else "# no changes yet\n"
        parts = [repr(values.pop("model"))]
        parts += [f"{name}={_literal(value)}" for name, value in values.items()]
        return f"{note}model = {call_source('leia.models.edit', parts)}\nmodel"

    def _current(self) -> dict[str, Any]:
        return {name: field.value for name, field in self._editable.items()}

    def _load(self, sent: Mapping[str, Any] | None = None) -> None:
        """Fill in the current values, except in fields that were changed since `sent`."""
        saved = {}
        with self.loading():
            self._model.show(self.record)
            for name, field in self._editable.items():
                if sent is not None and field.value != sent[name]:
                    saved[name] = sent[name]
                    continue
                field.fill(getattr(self.record, name))
                saved[name] = field.value
            self._saved_values = saved
        self._show_code()


class FixedModelField(Field):
    """The model that a form edits, which cannot be changed."""

    def __init__(self, model: Model) -> None:
        super().__init__(
            "model", ipywidgets.HTML(), label="Model", tooltip="The model that this form edits."
        )
        self.show(model)

    @property
    def value(self) -> str:
        """The model's short name, or its id if it has none."""
        return self._model.short_name or self._model.id

    def show(self, model: Model) -> None:
        """Show a model."""
        self._model = model
        self.control.value = html.escape(f"{model.name} ({self.value})")

    def fill(self, value: Any) -> None:
        """Accept the model that is shown; reject others with `InvalidInput`."""
        if reference(value, "model").id not in (self._model.id, self._model.short_name):
            raise InvalidInput(
                f"This form edits the model {self.value}. For another model, open another form: "
                "leia.forms.edit(…).",
                field=self.name,
            )


def _changes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _NOT_CHANGES}


def _literal(value: Any) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)
