"""The service's OpenAPI document: FastAPI's, completed by what FastAPI cannot know."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from leia_nb.api import rules
from leia_nb.service.openapi.links import add_links
from leia_nb.service.schemas.responses import errors
from leia_nb.service.schemas.types import without_null

DESCRIPTION = """\
LEIA's API, served by the Python package `leia_nb`.

Log in with `POST /login` and send the token in the header `token` of every other call. Most
operations exist twice: for everybody, and below `/admin/…` for admins. A request that fails is
answered with an `Error`, whose `message` says what to do next.

For apply, train, transform and conditional: optional parameters may come in the query or in the
body, and query parameters that are not named here are members of `model_params` or
`transform_params`.
"""
TAGS = {
    "application": "Logging in and out, and who is logged in.",
    "application (admin)": "Accounts, for admins.",
    "document": "Files in LEIA.",
    "document (admin)": "Files of any application, for admins.",
    "annotation": "Statements about documents; training learns from them.",
    "model": "Applying and training models.",
    "model (admin)": "Models of any application, for admins; only they create and change them.",
    "job": "Pieces of work: following, starting and canceling them.",
    "job (admin)": "Jobs of any application, for admins.",
    "worker": "The processes that run jobs.",
    "worker (admin)": "Stopping worker processes, for admins.",
    "trainers": "Trainers, transforms and their parameters; not part of LEIA's API.",
    "health": "The state of the service.",
}


def install(app: FastAPI, base_path: str) -> None:
    """Make an application serve the completed document."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(generate(), base_path)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], base_path: str) -> dict[str, Any]:
    paths = {path.removeprefix(base_path): item for path, item in document["paths"].items()}
    for item in paths.values():
        for operation in item.values():
            _complete_operation(operation)
    add_links(paths)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _rule_schemas(schemas)
    return {
        **document,
        "info": {**document["info"], "description": DESCRIPTION},
        "servers": [{"url": base_path}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "security": [{"token": []}],
        "paths": paths,
    }


def _complete_operation(operation: dict[str, Any]) -> None:
    operation["summary"] = _first_sentence(operation["description"])
    # The token is the document's security scheme; an operation only says if it needs none.
    if operation.pop("security", None) is None:
        operation["security"] = []
    operation["parameters"] = [_parameter(item) for item in operation.get("parameters", [])]
    responses = operation["responses"]
    # FastAPI declares a 422 where a request has something to validate; ours answers 400.
    if responses.pop("422", None):
        responses["400"] = _error(400)
    if "application/json" in operation.get("requestBody", {}).get("content", {}):
        responses["413"] = _error(413)
    if operation["operationId"].endswith("create_conditional_job"):
        content = {"application/json": {"schema": _ref("ConditionalBody")}}
        operation["requestBody"] = {"required": True, "content": content}
    operation["responses"] = dict(sorted(responses.items()))


def _rule_schemas(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas of rules, with the constraints of the same parameters elsewhere."""
    rule_schemas = rules.schemas(_ref)
    apply, train = schemas["ApplyBody"]["properties"], schemas["TrainBody"]["properties"]
    transform = schemas["TransformBody"]["properties"]
    same = {
        **transform,
        **apply,
        "document_ids": train["allowed_application_ids"],
        "model_id": train["model_module"]["anyOf"][0],
    }
    for job in ("ApplyJob", "TransformJob"):
        properties = rule_schemas[job]["properties"]
        properties.update((name, same[name]) for name in properties if name in same)
    return rule_schemas


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _error(status: int) -> dict[str, Any]:
    description = errors(status)[status]["description"]
    return {"description": description, "content": {"application/json": {"schema": _ref("Error")}}}


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = without_null(parameter["schema"])
    schema = {key: value for key, value in schema.items() if key not in ("title", "description")}
    return {"description": "", **parameter, "schema": schema}


def _first_sentence(text: str) -> str:
    return text.partition("\n\n")[0].partition(". ")[0].partition("; ")[0].rstrip(".")
