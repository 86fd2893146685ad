"""Every filter that LEIA has for models, and what it can sort them by."""

from __future__ import annotations

from leia_nb.enums import ModelInputType, ModelType
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.simple import ChoiceField, TextField, WordsField, YesNoField
from leia_nb.widgets.views.filters import Filters, IdField, MomentField, SomeOfField
from leia_nb.widgets.views.sorting import Sorting


def model_filters() -> Filters:
    """Return the fields that narrow a listing of models down."""
    fields = [
        TextField("name", label="Name", tooltip="Only models with exactly this name"),
        WordsField("tags", label="Tags", tooltip="Only models that carry all of these tags"),
        ChoiceField(
            "model_type",
            [(str(kind).replace("_", " "), kind.value) for kind in ModelType],
            empty="any",
            label="Type",
            tooltip="Only models of this type",
        ),
    ]
    return Filters(fields, _more())


def model_sorting() -> Sorting:
    """Return the lists to choose an order from; the newest come first."""
    labels = {
        "creation_time": "created",
        "name": "name",
        "model_type": "type",
        "description": "description",
        "application_id": "owner",
    }
    return Sorting(labels, "-creation_time")


def _more() -> list[Field]:
    return [
        IdField("model_id", "model", label="Model id", tooltip="Only the model with this id"),
        TextField(
            "short_name", label="Short name", tooltip="Only the model with exactly this short name"
        ),
        TextField(
            "description",
            label="Description",
            tooltip="Only models whose description contains this text",
        ),
        SomeOfField(
            "input_types",
            [kind.value for kind in ModelInputType],
            label="Reads",
            tooltip="Only models that read all of these; Ctrl-click chooses several",
        ),
        MomentField(
            "created_after",
            label="Created from",
            tooltip="Only models created at this time or later; without a zone it is UTC",
        ),
        MomentField(
            "created_before",
            label="Created before",
            tooltip="Only models created before this time; without a zone it is UTC",
        ),
        TextField(
            "application_id",
            label="Application id",
            tooltip="Only models of this application; other applications' need an admin",
        ),
        YesNoField(
            "only_mine",
            empty="any",
            label="Only mine",
            tooltip="Only models that this application owns itself, not what it may also use",
        ),
    ]
