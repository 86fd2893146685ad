"""What parameters accept beyond what FastAPI finds in the routes' types."""

from __future__ import annotations

from typing import Any

from leia_nb.service.openapi.objects import Schema

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

_NUMBER = "[+-]?[0-9]{1,9}"
_PAGES = f"({_NUMBER}|({_NUMBER})?:({_NUMBER})?(:({_NUMBER})?)?)"
_PLAIN: Schema = {"pattern": r"^[^\u0000]*$"}
_SEGMENT: Schema = {"pattern": "^[^/]+$"}
_SEGMENTS: Schema = {"pattern": "^[^,/]+(,[^,/]+)*$"}
_TAG: Schema = {"maxLength": 255, "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$"}
_URL: Schema = {"pattern": r"^(https?://[!-~]+)?$", "examples": ["https://example.org/done"]}
_TIME: Schema = {
    "format": "date-time-local",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}",
    "examples": ["2026-11-23T16:19:36"],
}

_IN_PATH: dict[str, Schema] = {
    "api_key": _PLAIN,
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
    "callback_url": _URL,
    "default_job_callback_url": _URL,
    "filename": {"minLength": 1, "maxLength": 255, "pattern": r"[^\s/\\]$"},
    "input_tag": _TAG,
    "output_tag": _TAG,
    "page_range": {"pattern": f"^{_PAGES}(,{_PAGES})*$", "examples": ["0,2:5,-1"]},
    "short_name": {"pattern": "^[A-Za-z0-9._-]{0,100}$"},
    "tag": _TAG,
    "tags": _TAG,
}
_SAID_OF_A_MODEL: dict[str, Schema] = {"name": {"maxLength": 1000, "pattern": r"^[^\u0000]*\S"}}


def narrowed(parameter: dict[str, Any], holds: str, *, is_filter: bool) -> dict[str, Any]:
    """Return a parameter as FastAPI describes it, with what else its value must be.

    A query cannot say null, so that is taken out.

    Parameters
    ----------
    parameter : dict
        An OpenAPI parameter.
    holds : str
        What the operation answers (see `operations.Answer`).
    is_filter : bool
        Whether the operation lists things, and its parameters narrow the listing.
    """
    schema = without_null(parameter["schema"])
    schema = {key: value for key, value in schema.items() if key not in ("title", "description")}
    limits = _limits(parameter["name"], parameter["in"], holds, is_filter=is_filter)
    return {**parameter, "schema": _limited(schema, limits, is_filter=is_filter)}


def _limits(name: str, place: str, holds: str, *, is_filter: bool) -> Schema:
    if place == "path" and not holds:
        return _SEGMENT if name != "tag" else {}  # no tag is too strange to be taken away
    if place == "path":
        return {"minLength": 1, **_IN_PATH.get(name, _SEGMENT)}
    if name == "sort":
        return {"pattern": sort_pattern(holds)}
    if is_filter:
        return {"maxLength": 1000, **_ASKED.get(name, _PLAIN)}
    special = _SAID_OF_A_MODEL if holds == "Model" else {}
    return special.get(name) or _SAID.get(name, _PLAIN)


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


def _limited(schema: Schema, limits: Schema, *, is_filter: bool) -> Schema:
    if schema.get("type") == "array":
        return _limited_list(schema, limits, is_filter=is_filter)
    if schema.get("type") != "string" or "enum" in schema:
        return schema
    return {**schema, **limits}


def _limited_list(schema: Schema, limits: Schema, *, is_filter: bool) -> Schema:
    if is_filter:
        limits, schema = {**limits, "maxLength": 255}, {**schema, "maxItems": 100}
    return {**schema, "items": _limited(schema["items"], limits, is_filter=is_filter)}


def sort_pattern(holds: str) -> str:
    """Return the pattern of `sort` for a listing.

    Examples
    --------
    >>> sort_pattern("[Model]")[:32]
    '^(-?(application_id|creation_tim'
    """
    names = "|".join(SORTABLE[holds.strip("[]")].split())
    return f"^(-?({names})(,-?({names}))*)?$"
