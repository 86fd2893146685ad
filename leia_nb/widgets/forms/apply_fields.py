"""The fields that only the form for applying has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leia_nb.enums import FormatType
from leia_nb.widgets.fields.documents import DocumentsField
from leia_nb.widgets.fields.json_object import PageRangeField
from leia_nb.widgets.fields.model import ModelField
from leia_nb.widgets.fields.number import CountField
from leia_nb.widgets.fields.owner import Whose
from leia_nb.widgets.fields.simple import ChoiceField, TextField, YesNoField

if TYPE_CHECKING:
    from leia_nb.client import Client

AS_IT_IS = "as the model gives it"


def model(leia: Client, whose: Whose) -> ModelField:
    """Return the field for the model."""
    return ModelField(
        "model",
        leia,
        whose=whose,
        label="Model",
        tooltip="The model to apply: its name, short name or id.",
        required=True,
    )


def documents(leia: Client, whose: Whose) -> DocumentsField:
    """Return the field for the documents."""
    return DocumentsField(
        "documents",
        leia,
        whose=whose,
        label="Documents",
        tooltip="What the model reads: by tag, chosen from a list, or dropped files.",
        required=True,
    )


def format_type() -> ChoiceField:
    """Return the field for the form of the result."""
    return ChoiceField(
        "format_type",
        [("classification", FormatType.CLASSIFICATION.value)],
        empty=AS_IT_IS,
        label="Format type",
        tooltip="The form of the result; classification is category, score and accuracy.",
    )


def tag() -> TextField:
    """Return the field for the tag of documents made from the one given."""
    return TextField(
        "tag",
        label="Tag",
        tooltip="Read, instead of the one document, those made from it that carry this tag.",
    )


def page_range() -> PageRangeField:
    """Return the field for the pages of the job before."""
    return PageRangeField(
        "page_range",
        label="Page range",
        tooltip="Which pages of the job in Execute after to read, counted from 0. Empty: all.",
    )


def block_processing() -> YesNoField:
    """Return the field for holding the job."""
    return YesNoField(
        "block_processing",
        empty="as LEIA has it: no",
        label="Block processing",
        tooltip="Hold the job until it is started with its Start button.",
    )


def save_result() -> YesNoField:
    """Return the field for keeping the result as a document."""
    return YesNoField(
        "save_result",
        empty="as LEIA has it: no",
        label="Save result",
        tooltip="Also keep the result as a JSON document.",
    )


def priority() -> CountField:
    """Return the field for the job's priority."""
    return CountField(
        "priority",
        placeholder="0",
        label="Priority",
        tooltip="Of the jobs that are ready, one with a higher priority starts first. Empty: 0.",
    )
