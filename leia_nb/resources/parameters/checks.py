"""The check of each parameter, by its name, which has the same meaning in all operations."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any

from leia_nb import enums
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import ids_or_none, optional_id

_Check = Callable[[str, Any], Any]


def checked(**arguments: Any) -> dict[str, Any]:
    """Return parameters as they are sent, None for None; raise `InvalidInput` if invalid."""
    return {name: _CHECKS[name](name, value) for name, value in arguments.items()}


def _id_of(kind: str) -> _Check:
    return lambda _, value: optional_id(value, kind)


def _member_of(enumeration: type[StrEnum], *, required: bool = False) -> _Check:
    return lambda name, value: validators.one_of(name, value, enumeration, required=required)


def _tag(name: str, value: Any) -> str | None:
    return None if value is None else validators.tag(value, name)


def _filled(name: str, value: Any) -> str | None:
    return validators.text(name, value, required=value is not None)


def _at_least(minimum: int) -> _Check:
    return partial(validators.whole_number, least=minimum)


_CHECKS: dict[str, _Check] = {
    **dict.fromkeys(("annotation_id",), _id_of("annotation")),
    **dict.fromkeys(("application_id", "submitter_id"), _id_of("application")),
    **dict.fromkeys(("document_id", "original_id"), _id_of("document")),
    **dict.fromkeys(("execute_after_id", "job_id", "parent_job_id"), _id_of("job")),
    **dict.fromkeys(("model_id",), _id_of("model")),
    "allowed_application_ids": lambda _, value: ids_or_none(value, "application"),
    **dict.fromkeys(
        (
            "application_name", "description", "email", "extension", "filename", "first_name",
            "last_name", "mime_type", "name",
        ),
        validators.text,
    ),
    "model_name": _filled,
    "short_name": lambda _, value: validators.short_name(value),
    **dict.fromkeys(("output_tag", "tag_result"), _tag),
    "tags": lambda name, value: validators.texts(name, value) or None,
    **dict.fromkeys(("callback_url", "default_job_callback_url"), validators.web_address),
    **dict.fromkeys(("created_after", "created_before"), validators.moment),
    **dict.fromkeys(
        (
            "allow_all_applications", "block_processing", "dedicated_workers", "only_mine",
            "reduce_callback_payloads", "save_result",
        ),
        validators.yes_no,
    ),
    **dict.fromkeys(("dedicated_workers_ttl", "priority", "ttl"), validators.whole_number),
    **dict.fromkeys(("always_on_workers", "limit", "offset"), _at_least(0)),
    **dict.fromkeys(("dedicated_workers_max_models", "max_size"), _at_least(1)),
    **dict.fromkeys(("cores", "memory"), validators.amount),
    "annotation_type": _member_of(enums.AnnotationType),
    "application_type": _member_of(enums.ApplicationType),
    "format_type": _member_of(enums.FormatType),
    "input_types": lambda name, value: (
        validators.some_of(name, value, enums.ModelInputType) or None
    ),
    "job_type": _member_of(enums.JobType),
    "model_type": _member_of(enums.ModelType),
    "output_type": _member_of(enums.TransformType, required=True),
    "status": _member_of(enums.JobStatus),
}  # fmt: skip
