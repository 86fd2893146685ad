"""Completes the document that FastAPI makes of the routes."""

from __future__ import annotations

from typing import Any

from leia_nb.service.openapi.bodies import completed_bodies
from leia_nb.service.openapi.links import add_links
from leia_nb.service.openapi.objects import OBJECTS, Schema, many, ref
from leia_nb.service.openapi.operations import ANSWERS, MEANINGS, TAGS, Answer
from leia_nb.service.openapi.parameters import narrowed

_ABOUT = """\
LEIA's API, answered by the service that the Python package `leia_nb` carries.

Log in with `POST /login` and send the token in the header `token` of every other call. Most
operations exist twice: for everybody, and below `/admin/…` for admins. Everything that is not done
is answered with an `Error`, whose `message` says what to do next.

Of apply, train, transform and conditional: what is optional may come in the query or in the body,
and query parameters that are not named here are members of `model_params` or `transform_params`.
"""
_ANYWHERE = (500, 503, 507)
_LISTING = {
    "Content-Range": {
        "description": "The numbers of the first and last row, counted from 0, and of all rows.",
        "required": True,
        "schema": {"type": "string", "pattern": r"^\d+-\d+/\d+$", "examples": ["0-9/57"]},
    },
    "Accept-Range": {
        "description": "The kind of the rows, and the most that one page has.",
        "required": True,
        "schema": {"type": "string", "pattern": r"^\w+ \d+$", "examples": ["model 1000"]},
    },
}


def completed(document: dict[str, Any], base_path: str) -> dict[str, Any]:
    """Return FastAPI's document with all that the service promises.

    Parameters
    ----------
    document : dict
        What `fastapi.FastAPI.openapi` returns.
    base_path : str
        What all paths start with; the document's server has it instead.

    Returns
    -------
    dict
        An OpenAPI 3.1 document.
    """
    found = document["components"]["schemas"]
    bodies = {name: schema for name, schema in found.items() if "ValidationError" not in name}
    paths = {
        path.removeprefix(base_path): {
            method: _operation(method, path, operation) for method, operation in methods.items()
        }
        for path, methods in document["paths"].items()
    }
    add_links(paths)
    used = {tag for methods in paths.values() for op in methods.values() for tag in op["tags"]}
    return {
        "openapi": document["openapi"],
        "info": {**document["info"], "description": _ABOUT},
        "servers": [{"url": base_path}],
        "tags": [{"name": n, "description": told} for n, told in TAGS.items() if n in used],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**completed_bodies(bodies), **OBJECTS},
            "responses": {str(status): _refusal(status) for status in MEANINGS},
            "securitySchemes": {"token": _token()},
        },
    }


def _operation(method: str, path: str, made: dict[str, Any]) -> dict[str, Any]:
    name = made["operationId"]
    answer = ANSWERS[name]
    is_open = not _names(made, "header") & {"token"}
    is_filter = method == "get" and "{" not in path
    parameters = [
        narrowed(parameter, name, answer.holds, is_filter=is_filter)
        for parameter in made.get("parameters", [])
        if (parameter["name"], parameter["in"]) != ("token", "header")
    ]
    refused = {*answer.refused, *_ANYWHERE, *_refused_anyway(path, made, is_open=is_open)}
    completed = {
        "tags": made["tags"],
        "summary": _first_sentence(made["description"]),
        "description": made["description"],
        "operationId": name,
        "parameters": parameters,
        "responses": {
            **_success(answer, made["responses"]),
            **{str(s): {"$ref": f"#/components/responses/{s}"} for s in sorted(refused)},
        },
    }
    if "requestBody" in made:
        completed["requestBody"] = _body(name, made["requestBody"])
    if is_open:
        completed["security"] = []
    return completed


def _body(name: str, made: dict[str, Any]) -> dict[str, Any]:
    """Return a request's body; without one, a document is empty, and there are no rules."""
    needed = made.get("required", False) and not name.endswith("create_document")
    if not name.endswith("create_conditional_job"):
        return {**made, "required": needed}
    content = {"application/json": {"schema": ref("ConditionalBody")}}
    return {**made, "content": content, "required": True}


def _names(made: dict[str, Any], place: str) -> set[str]:
    return {p["name"] for p in made.get("parameters", []) if p["in"] == place}


def _refused_anyway(path: str, made: dict[str, Any], *, is_open: bool) -> set[int]:
    refused = set() if is_open else {401}
    body = made.get("requestBody")
    if body is not None or made.get("parameters"):
        refused.add(400)
    if body is not None and "application/json" in body["content"]:
        refused.add(413)
    if "/admin/{" in path:
        refused.add(404)
    return refused


def _success(answer: Answer, made: dict[str, Any]) -> dict[str, Any]:
    status = next(status for status in made if status.startswith("2"))
    told: dict[str, Any] = {"description": "It was done."}
    if answer.holds.startswith("["):
        told["headers"] = _LISTING
    if answer.holds:
        told["content"] = _content(answer.holds)
    return {status: told}


def _content(holds: str) -> dict[str, Any]:
    file: Schema = {"type": "string", "format": "binary"}
    if holds == "bytes":
        return {"application/octet-stream": {"schema": file}}
    if holds == "zip":
        return {"application/zip": {"schema": file}}
    return {"application/json": {"schema": _shape(holds)}}


def _shape(holds: str) -> Schema:
    if holds.startswith("["):
        return many(ref(holds.strip("[]")))
    return ref(holds)


def _refusal(status: int) -> dict[str, Any]:
    error = {"application/json": {"schema": ref("Error")}}
    return {"description": MEANINGS[status], "content": error}


def _token() -> dict[str, Any]:
    told = "What a login answered. It lives for an hour after its last use."
    return {"type": "apiKey", "in": "header", "name": "token", "description": told}


def _first_sentence(text: str) -> str:
    return text.partition("\n\n")[0].partition(". ")[0].partition("; ")[0].rstrip(".")
