"""The filters and sort fields of LEIA's listings; filters.json has their labels and tooltips."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from importlib.resources import files
from typing import Any

from leia_nb.enums import JobStatus, JobType, ModelInputType, ModelType
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.chips import ChipsField
from leia_nb.widgets.fields.simple import BooleanField, ChoiceField, TextField
from leia_nb.widgets.views.filters import Filters, IdField, MultipleChoiceField, TimeField
from leia_nb.widgets.views.sorting import Sorting

_DESCRIPTIONS: dict[str, dict[str, dict[str, Any]]] = json.loads(
    files(__package__).joinpath("filters.json").read_text("utf-8")
)


def _choice(enumeration: type[StrEnum], separator: str = "_") -> partial[ChoiceField]:
    options = [(kind.value.replace("_", separator), kind.value) for kind in enumeration]
    return partial(ChoiceField, options=options, empty="any")


_KINDS: dict[str, Any] = {
    "created_after": TimeField,
    "created_before": TimeField,
    "document_id": partial(IdField, resource="document"),
    "execute_after_id": partial(IdField, resource="job"),
    "input_types": partial(MultipleChoiceField, options=[kind.value for kind in ModelInputType]),
    "job_id": partial(IdField, resource="job"),
    "job_type": _choice(JobType),
    "model_id": partial(IdField, resource="model"),
    "model_type": _choice(ModelType, separator=" "),
    "only_mine": partial(BooleanField, empty="any"),
    "parent_job_id": partial(IdField, resource="job"),
    "status": _choice(JobStatus),
    "tags": ChipsField,
}


def make_filters(resource: str) -> Filters:
    """Return the filters of a listing of ``"job"`` or ``"model"``."""
    descriptions = _DESCRIPTIONS[resource]
    return Filters(_fields(descriptions["main"]), _fields(descriptions["more"]))


def make_sorting(resource: str) -> Sorting:
    """Return the sort controls of a listing; the newest come first."""
    return Sorting(_DESCRIPTIONS[resource]["sorting"], "-creation_time")


def _fields(descriptions: Mapping[str, tuple[str, str]]) -> list[Field]:
    return [
        _KINDS.get(name, TextField)(name, label=label, tooltip=tooltip)
        for name, (label, tooltip) in descriptions.items()
    ]
