"""Every error becomes a JSON response: `{status, code, message, field}`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast, get_args

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from leia_nb.service.api_errors import ApiError, bad, invalid, meant, unauthorized, unknown
from leia_nb.service.disk_errors import is_full
from leia_nb.service.routes.uploads import storage_full
from leia_nb.service.schemas.objects import Error
from leia_nb.service.settings import LOG
from leia_nb.service.storage.database import OwnerDeleted

_UNPARSED = "There was an error parsing the body"  # FastAPI's words
_UNKNOWN = "extra_forbidden"
_METHODS = ("GET", "POST", "PATCH", "DELETE")
_CODES = {404: "unknown_path", 405: "method_not_allowed", 413: "body_too_large"}


def error_response(error: ApiError) -> JSONResponse:
    """Return the JSON response of an error."""
    body = Error(
        status=error.status,
        code=error.code,
        message=_encodable(error.message),
        field=error.field and _encodable(error.field),
    )
    return JSONResponse(body.model_dump(), status_code=error.status, headers=error.headers)


def _encodable(text: str) -> str:
    """Return a string with "?" in place of lone surrogates, which UTF-8 cannot encode."""
    return text.encode(errors="replace").decode()


def install(app: FastAPI) -> None:
    """Make an application respond to every error with JSON."""
    app.add_exception_handler(ApiError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(OwnerDeleted, _owner_gone)
    app.add_exception_handler(OSError, _system)
    app.add_exception_handler(Exception, _internal)


async def _refused(_request: Request, error: Exception) -> Response:
    return error_response(cast(ApiError, error))


async def _invalid(request: Request, error: Exception) -> Response:
    errors = cast(RequestValidationError, error).errors()
    unknown_first = sorted(errors, key=lambda error: error["type"] != _UNKNOWN)
    return error_response(_invalid_request(unknown_first[0], request))


def _invalid_request(error: dict[str, Any], request: Request) -> ApiError:
    place, *names = error["loc"]
    context = error.get("ctx") or {}
    cause = context.get("error", "")
    if error["type"] == "json_invalid":
        position = names[0] if names else 0
        message = f"The body is not valid JSON: {cause} at character {position}. Correct it."
        return invalid(message, "body")
    field = str(names[0]) if names else str(place)
    if isinstance(cause, ApiError):
        field = cause.field or field
        message = cause.message if field == "body" else f"{field}: {cause.message}"
        return bad(cause.code, message, field)
    if error["type"] == "missing":
        return invalid(f"{field} is missing. Add it.", field)
    if error["type"] == _UNKNOWN:
        return _unknown_parameter(field, sorted(_parameters(request, str(place))))
    if error["type"] == "too_long":
        limit, count = context["max_length"], context["actual_length"]
        message = f"{field}: expected at most {limit:,} values, got {count:,}."
        return invalid(message, field)
    message = str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    actual = f", got {str(error['input'])[:60]!r}" if place == "query" else ""
    return invalid(f"{field}: {message}{actual}.", field)


def _unknown_parameter(field: str, known: Sequence[str]) -> ApiError:
    advice = meant(field, known).rstrip() or f"Use {', '.join(known)}."
    return invalid(f"Unknown parameter {field!r}. {advice}", field)


def _parameters(request: Request, place: str) -> Iterator[str]:
    """Yield the names of the parameters that a call takes in the query or in the body."""
    route = request.scope.get("route")
    if isinstance(route, APIRoute):
        dependant = route.dependant
        for field in dependant.query_params if place == "query" else dependant.body_params:
            annotation = field.field_info.annotation
            models = [
                model
                for model in (annotation, *get_args(annotation))
                if isinstance(model, type) and issubclass(model, BaseModel)
            ]
            yield from models[0].model_fields if models else (field.alias,)


async def _http(request: Request, error: Exception) -> Response:
    error = cast(HTTPException, error)
    messages = {
        404: f"There is no {request.method} call on this path. See the LEIA operations.",
        405: f"{request.method} is not allowed on this path. Use a method in the header Allow.",
    }
    if error.status_code == 400 and error.detail == _UNPARSED:
        return error_response(_unparsed_body())
    message = messages.get(error.status_code, str(error.detail))
    code = _CODES.get(error.status_code, "invalid_parameter")
    response = error_response(ApiError(error.status_code, code, message))
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(_methods(request))
    return response


def _methods(request: Request) -> list[str]:
    """Return the methods of a path; a route knows only its own."""
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    routes = request.app.routes
    return [
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in routes)
    ]


def _unparsed_body() -> ApiError:
    message = (
        "The body cannot be parsed as JSON: it is not in UTF-8, is nested too deeply, or has "
        "numbers of thousands of digits. Send JSON in UTF-8, and such numbers as strings."
    )
    return invalid(message, "body")


async def _gone(_request: Request, _error: Exception) -> Response:
    """End the request; nobody is there to read the response."""
    return error_response(invalid("The body ended early. Send it again.", "body"))


async def _owner_gone(request: Request, _error: Exception) -> Response:
    """Refuse a call whose application was deleted meanwhile."""
    caller = getattr(request.state, "caller", None)
    if caller is not None and caller.is_admin_call:
        advice = "It was deleted meanwhile, and nothing was saved."
        return error_response(unknown("application", caller.owner_id, advice, "application_id"))
    return error_response(
        unauthorized("The application was deleted meanwhile. Log in as another one.")
    )


async def _system(_request: Request, error: Exception) -> Response:
    error = cast(OSError, error)
    if is_full(error):
        return error_response(storage_full())
    raise error


async def _internal(_request: Request, _error: Exception) -> Response:
    """Hide the details; the server's log has the traceback."""
    message = f"The service failed unexpectedly. See {LOG}, or try again."
    response = error_response(ApiError(500, "internal", message))
    response.headers["Connection"] = "close"  # the server closes it after an unexpected error
    return response
