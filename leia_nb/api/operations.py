"""LEIA's 72 operations as facts: method, path, parameters; and the embedded service's own.

An operation that exists twice, once for everybody and once for admins, is written
once here with both paths; `OPERATIONS` holds both, the admin one as ``admin_…``.
Applications, and creating, editing, deleting and downloading a model, exist for
admins only. Free parameters (``model_params``, ``transform_params``) and
``callback_headers`` go in the JSON body, which keeps their types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import quote, urlencode

Body = Literal["bytes", "json"]

_ANSWER_NOTHING = ("logout_application", "health_check")
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
    """One operation of LEIA's API.

    Parameters
    ----------
    name : str
        LEIA's name of it, e.g. ``"admin_get_model"``.
    method : str
        The HTTP method.
    path : str
        The path below the base URL, with ``{placeholders}``.
    query : tuple of str
        The query parameters it knows. One that holds a list is repeated (``tags=a&tags=b``).
    body : "bytes", "json" or None
        What its request carries.
    """

    name: str
    method: str
    path: str
    query: tuple[str, ...] = ()
    body: Body | None = None

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The parameters that are part of the path."""
        return tuple(_PLACEHOLDER.findall(self.path))

    @property
    def answers_nothing(self) -> bool:
        """Whether an empty body is a complete answer."""
        return self.method == "DELETE" or self.name in _ANSWER_NOTHING

    def target(self, values: Mapping[str, Any]) -> str:
        """Return path and query for these parameter values.

        Parameters
        ----------
        values : mapping
            Values by parameter name. None is left out; a list in the path becomes one
            comma-separated segment, in the query the name is repeated, and an empty
            list is sent as an empty value (which clears it).

        Returns
        -------
        str
            The part of the URL after the base URL, every value escaped.

        Raises
        ------
        TypeError
            If the operation has no such parameter.

        Examples
        --------
        >>> OPERATIONS["get_models"].target({"name": "R&D", "tags": ["a", "b"]})
        '/model?name=R%26D&tags=a&tags=b'
        """
        strange = set(values) - set(self.query) - set(self.placeholders)
        if strange:
            raise TypeError(f"{self.name} has no parameter {', '.join(sorted(strange))}")
        path = _PLACEHOLDER.sub(lambda found: _segment(values[found[1]]), self.path)
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


def _pair(
    name: str, method: str, path: str, query: str = "", body: Body | None = None
) -> list[Operation]:
    known = tuple(query.split())
    return [
        Operation(name, method, path, known, body),
        Operation(f"admin_{name}", method, "/admin/{application_id}" + path, known, body),
    ]


def _admin(
    name: str, method: str, path: str, query: str = "", body: Body | None = None
) -> Operation:
    return _pair(name, method, path, query, body)[1]


def _listing(name: str, path: str, query: str, admin_query: str) -> list[Operation]:
    return [
        Operation(name, "GET", path, tuple(query.split())),
        Operation(f"admin_{name}", "GET", f"/admin{path}", tuple(f"{query} {admin_query}".split())),
    ]


def _job(name: str, method: str, path: str) -> list[Operation]:
    return [
        Operation(name, method, path),
        Operation(f"admin_{name}", method, "/admin/{submitter_id}" + path),
    ]


def _only_plain(pair: list[Operation], query: str) -> list[Operation]:
    """Give the plain call of a pair parameters that the admin's does not have."""
    plain, admin = pair
    return [replace(plain, query=(*plain.query, *query.split())), admin]


def _one(name: str, method: str, path: str, query: str = "", body: Body | None = None) -> Operation:
    return Operation(name, method, path, tuple(query.split()), body)


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

_SESSIONS = [
    _one("login_application_post", "POST", "/login", body="json"),
    _one("login_application", "GET", "/login/{api_key}"),
    _one("logout_application", "GET", "/logout"),
    _one("who_am_i", "GET", "/whoami"),
    _one("health_check", "GET", "/health"),
]
_OF_MODELS = [
    *_listing("get_models", "/model", f"{_MODELS} {_CREATED} {_PAGE}", "application_id"),
    *_pair("get_model", "GET", "/model/{model_id}"),
    _admin("create_model", "POST", "/model", f"{_MODEL} tags", "bytes"),
    _admin("edit_model", "PATCH", "/model/{model_id}", _MODEL),
    _admin("delete_model", "DELETE", "/model/{model_id}"),
    *_pair("tag_model", "POST", "/model/{model_id}/tag/{tag}"),
    *_pair("untag_model", "DELETE", "/model/{model_id}/tag/{tag}"),
    _admin("get_model_contents", "GET", "/model/{model_id}/file_contents"),
    *_only_plain(
        _pair(
            "apply_model_async",
            "POST",
            "/model/{model_id}/apply/{document_ids}",
            f"tag format_type {_CALLBACK} page_range block_processing",
            "json",
        ),
        "save_result priority",
    ),
    *_pair(
        "train_model_async",
        "POST",
        "/model/{model_module}/train/{documents_tag}",
        "model_name short_name description ttl allowed_application_ids allow_all_applications "
        f"tags {_CALLBACK}",
        "json",
    ),
]
_OF_DOCUMENTS = [
    *_listing(
        "get_documents", "/document", f"{_FILES} tag_result {_CREATED} {_PAGE}", "application_id"
    ),
    *_listing("get_documents_tags", "/document/tag", "", "application_id"),
    *_listing("get_documents_zip", "/document/zip", f"{_FILES} {_CREATED}", "application_id"),
    *_only_plain(
        _pair("create_document", "POST", "/document", "filename ttl tags", "bytes"), "b64"
    ),
    *_pair("get_document", "GET", "/document/{document_id}"),
    *_pair("edit_document", "PATCH", "/document/{document_id}", "filename rotation_angle ttl"),
    *_pair("delete_document", "DELETE", "/document/{document_id}"),
    *_pair("tag_document", "POST", "/document/{document_id}/tag/{tag}"),
    *_pair("untag_document", "DELETE", "/document/{document_id}/tag/{tag}"),
    *_pair(
        "get_document_contents",
        "GET",
        "/document/{document_id}/file_contents",
        "max_size jpeg_compression",
    ),
    *_pair(
        "transform_document_async",
        "POST",
        "/document/{document_ids}/transform/{output_type}",
        f"input_tag output_tag {_CALLBACK} page_range block_processing",
        "json",
    ),
]
_OF_ANNOTATIONS = [
    _one("get_annotations", "GET", "/annotation", f"{_ANNOTATIONS} {_CREATED} offset limit"),
    _one(
        "create_annotation",
        "POST",
        "/annotation/{document_id}",
        "annotation_type name tags",
        "json",
    ),
    _one("get_annotation", "GET", "/annotation/{annotation_id}"),
    _one("update_annotation", "PATCH", "/annotation/{annotation_id}", "name", "json"),
    _one("delete_annotation", "DELETE", "/annotation/{annotation_id}"),
    _one("tag_annotation", "POST", "/annotation/{annotation_id}/tag/{tag}"),
    _one("untag_annotation", "DELETE", "/annotation/{annotation_id}/tag/{tag}"),
]
_OF_JOBS = [
    *_listing("get_jobs", "/job", f"{_JOBS} {_CREATED} {_PAGE}", "submitter_id"),
    *_job("get_job", "GET", "/job/{job_id}"),
    *_job("cancel_job", "DELETE", "/job/{job_id}"),
    *_job("start_job", "POST", "/job/{job_id}/start"),
    *_job("get_job_statuses", "GET", "/job/{job_ids}/status"),
    *_pair(
        "create_conditional_job",
        "POST",
        "/job/conditional/{execute_after_id}",
        "callback_url block_processing",
        "json",
    ),
]
_OF_APPLICATIONS = [
    _one(
        "admin_get_applications",
        "GET",
        "/admin/application",
        f"application_id {_APPLICATION} application_type dedicated_workers {_CREATED} {_PAGE}",
    ),
    _one("admin_get_application", "GET", "/admin/application/{application_id}"),
    _one("admin_create_application", "POST", "/admin/application", body="json"),
    _one(
        "admin_edit_application",
        "PATCH",
        "/admin/application/{application_id}",
        f"{_APPLICATION} default_job_callback_url {_WORKERS} reduce_callback_payloads {_SCHEDULE}",
    ),
    _one("admin_delete_application", "DELETE", "/admin/application/{application_id}"),
    _one("admin_reset_api_key", "POST", "/admin/application/{application_id}/reset_api_key"),
    _one(
        "admin_delete_always_on_schedule",
        "DELETE",
        "/admin/application/{application_id}/always_on_schedules/{always_on_schedule_id}",
    ),
]
_OF_WORKERS = [
    _one("get_workers", "GET", "/worker"),
    _one("get_worker", "GET", "/worker/{job_type}"),
    _one("kill_worker", "DELETE", "/worker/{job_type}"),
]

OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for group in (
        _SESSIONS,
        _OF_MODELS,
        _OF_DOCUMENTS,
        _OF_ANNOTATIONS,
        _OF_JOBS,
        _OF_APPLICATIONS,
        _OF_WORKERS,
    )
    for operation in group
}
"""Every operation of LEIA's API, by LEIA's name."""

EXTENSIONS: dict[str, Operation] = {
    operation.name: operation for operation in [_one("get_trainers", "GET", "/trainers")]
}
"""The operations that only the embedded service has; another service answers 404."""
