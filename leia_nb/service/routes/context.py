"""What every route uses: the parts of the service, and the caller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Request, Security
from fastapi.security import APIKeyHeader

from leia_nb.enums import ApplicationType
from leia_nb.service.api_errors import unauthorized
from leia_nb.service.schemas.paths import OwnerId, SubmitterId
from leia_nb.service.settings import Settings
from leia_nb.service.storage import applications, logins, tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database


class Dispatch(Protocol):
    """What routes use of the dispatcher, which they do not import."""

    @property
    def is_alive(self) -> bool:
        """Whether the thread that runs the jobs is alive."""

    def workers(self) -> Sequence[tuple[str | None, str]]:
        """Return the job type and the status of each living worker process."""

    def stop_worker(self, job_type: str) -> bool:
        """Stop one worker process after its job; return whether there was one."""


@dataclass
class Service:
    """The parts of one running service."""

    settings: Settings
    database: Database
    blobs: Blobs
    instance: str  # random, new with each start
    wake: Callable[[], None] = field(default=lambda: None)  # wakes the dispatcher
    dispatch: Dispatch | None = None


@dataclass(frozen=True)
class Caller:
    """Who is calling, and for whom."""

    login_id: str  # the application that is logged in; it becomes the submitter of its jobs
    owner_id: str  # the same on plain calls; on admin calls the application in the path
    is_admin_call: bool


_TOKEN = APIKeyHeader(
    name="token",
    scheme_name="token",
    description="The token of a login. It expires an hour after its last use.",
    auto_error=False,
)
Token = Annotated[str | None, Security(_TOKEN)]


def service_of(request: Request) -> Service:
    """Return the parts of the service that handles a request."""
    service: Service = request.app.state.service
    return service


def caller_of(request: Request) -> Caller:
    """Return who is calling, as one of the dependencies below set it."""
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
    """Admit an admin on a call without an application in its path."""
    login = _log_in_admin(request, token)
    request.state.caller = Caller(login.id, login.id, is_admin_call=True)


def admin_for_application(request: Request, token: Token, application_id: OwnerId) -> None:
    """Admit an admin who acts for the application in the path; 404 if it does not exist."""
    login = _log_in_admin(request, token)
    with service_of(request).database.read() as session:
        applications.require_application(session, application_id)
    request.state.caller = Caller(login.id, application_id, is_admin_call=True)


def admin_for_submitter(request: Request, token: Token, submitter_id: SubmitterId) -> None:
    """Admit an admin to the jobs of the submitter in the path."""
    login = _log_in_admin(request, token)
    request.state.caller = Caller(login.id, submitter_id, is_admin_call=True)


def _log_in_admin(request: Request, token: str | None) -> tables.Application:
    login = _log_in(request, token)
    if login.application_type != ApplicationType.ADMIN:
        raise unauthorized(
            "This call is for admins only, and you are not logged in as an admin. Use the plain "
            "call, or log in with an admin's API key."
        )
    return login


def _log_in(request: Request, token: str | None) -> tables.Application:
    if not token:
        advice = "Log in with POST /login and send the token in the header 'token'."
        raise unauthorized(f"This call needs a token. {advice}")
    service = service_of(request)
    ttl = service.settings.token_ttl
    with service.database.read() as session:
        login = logins.find_login(session, token)
    if login is None:
        raise unauthorized("The token is unknown or has expired. Log in again with POST /login.")
    application, row = login
    if logins.needs_renewal(row, ttl):
        with service.database.write() as session:
            logins.renew(session, row, ttl)
    request.state.login = application
    return application
