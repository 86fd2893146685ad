"""Everything that goes wrong is answered as JSON: `{status, code, message, field}`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from leia_nb.service.api_errors import ApiError, bad, unauthorized, unknown
from leia_nb.service.disk_errors import is_full
from leia_nb.service.routes import known_parameters
from leia_nb.service.routes.uploads import storage_full
from leia_nb.service.settings import LOG
from leia_nb.service.storage.database import OwnerDeleted

_log = logging.getLogger(__name__)
_UNPARSED = "There was an error parsing the body"  # FastAPI's words
_UNKNOWN = "extra_forbidden"
_METHODS = ("GET", "POST", "PATCH", "DELETE")
_CODES = {404: "unknown_path", 405: "method_not_allowed", 413: "body_too_large"}


def answer(refusal: ApiError) -> JSONResponse:
    """Return the JSON answer of a refusal."""
    body = {
        "status": refusal.status,
        "code": refusal.code,
        "message": _sendable(refusal.message),
        "field": refusal.field and _sendable(refusal.field),
    }
    return JSONResponse(body, status_code=refusal.status, headers=refusal.headers)


def _sendable(text: str) -> str:
    """Return a text with half surrogate pairs, which UTF-8 cannot carry, made '?'."""
    return text.encode(errors="replace").decode()


def install(app: FastAPI) -> None:
    """Make an application answer every failure as JSON."""
    app.add_exception_handler(ApiError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(OwnerDeleted, _owner_gone)
    app.add_exception_handler(OSError, _system)
    app.add_exception_handler(Exception, _internal)


async def _refused(_request: Request, error: Exception) -> Response:
    error = cast(ApiError, error)
    return answer(error)


async def _invalid(request: Request, error: Exception) -> Response:
    error = cast(RequestValidationError, error)
    errors = error.errors()
    if any(tuple(e["loc"]) == ("header", "token") for e in errors):
        advice = "Log in with POST /login and send the token in the header 'token'."
        return answer(unauthorized(f"This call needs a token. {advice}"))
    unknown_first = sorted(errors, key=lambda error: error["type"] != _UNKNOWN)
    return answer(_as_refusal(unknown_first[0], request))


def _as_refusal(error: dict[str, Any], request: Request) -> ApiError:
    place, *names = error["loc"]
    if error["type"] == "json_invalid":
        why = (error.get("ctx") or {}).get("error", "it cannot be read")
        message = f"The body is no valid JSON: {why} at character {names[0] if names else 0}."
        return bad("invalid_parameter", f"{message} Correct it and send it again.", "body")
    field = str(names[0]) if names else str(place)
    if error["type"] == "missing":
        return bad("invalid_parameter", f"{field} is missing. Give it.", field)
    if error["type"] == _UNKNOWN:
        return _unknown_parameter(field, known_parameters.known(request, str(place)))
    why = str(error["msg"]).removeprefix("Value error, ")
    given = f" ({str(error['input'])[:60]!r} was given)" if place == "query" else ""
    return bad("invalid_parameter", f"{field} is wrong: {why}{given}.", field)


def _unknown_parameter(field: str, known: Sequence[str]) -> ApiError:
    meant = get_close_matches(field, known, n=1)
    advice = f"Did you mean {meant[0]}?" if meant else f"Known are {', '.join(sorted(known))}."
    return bad("invalid_parameter", f"{field} is no parameter of this call. {advice}", field)


async def _http(request: Request, error: Exception) -> Response:
    error = cast(HTTPException, error)
    words = {
        404: f"There is no call {request.method} on this path. See the LEIA operations.",
        405: f"This path has no {request.method} call. See the LEIA operations.",
    }
    if error.status_code == 400 and error.detail == _UNPARSED:
        return answer(_unparsed_body())
    message = words.get(error.status_code, str(error.detail))
    code = _CODES.get(error.status_code, "invalid_parameter")
    told = answer(ApiError(error.status_code, code, message))
    told.headers.update(error.headers or {})
    if error.status_code == 405:
        told.headers["Allow"] = ", ".join(_methods(request))
    return told


def _methods(request: Request) -> list[str]:
    """Return the methods of a path; a route by itself names only its own."""
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    routes = request.app.routes
    return [
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in routes)
    ]


def _unparsed_body() -> ApiError:
    message = (
        "The body is no JSON that can be read: it is not in UTF-8, is nested too deep, or has "
        "numbers of thousands of digits. Send JSON in UTF-8, such numbers as text."
    )
    return bad("invalid_parameter", message, "body")


async def _gone(_request: Request, _error: Exception) -> Response:
    """Nobody is there to read the answer; it only ends the request."""
    return answer(bad("invalid_parameter", "The body ended early. Send it again.", "body"))


async def _owner_gone(request: Request, _error: Exception) -> Response:
    """Answer a call whose application was deleted while it was under way."""
    caller = getattr(request.state, "caller", None)
    if caller is not None and caller.is_admin_call:
        advice = "It was deleted meanwhile, and nothing of this was kept."
        return answer(unknown("application", caller.owner_id, advice, "application_id"))
    return answer(unauthorized("The application was deleted meanwhile. Log in as another one."))


async def _system(_request: Request, error: Exception) -> Response:
    error = cast(OSError, error)
    if is_full(error):
        return answer(storage_full())
    raise error


async def _internal(_request: Request, _error: Exception) -> Response:
    """Answer without the inside; the server's log has the traceback."""
    message = f"The service failed on its own account. See {LOG}, or try again."
    told = answer(ApiError(500, "internal", message))
    told.headers["Connection"] = "close"  # the server hangs up after an unexpected error
    return told
