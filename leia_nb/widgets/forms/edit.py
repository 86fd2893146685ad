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
from leia_nb.widgets.forms.form import Form
from leia_nb.widgets.forms.job_form import call_text
from leia_nb.widgets.forms.model_fields import keeping_fields, needs_fields, short_name_field

if TYPE_CHECKING:
    from leia_nb.client import Client

_NOT_SENT = ("model", "application_id")
_EMPTIED: dict[str, Any] = {"description": "", "allowed_application_ids": ()}


class EditForm(Form):
    """Change what a model is called and who may use it.

    The fields show what holds now; only what is changed is sent. Emptying
    `allowed_application_ids` clears them.

    LEIA operation: `edit_model` (admin).

    Parameters
    ----------
    leia : Client
        Where the model is.
    model : str or object
        The model, by id, short name or record.

    Attributes
    ----------
    record : Model
        The model as LEIA last told it.

    Examples
    --------
    >>> form = EditForm(leia, "digits-v1").fill(description="Handwritten digits")
    >>> form.values
    {'model': 'digits-v1', 'description': 'Handwritten digits'}
    >>> form.submit(wait=True).description
    'Handwritten digits'
    """

    title = "Edit a model"
    lead = "What is changed here is sent; the rest stays as it is."
    verb = "Save"
    aliases: ClassVar[Mapping[str, str]] = {"model_id": "model"}

    def __init__(self, leia: Client, model: Any) -> None:
        self.record = leia.models.get(model)
        name = TextField("name", label="Name", tooltip="What people call the model.")
        self._was: dict[str, Any] = {}
        self._saved: dict[str, Any] = {}
        known, folded = [name, short_name_field(), *keeping_fields()], needs_fields()
        self._others = {field.name: field for field in (*known, *folded)}
        owner = TextField(
            "application_id",
            placeholder=self.record.application_id or "",
            label="Application id",
            tooltip="Whose model it is. Empty: as LEIA says.",
        )
        self._shown = ModelShown("model")
        super().__init__(leia, [self._shown, *known], [*folded, owner])
        self._present()

    @property
    def values(self) -> dict[str, Any]:
        """The model, and what is changed; an emptied field counts as changed."""
        changed = {
            name: value for name, value in self._now().items() if value != self._was.get(name)
        }
        owner = self.fields["application_id"].value
        return {
            "model": self.fields["model"].value,
            **({"application_id": owner} if owner else {}),
            **{name: _EMPTIED.get(name) if is_empty(v) else v for name, v in changed.items()},
        }

    def check_together(self) -> dict[str, str]:
        """Say that nothing is changed, or that LEIA cannot take a value away."""
        changed = {name: v for name, v in self.values.items() if name not in _NOT_SENT}
        if not changed:
            return {"": "Nothing is changed, so there is nothing to save. Change a field."}
        return {
            name: f"{self.fields[name].label} cannot be taken away again. Write another one."
            for name, value in changed.items()
            if is_empty(value) and name not in _EMPTIED
        }

    def call(self, values: dict[str, Any]) -> Model:
        """Save, and show what holds then."""
        given, sent = dict(values), self._now()
        given.pop("model")
        self.record = self.leia.models.edit(self.record, **given)
        self._saved = {**given, "model": self.record.id}
        self._present(sent)
        return self.record

    def source(self) -> str:
        """Return the call that changes the same; after saving, what was saved."""
        values = self.values
        if self._saved and not any(name not in _NOT_SENT for name in values):
            values = dict(self._saved)
        unchanged = not any(name not in _NOT_SENT for name in values)
        note = "# nothing is changed yet\n" if unchanged else ""
        parts = [repr(values.pop("model"))]
        parts += [f"{name}={_literal(value)}" for name, value in values.items()]
        return f"{note}model = {call_text('leia.models.edit', parts)}\nmodel"

    def _now(self) -> dict[str, Any]:
        return {name: field.value for name, field in self._others.items()}

    def _present(self, sent: Mapping[str, Any] | None = None) -> None:
        """Show what holds now; what was changed since it was sent stays as it is."""
        was = {}
        with self.presenting():
            self._shown.show(self.record)
            for name, field in self._others.items():
                if sent is not None and field.value != sent[name]:
                    was[name] = sent[name]
                    continue
                field.fill(getattr(self.record, name))
                was[name] = field.value
            self._was = was
        self._show_code()


class ModelShown(Field):
    """The model that a form is about; it is shown, not chosen."""

    def __init__(self, name: str) -> None:
        super().__init__(
            name, ipywidgets.HTML(), label="Model", tooltip="The model that this form edits."
        )
        self._model: Model | None = None

    @property
    def value(self) -> str | None:
        """The model's short name, or its id if it has none."""
        return (self._model.short_name or self._model.id) if self._model else None

    def show(self, model: Model) -> None:
        """Show a model."""
        self._model = model
        self.control.value = html.escape(f"{model.name} ({self.value})")

    def fill(self, value: Any) -> None:
        """Accept the model that is shown, and no other.

        Raises
        ------
        InvalidInput
            If it is another one.
        """
        shown = self._model
        if shown is None or reference(value, "model").id not in (shown.id, shown.short_name):
            raise InvalidInput(
                f"This form edits {self.value}. Open another one: leia.forms.edit(…).",
                field=self.name,
            )


def _literal(value: Any) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)
