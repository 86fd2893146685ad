"""What operations return, and with which statuses they refuse, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from leia_nb.service.schemas.objects import Error

_MEANINGS = {
    400: "The request is invalid.",
    401: "Not logged in, or not an admin on an admin call.",
    403: "The request is valid, but not allowed.",
    404: "An object that the request names does not exist, or is hidden from the caller.",
    409: "Conflict: it already exists.",
    413: "The body is too large.",
    500: "The service failed; its log says why.",
    503: "The service is shutting down, and nothing was done.",
    507: "The service's disk is full, and nothing was saved.",
}
_DONE = {"description": "Success."}
_PAGING_HEADERS = {
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
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the error responses of these statuses."""
    return {s: {"model": Error, "description": _MEANINGS[s]} for s in statuses}


def returns(model: Any, *statuses: int) -> dict[str, Any]:
    """Return a route's options: it returns this object, or an error."""
    return {"response_model": model, "responses": {200: _DONE, **errors(*statuses)}}


def returns_page(model: Any, *statuses: int) -> dict[str, Any]:
    """Return a route's options: it returns one page of these objects, or an error."""
    page = {**_DONE, "headers": _PAGING_HEADERS}
    return {"response_model": list[model], "responses": {200: page, **errors(*statuses)}}


def returns_file(media_type: str, *statuses: int) -> dict[str, Any]:
    """Return a route's options: it returns a file, or an error."""
    file = {**_DONE, "content": {media_type: _BINARY}}
    return {"response_class": Response, "responses": {200: file, **errors(*statuses)}}


def returns_nothing(*statuses: int, status: int = 204) -> dict[str, Any]:
    """Return a route's options: it returns no body, or an error."""
    responses = {status: _DONE, **errors(*statuses)}
    return {"status_code": status, "response_class": Response, "responses": responses}


def receives_file(*, required: bool) -> dict[str, Any]:
    """Return a route's options: its request body is a file."""
    body = {"required": required, "content": {"application/octet-stream": _BINARY}}
    return {"openapi_extra": {"requestBody": body}}
