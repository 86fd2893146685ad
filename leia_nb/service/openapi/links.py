"""What can be done next with the object that an operation answers."""

from __future__ import annotations

import re
from typing import Any

from leia_nb.service.openapi.operations import ANSWERS

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
    """Add links to every operation that answers one object.

    An admin call leads to admin calls, a plain call to plain ones, where both exist.

    Parameters
    ----------
    paths : dict
        The paths of an OpenAPI document; changed in place.
    """
    where = {op["operationId"]: path for path, methods in paths.items() for op in methods.values()}
    for methods in paths.values():
        for operation in methods.values():
            name = operation["operationId"]
            links = _links(name, ANSWERS[name].holds, where)
            if links:
                operation["responses"]["200"]["links"] = links


def _links(name: str, holds: str, where: dict[str, str]) -> dict[str, Any]:
    links = {}
    for parameter, operations in _NEXT.get(holds, {}).items():
        for plain in operations.split():
            twin = f"admin_{plain}"
            target = twin if name.startswith("admin_") and twin in where else plain
            if target in where:
                links[target] = _link(target, parameter, where[target])
    return links


def _link(target: str, parameter: str, path: str) -> dict[str, Any]:
    values = {parameter: "$response.body#/id"}
    owner = _OWNER.match(path)
    if owner:
        values[owner[1]] = "$response.body#/application_id"
    return {"operationId": target, "parameters": values}
