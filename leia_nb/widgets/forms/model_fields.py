"""The fields that say what a model is called, who may use it, and what it needs to run."""

from __future__ import annotations

from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.number import AmountField, CountField
from leia_nb.widgets.fields.simple import SecondsField, TextField, WordsField, YesNoField
from leia_nb.widgets.fields.validated import ShortNameField


def short_name_field() -> Field:
    """Return the field for the short name."""
    return ShortNameField(
        "short_name",
        placeholder="e.g. digits-v1",
        label="Short name",
        tooltip="A unique name to call it by: letters, digits, dots, dashes and underscores.",
    )


def keeping_fields() -> list[Field]:
    """Return the fields for description, ttl, and who may use the model."""
    return [
        TextField(
            "description",
            label="Description",
            tooltip="What people should know of the model. Empty: nothing.",
        ),
        SecondsField(
            "ttl",
            placeholder="200",
            label="Keep loaded (ttl)",
            tooltip="ttl: seconds that the idle model stays loaded. -1: no limit; empty: 200.",
        ),
        WordsField(
            "allowed_application_ids",
            label="Allowed application ids",
            tooltip="The applications that may use the model too. Empty: none.",
        ),
        YesNoField(
            "allow_all_applications",
            empty="as LEIA has it: no",
            label="Allow all applications",
            tooltip="Whether every application may use the model.",
        ),
    ]


def needs_fields() -> list[Field]:
    """Return the fields for what a model needs to run."""
    return [
        AmountField(
            "cores",
            label="Cores",
            tooltip="CPU cores that the model needs to run. Empty: the service's choice.",
        ),
        AmountField(
            "memory",
            label="Memory (GB)",
            tooltip="Memory that the model needs to run, in GB. Empty: the service's choice.",
        ),
        CountField(
            "always_on_workers",
            least=0,
            label="Always-on workers",
            tooltip="Workers that keep the model loaded at all times. Empty: none.",
        ),
    ]
