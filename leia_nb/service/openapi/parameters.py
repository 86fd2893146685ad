"""What values must be beyond what FastAPI finds in the routes' types."""

from __future__ import annotations

from typing import Any

from leia_nb.api import page_range
from leia_nb.service import transforms
from leia_nb.service.openapi.objects import Schema
from leia_nb.service.parameters import json_schema
from leia_nb.service.trainers.classifier import ClassifierApplyParameters, ClassifierParameters

SORTABLE = {
    "Model": "application_id creation_time name description model_type",
    "Document": "application_id filename extension mime_type original_id page creation_time",
    "Job": (
        "submitter_id application_id creation_time starting_time finished_time job_type model_id "
        "document_ids status parent_job_id"
    ),
    "Application": (
        "application_name application_type creation_time first_name last_name email "
        "dedicated_workers"
    ),
}
"""By object: the fields that `sort` may name."""

_PLAIN: Schema = {"pattern": r"^[^\u0000]*$"}
_SEGMENT: Schema = {"pattern": "^[^/]+$"}
_SEGMENTS: Schema = {"pattern": r"^[^,/\s]+(,[^,/\s]+)*$"}
_ID: Schema = {"pattern": "^[0-9a-f]{24}$"}
_CONTROL = r"\u0000-\u001f\u007f-\u009f"
_WORDS = rf"[^{_CONTROL}]*[^\s.{_CONTROL}][^{_CONTROL}]*"
_TAG: Schema = {"minLength": 1, "maxLength": 255, "pattern": f"^{_WORDS}$"}
_TAG_OR_NONE: Schema = {"maxLength": 255, "pattern": f"^({_WORDS})?$"}
_NAME: Schema = {"maxLength": 1000, "pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}
_EMAIL: Schema = {"maxLength": 254, "pattern": r"^[!-?A-~]+@[!-?A-~]+$"}
_FILENAME: Schema = {
    "minLength": 1,
    "maxLength": 255,
    "pattern": rf"^[^{_CONTROL}]*[^\s/\\.{_CONTROL}]$",
}
_URL: Schema = {"pattern": r"^(https?://[!-~]+)?$", "examples": ["https://example.org/done"]}
_SLICES: Schema = {"pattern": f"^({page_range.PATTERN})?$", "examples": ["0,2:5,-1"]}
_SHORT_NAME: Schema = {"pattern": "^[A-Za-z0-9._-]{0,100}$"}
_TIME: Schema = {
    "format": "date-time-local",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}",
    "examples": ["2026-11-23T16:19:36"],
}

_IN_PATH: dict[str, Schema] = {
    "api_key": {"pattern": r"^[^\u0000]+$"},
    "document_ids": _SEGMENTS,
    "documents_tag": _TAG,
    "job_ids": _SEGMENTS,
    "tag": _TAG,
}
_ASKED: dict[str, Schema] = {
    "created_after": _TIME,
    "created_before": _TIME,
    "tag_result": _TAG,
}
_SAID: dict[str, Schema] = {
    "application_name": _NAME,
    "callback_url": _URL,
    "default_job_callback_url": _URL,
    "email": _EMAIL,
    "filename": _FILENAME,
    "first_name": _NAME,
    "input_tag": _TAG_OR_NONE,
    "last_name": _NAME,
    "model_name": _NAME,
    "output_tag": _TAG_OR_NONE,
    "page_range": _SLICES,
    "short_name": _SHORT_NAME,
    "tag": _TAG_OR_NONE,
    "tags": _TAG_OR_NONE,
}
_MEMBERS: dict[str, list[Schema]] = {
    "model_params": [json_schema(ClassifierParameters), json_schema(ClassifierApplyParameters)],
    "transform_params": [transform["parameters"] for transform in transforms.describe()],
}
_TOLD = {
    "api_key": "The API key.",
    "application_id": "The application that is acted for; the owner of what is named.",
    "submitter_id": "The application that submitted the job, or that the job works for.",
}
_OF_OPERATION: dict[tuple[str, str], Schema] = {
    ("admin_create_model", "name"): _NAME,
    ("admin_edit_model", "name"): _NAME,
    ("create_document", "ttl"): {"minimum": 60},
    ("admin_create_document", "ttl"): {"minimum": 60},
    ("edit_document", "ttl"): {"not": {"minimum": 0, "maximum": 59}},
    ("admin_edit_document", "ttl"): {"not": {"minimum": 0, "maximum": 59}},
    ("admin_reset_api_key", "application_id"): _ID,
}


def narrowed(
    parameter: dict[str, Any], operation: str, holds: str, *, is_filter: bool
) -> dict[str, Any]:
    """Return a parameter as FastAPI describes it, with what else its value must be.

    A query cannot say null, so that is taken out.

    Parameters
    ----------
    parameter : dict
        An OpenAPI parameter.
    operation : str
        The operation's id.
    holds : str
        What the operation answers (see `operations.Answer`).
    is_filter : bool
        Whether the parameter narrows a listing.
    """
    schema = without_null(parameter["schema"])
    schema = {key: value for key, value in schema.items() if key not in ("title", "description")}
    name, place = parameter["name"], parameter["in"]
    parameter = {"description": _TOLD.get(name, ""), **parameter}
    if name in _MEMBERS:
        return {**parameter, **_members(_MEMBERS[name])}
    if "untag_" in operation:
        limits = {} if name == "tag" else _SEGMENT  # no tag is too strange to be taken away
    elif place == "path":
        limits = _IN_PATH.get(name, _SEGMENT)
    elif name == "sort":
        limits = {"pattern": sort_pattern(holds)}
    elif is_filter:
        limits = {"maxLength": 1000, **_ASKED.get(name, _PLAIN)}
    else:
        limits = _SAID.get(name, _PLAIN)
    limits = _OF_OPERATION.get((operation, name), limits)
    return {**parameter, "schema": _limited(schema, limits, most=100 if is_filter else 0)}


def narrowed_body(schema: Schema) -> Schema:
    """Return the schema of a body as pydantic describes it, with what else its texts must be."""
    fields = {
        name: _limited(field, {"maxLength": 100_000, **_SAID.get(name, _PLAIN)}, most=1000)
        for name, field in schema.get("properties", {}).items()
    }
    return {**schema, "properties": fields} if fields else schema


def without_null(schema: Schema) -> Schema:
    """Return a schema without the null that FastAPI allows in every optional value.

    Examples
    --------
    >>> without_null({"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None})
    {'type': 'integer'}
    """
    kept = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
    if len(kept) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**rest, **kept[0]}


def _limited(schema: Schema, limits: Schema, *, most: int) -> Schema:
    """Return the schema with limits on its texts, and on its number of values if it is a list."""
    if "anyOf" in schema:
        options = [_limited(option, limits, most=most) for option in schema["anyOf"]]
        return {**schema, "anyOf": options}
    if schema.get("type") == "array":
        longest = {"maxLength": min(255, limits.get("maxLength", 255))} if most else {}
        items = _limited(schema["items"], {**limits, **longest}, most=most)
        return {**({"maxItems": most} if most else {}), **schema, "items": items}
    if schema.get("type") == "integer":
        return {**schema, **{key: limits[key] for key in ("minimum", "not") if key in limits}}
    if schema.get("type") != "string" or "enum" in schema or "const" in schema:
        return schema
    return {**schema, **limits}


def _members(schemas: list[Schema]) -> dict[str, Any]:
    """Return how an object travels in a query: one parameter per member."""
    text = {"type": "string", **_PLAIN}
    known = {
        name: without_null(member)
        for schema in schemas
        for name, member in schema["properties"].items()
    }
    schema = {"type": "object", "properties": known, "additionalProperties": text}
    return {"schema": schema, "style": "form", "explode": True}


def sort_pattern(holds: str) -> str:
    """Return the pattern of `sort` for a listing.

    Examples
    --------
    >>> sort_pattern("[Model]")[:32]
    '^(-?(application_id|creation_tim'
    """
    names = "|".join(SORTABLE[holds.strip("[]")].split())
    return f"^(-?({names})(,-?({names}))*)?$"
