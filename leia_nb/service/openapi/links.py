"""Links of the OpenAPI document: what can be done next with a returned object."""

from __future__ import annotations

import re
from typing import Any

_NEXT: dict[str, dict[str, str]] = {
    "Document": {
        "document_id": (
            "get_document edit_document delete_document get_document_contents tag_document "
            "create_annotation"
        ),
        "document_ids": "transform_document_async",
    },
    "Model": {
        "model_id": (
            "get_model admin_edit_model admin_delete_model admin_get_model_contents tag_model"
        )
    },
    "Annotation": {
        "annotation_id": "get_annotation update_annotation delete_annotation tag_annotation"
    },
    "Job": {
        "job_id": "get_job start_job cancel_job",
        "job_ids": "get_job_statuses",
        "execute_after_id": "create_conditional_job",
    },
    "Application": {
        "application_id": (
            "admin_get_application admin_edit_application admin_reset_api_key "
            "admin_delete_application"
        )
    },
}
"""By object: its id is this parameter of these operations."""

_OWNER = re.compile(r"^/admin/\{(application_id|submitter_id)\}/(?:document|job|model)")


def add_links(paths: dict[str, dict[str, Any]]) -> None:
    """Add links to every operation that returns one object.

    An admin call leads to admin calls, a plain call to plain ones, where both exist.
    """
    path_of = {
        operation["operationId"]: path
        for path, item in paths.items()
        for operation in item.values()
    }
    for item in paths.values():
        for operation in item.values():
            success = operation["responses"].get("200", {})
            schema = success.get("content", {}).get("application/json", {}).get("schema", {})
            name = schema.get("$ref", "").rpartition("/")[2]
            if name in _NEXT:
                success["links"] = _links(operation["operationId"], _NEXT[name], path_of)


def _links(source: str, following: dict[str, str], path_of: dict[str, str]) -> dict[str, Any]:
    links = {}
    for parameter, operations in following.items():
        for plain in operations.split():
            admin = f"admin_{plain}"
            target = admin if source.startswith("admin_") and admin in path_of else plain
            if target in path_of:
                links[target] = _link(target, parameter, path_of[target])
    return links


def _link(target: str, parameter: str, path: str) -> dict[str, Any]:
    parameters = {parameter: "$response.body#/id"}
    owner = _OWNER.match(path)
    if owner:
        parameters[owner[1]] = "$response.body#/application_id"
    return {"operationId": target, "parameters": parameters}
