"""What the service answers when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

_MOST_COMPARED = 1000


class ApiError(Exception):
    """A request that is answered with an error.

    The answer's JSON body is ``{"status", "code", "message", "field"}``.

    Parameters
    ----------
    status : int
        The HTTP status.
    code : str
        A short fixed name for programs, e.g. ``"short_name_taken"``.
    message : str
        For people: what happened, to which object, what to do next.
    field : str or None
        The parameter at fault, by its LEIA name.

    Attributes
    ----------
    headers : dict of str to str
        What the answer's header says besides; empty at first.
    """

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers: dict[str, str] = {}


def bad(code: str, message: str, field: str | None = None) -> ApiError:
    """Return a 400: the request is wrong in itself."""
    return ApiError(400, code, message, field)


def unauthorized(message: str) -> ApiError:
    """Return a 401: not logged in, or not an admin on an admin call."""
    return ApiError(401, "not_logged_in", message)


def forbidden(code: str, message: str, field: str | None = None) -> ApiError:
    """Return a 403: understood, but not allowed."""
    return ApiError(403, code, message, field)


def not_yours(what: str, identifier: str, field: str | None = None) -> ApiError:
    """Return a 403 for an object of another application.

    Parameters
    ----------
    what : str
        The kind of object, e.g. ``"document"``.
    identifier : str
        Its id, as it was given.
    field : str or None
        The parameter that named it.
    """
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
    """Return a 409: what is asked for exists already."""
    return ApiError(409, code, message, field)


def unknown(what: str, identifier: str, advice: str, field: str | None = None) -> ApiError:
    """Return a 404 for an object that does not exist or is not the caller's to see.

    Parameters
    ----------
    what : str
        The kind of object, e.g. ``"model"``; the code becomes ``unknown_model``.
    identifier : str
        The id (or short name) that was asked for.
    advice : str
        What to do next, a sentence.
    field : str or None
        The parameter that named it.
    """
    code = f"unknown_{what.replace(' ', '_')}"
    return ApiError(404, code, f"There is no {what} {identifier!r} here. {advice}", field)


def meant(given: str, known: Iterable[str]) -> str:
    """Return the question whether a known name was meant; empty if none is like it.

    Parameters
    ----------
    given : str
        What was given.
    known : iterable of str
        The names that the caller may see; the first thousand are compared.

    Returns
    -------
    str
        A question with a space after it, or nothing.

    Examples
    --------
    >>> meant("image_clasifier", ["image_classifier", "text_classifier"])
    "Did you mean 'image_classifier'? "
    """
    similar = get_close_matches(given, islice(known, _MOST_COMPARED), n=1)
    return f"Did you mean {similar[0]!r}? " if similar else ""
