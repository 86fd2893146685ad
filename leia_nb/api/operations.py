"""LEIA's 72 operations as facts: method, path, parameters; and the embedded service's own.

Many operations exist in a plain and in an admin form (``admin_…``), which are declared
together. Applications, and creating, editing, deleting and downloading a model, are for
admins only. A query parameter with a list is repeated (``tags=a&tags=b``); a list in the path
is one segment, separated by commas. ``model_params``, ``transform_params`` and
``callback_headers`` are in the JSON body, which keeps their types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlencode

Body = Literal["bytes", "json"]

_EMPTY_RESPONSE = ("logout_application", "health_check")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PAGE = "sort offset limit"
_CREATED = "created_after created_before"
_MODEL = (
    "name short_name description allowed_application_ids allow_all_applications ttl "
    "cores memory always_on_workers"
)
_CALLBACK = "execute_after_id callback_url"


@dataclass(frozen=True)
class Operation:
    """One operation of LEIA's API: its path with ``{placeholders}``, its query parameters."""

    name: str
    method: str
    path: str
    query: tuple[str, ...] = ()
    body: Body | None = None

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The parameters in the path."""
        return tuple(_PLACEHOLDER.findall(self.path))

    @property
    def may_be_empty(self) -> bool:
        """Whether an empty body is a complete response."""
        return self.method == "DELETE" or self.name in _EMPTY_RESPONSE

    def target(self, values: Mapping[str, Any]) -> str:
        """Return path and query; None is left out, and an empty list is an empty value.

        >>> OPERATIONS["get_models"].target({"name": "R&D", "tags": ["a", "b"]})
        '/model?name=R%26D&tags=a&tags=b'
        """
        unknown = set(values) - set(self.query) - set(self.placeholders)
        if unknown:
            raise TypeError(f"{self.name}: unknown parameter {', '.join(sorted(unknown))}")
        path = _PLACEHOLDER.sub(lambda match: _segment(values[match[1]]), self.path)
        pairs = [
            (name, text)
            for name in self.query
            if values.get(name) is not None
            for text in _texts(values[name])
        ]
        return f"{path}?{urlencode(pairs, quote_via=quote)}" if pairs else path


def _segment(value: Any) -> str:
    values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else value
    return ",".join(quote(str(part), safe="") for part in values)


def _texts(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [str(value)]
    return [str(part) for part in value] or [""]


def _operation(
    name: str, method: str, path: str, query: str = "", body: Body | None = None
) -> Operation:
    return Operation(name, method, path, tuple(query.split()), body)


def _admin_only(
    name: str, method: str, path: str, query: str = "", body: Body | None = None
) -> Operation:
    return _operation(f"admin_{name}", method, "/admin/{application_id}" + path, query, body)


def _with_admin(
    name: str,
    method: str,
    path: str,
    query: str = "",
    body: Body | None = None,
    *,
    plain_query: str = "",
) -> list[Operation]:
    """Return both forms of an operation; `plain_query` is for the plain one only."""
    plain = _operation(name, method, path, f"{query} {plain_query}", body)
    return [plain, _admin_only(name, method, path, query, body)]


def _listing(name: str, path: str, query: str, admin_query: str) -> list[Operation]:
    admin = _operation(f"admin_{name}", "GET", f"/admin{path}", f"{query} {admin_query}")
    return [_operation(name, "GET", path, query), admin]


def _job_operation(name: str, method: str, path: str) -> list[Operation]:
    admin = _operation(f"admin_{name}", method, "/admin/{submitter_id}" + path)
    return [_operation(name, method, path), admin]


_MODELS = "model_id model_type name short_name description input_types tags only_mine"
_FILES = "document_id filename extension mime_type original_id tags"
_JOBS = "job_id application_id job_type model_id document_id execute_after_id parent_job_id status"
_ANNOTATIONS = "annotation_id annotation_type name tags document_id"
_APPLICATION = "application_name email first_name last_name"
_WORKERS = "dedicated_workers dedicated_workers_ttl dedicated_workers_max_models"
_SCHEDULE = (
    "always_on_number always_on_start_days always_on_start_hour always_on_stop_hour "
    "always_on_start_minute always_on_stop_minute always_on_workers_model_ids"
)

_OPERATIONS = [
    _operation("login_application_post", "POST", "/login", body="json"),
    _operation("login_application", "GET", "/login/{api_key}"),
    _operation("logout_application", "GET", "/logout"),
    _operation("who_am_i", "GET", "/whoami"),
    _operation("health_check", "GET", "/health"),
    *_listing("get_models", "/model", f"{_MODELS} {_CREATED} {_PAGE}", "application_id"),
    *_with_admin("get_model", "GET", "/model/{model_id}"),
    _admin_only("create_model", "POST", "/model", f"{_MODEL} tags", "bytes"),
    _admin_only("edit_model", "PATCH", "/model/{model_id}", _MODEL),
    _admin_only("delete_model", "DELETE", "/model/{model_id}"),
    *_with_admin("tag_model", "POST", "/model/{model_id}/tag/{tag}"),
    *_with_admin("untag_model", "DELETE", "/model/{model_id}/tag/{tag}"),
    _admin_only("get_model_contents", "GET", "/model/{model_id}/file_contents"),
    *_with_admin(
        "apply_model_async",
        "POST",
        "/model/{model_id}/apply/{document_ids}",
        f"tag format_type {_CALLBACK} page_range block_processing",
        "json",
        plain_query="save_result priority",
    ),
    *_with_admin(
        "train_model_async",
        "POST",
        "/model/{model_module}/train/{documents_tag}",
        "model_name short_name description ttl allowed_application_ids allow_all_applications "
        f"tags {_CALLBACK}",
        "json",
    ),
    *_listing(
        "get_documents", "/document", f"{_FILES} tag_result {_CREATED} {_PAGE}", "application_id"
    ),
    *_listing("get_documents_tags", "/document/tag", "", "application_id"),
    *_listing("get_documents_zip", "/document/zip", f"{_FILES} {_CREATED}", "application_id"),
    *_with_admin(
        "create_document", "POST", "/document", "filename ttl tags", "bytes", plain_query="b64"
    ),
    *_with_admin("get_document", "GET", "/document/{document_id}"),
    *_with_admin(
        "edit_document", "PATCH", "/document/{document_id}", "filename rotation_angle ttl"
    ),
    *_with_admin("delete_document", "DELETE", "/document/{document_id}"),
    *_with_admin("tag_document", "POST", "/document/{document_id}/tag/{tag}"),
    *_with_admin("untag_document", "DELETE", "/document/{document_id}/tag/{tag}"),
    *_with_admin(
        "get_document_contents",
        "GET",
        "/document/{document_id}/file_contents",
        "max_size jpeg_compression",
    ),
    *_with_admin(
        "transform_document_async",
        "POST",
        "/document/{document_ids}/transform/{output_type}",
        f"input_tag output_tag {_CALLBACK} page_range block_processing",
        "json",
    ),
    _operation("get_annotations", "GET", "/annotation", f"{_ANNOTATIONS} {_CREATED} offset limit"),
    _operation(
        "create_annotation",
        "POST",
        "/annotation/{document_id}",
        "annotation_type name tags",
        "json",
    ),
    _operation("get_annotation", "GET", "/annotation/{annotation_id}"),
    _operation("update_annotation", "PATCH", "/annotation/{annotation_id}", "name", "json"),
    _operation("delete_annotation", "DELETE", "/annotation/{annotation_id}"),
    _operation("tag_annotation", "POST", "/annotation/{annotation_id}/tag/{tag}"),
    _operation("untag_annotation", "DELETE", "/annotation/{annotation_id}/tag/{tag}"),
    *_listing("get_jobs", "/job", f"{_JOBS} {_CREATED} {_PAGE}", "submitter_id"),
    *_job_operation("get_job", "GET", "/job/{job_id}"),
    *_job_operation("cancel_job", "DELETE", "/job/{job_id}"),
    *_job_operation("start_job", "POST", "/job/{job_id}/start"),
    *_job_operation("get_job_statuses", "GET", "/job/{job_ids}/status"),
    *_with_admin(
        "create_conditional_job",
        "POST",
        "/job/conditional/{execute_after_id}",
        "callback_url block_processing",
        "json",
    ),
    _operation(
        "admin_get_applications",
        "GET",
        "/admin/application",
        f"application_id {_APPLICATION} application_type dedicated_workers {_CREATED} {_PAGE}",
    ),
    _operation("admin_get_application", "GET", "/admin/application/{application_id}"),
    _operation("admin_create_application", "POST", "/admin/application", body="json"),
    _operation(
        "admin_edit_application",
        "PATCH",
        "/admin/application/{application_id}",
        f"{_APPLICATION} default_job_callback_url {_WORKERS} reduce_callback_payloads {_SCHEDULE}",
    ),
    _operation("admin_delete_application", "DELETE", "/admin/application/{application_id}"),
    _operation("admin_reset_api_key", "POST", "/admin/application/{application_id}/reset_api_key"),
    _operation(
        "admin_delete_always_on_schedule",
        "DELETE",
        "/admin/application/{application_id}/always_on_schedules/{always_on_schedule_id}",
    ),
    _operation("get_workers", "GET", "/worker"),
    _operation("get_worker", "GET", "/worker/{job_type}"),
    _operation("kill_worker", "DELETE", "/worker/{job_type}"),
]

OPERATIONS = {operation.name: operation for operation in _OPERATIONS}
"""Every operation of LEIA's API, by LEIA's name."""

SORTABLE = {
    name: tuple(fields.split())
    for name, fields in {
        "get_models": "application_id creation_time name description model_type",
        "get_documents": "application_id filename extension mime_type original_id page "
        "creation_time",
        "get_jobs": "submitter_id application_id creation_time starting_time finished_time "
        "job_type model_id document_ids status parent_job_id",
        "get_applications": "application_name application_type creation_time first_name last_name "
        "email dedicated_workers",
    }.items()
}
"""The fields by which the listings can be sorted."""

EXTENSIONS = {"get_trainers": _operation("get_trainers", "GET", "/trainers")}
"""The operations that only the embedded service has; another service answers 404."""
