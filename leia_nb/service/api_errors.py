"""The errors that the service responds with."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

_MAX_COMPARED = 1000


class ApiError(Exception):
    """An error response, with the JSON body ``{"status", "code", "message", "field"}``.

    `code` is a fixed name for programs, `message` is for people, `field` the parameter at fault.
    """

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers: dict[str, str] = {}


class InvalidRequest(ApiError, ValueError):
    """A 400; as a ValueError it can be raised inside Pydantic's validation."""


def bad(code: str, message: str, field: str | None = None) -> InvalidRequest:
    """Return a 400: the request is invalid."""
    return InvalidRequest(400, code, message, field)


def invalid(message: str, field: str | None = None) -> InvalidRequest:
    """Return the 400 of a value that is not valid."""
    return bad("invalid_parameter", message, field)


def unauthorized(message: str) -> ApiError:
    """Return a 401: not logged in, or not an admin on an admin call."""
    return ApiError(401, "not_logged_in", message)


def forbidden(code: str, message: str, field: str | None = None) -> ApiError:
    """Return a 403: valid, but not allowed."""
    return ApiError(403, code, message, field)


def not_yours(what: str, identifier: str, field: str | None = None) -> ApiError:
    """Return a 403 for an object of another application."""
    message = (
        f"The {what} {identifier!r} belongs to another application. Log in as that "
        f"application{_OTHER_WAYS.get(what, _AS_ADMIN)}."
    )
    return forbidden("not_yours", message, field)


_AS_ADMIN = ", or as an admin name it (application_id)"
_OTHER_WAYS = {
    "annotation": "",  # no admin call touches them
    "model": f"{_AS_ADMIN}, or let its owner open it to the application that uses it "
    "(allowed_application_ids)",
}


def conflict(code: str, message: str, field: str | None = None) -> ApiError:
    """Return a 409: it already exists."""
    return ApiError(409, code, message, field)


def unknown(what: str, identifier: str, advice: str, field: str | None = None) -> ApiError:
    """Return a 404 for an object that does not exist, or that the caller may not see."""
    code = f"unknown_{what.replace(' ', '_')}"
    return ApiError(404, code, f"There is no {what} {identifier!r} here. {advice}", field)


def meant(name: str, known: Iterable[str]) -> str:
    """Return the question whether a similar known name was meant, or an empty string.

    >>> meant("image_clasifier", ["image_classifier", "text_classifier"])
    "Did you mean 'image_classifier'? "
    """
    similar = get_close_matches(name, islice(known, _MAX_COMPARED), n=1)
    return f"Did you mean {similar[0]!r}? " if similar else ""
