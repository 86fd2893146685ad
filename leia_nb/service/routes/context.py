"""What every route works with: the service's parts, and who is calling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Header, Request

from leia_nb.enums import ApplicationType
from leia_nb.service.api_errors import unauthorized
from leia_nb.service.settings import Settings
from leia_nb.service.storage import applications, logins, tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database


def _nobody_to_wake() -> None:
    """Do nothing: the service runs without a dispatcher."""


class Dispatch(Protocol):
    """What routes ask of the dispatcher, which they do not import."""

    @property
    def is_alive(self) -> bool:
        """Whether the thread that runs the jobs does."""

    def workers(self) -> Sequence[tuple[str | None, str]]:
        """Tell what the worker processes that live are doing: job type and status."""

    def stop_worker(self, job_type: str) -> bool:
        """End one worker process after its job; tell whether there was one."""


@dataclass
class Service:
    """The parts of one running service.

    Parameters
    ----------
    settings : Settings
        What it was told at its start.
    database : Database
        Its rows.
    blobs : Blobs
        Its files.
    instance : str
        The random name of this start of the service.
    wake : callable
        Tells the dispatcher that there is something to do.
    dispatch : Dispatch or None
        The dispatcher, if there is one.
    """

    settings: Settings
    database: Database
    blobs: Blobs
    instance: str
    wake: Callable[[], None] = field(default=_nobody_to_wake)
    dispatch: Dispatch | None = None


@dataclass(frozen=True)
class Caller:
    """Who is calling, and for whom.

    Parameters
    ----------
    login_id : str
        The application that is logged in; it becomes the submitter of its jobs.
    owner_id : str
        The application whose objects are meant: the same one on plain calls, the
        one in the path on admin calls.
    is_admin_call : bool
        Whether this is an admin call.
    """

    login_id: str
    owner_id: str
    is_admin_call: bool


Token = Annotated[str, Header(description="The token that a login answered.")]


def service_of(request: Request) -> Service:
    """Return the parts of the service that answers a request."""
    service: Service = request.app.state.service
    return service


def caller_of(request: Request) -> Caller:
    """Return who is calling, as one of the dependencies below found out."""
    caller: Caller = request.state.caller
    return caller


def login_of(request: Request) -> tables.Application:
    """Return the application that is logged in."""
    application: tables.Application = request.state.login
    return application


def plain(request: Request, token: Token) -> None:
    """Admit any login; it acts for itself."""
    login = _log_in(request, token)
    request.state.caller = Caller(login.id, login.id, is_admin_call=False)


def admin(request: Request, token: Token) -> None:
    """Admit an admin on a call that names no application in its path."""
    login = _log_in_admin(request, token)
    request.state.caller = Caller(login.id, login.id, is_admin_call=True)


def admin_for_application(request: Request, token: Token, application_id: str) -> None:
    """Admit an admin who acts for the application in the path.

    Raises
    ------
    Refusal
        401 if the caller is no admin, 404 ``unknown_application``.
    """
    login = _log_in_admin(request, token)
    with service_of(request).database.read() as session:
        applications.require_application(session, application_id)
    request.state.caller = Caller(login.id, application_id, is_admin_call=True)


def admin_for_submitter(request: Request, token: Token, submitter_id: str) -> None:
    """Admit an admin to the jobs of the submitter in the path."""
    login = _log_in_admin(request, token)
    request.state.caller = Caller(login.id, submitter_id, is_admin_call=True)


def _log_in_admin(request: Request, token: str) -> tables.Application:
    login = _log_in(request, token)
    if login.application_type != ApplicationType.ADMIN:
        raise unauthorized(
            "This call is for admin applications only, and the one logged in is none. "
            "Use the plain call, or log in with an admin's API key."
        )
    return login


def _log_in(request: Request, token: str) -> tables.Application:
    service = service_of(request)
    ttl = service.settings.token_ttl
    with service.database.read() as session:
        found = logins.find_login(session, token)
    if found is None:
        raise unauthorized("The token is unknown or has expired. Log in again with POST /login.")
    application, row = found
    if logins.needs_renewal(row, ttl):
        with service.database.write() as session:
            logins.renew(session, row, ttl)
    request.state.login = application
    return application
