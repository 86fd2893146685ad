"""Logging in and out, who is logged in, and the state of the service."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from leia_nb.service import trainers
from leia_nb.service.api_errors import ApiError, forbidden
from leia_nb.service.routes import context
from leia_nb.service.schemas.objects import Application, Health, LoginToken
from leia_nb.service.schemas.paths import ApiKey
from leia_nb.service.schemas.requests import LoginBody
from leia_nb.service.schemas.responses import returns, returns_nothing
from leia_nb.service.settings import LOG
from leia_nb.service.storage import logins
from leia_nb.service.storage.serializers import application_json
from leia_nb.version import __version__

router = APIRouter(tags=["application"])


@router.get("/health", **returns(Health) | {"tags": ["health"]})
def health_check(request: Request) -> Response:
    """Return the state of the service, its version, and the modules that it can train."""
    service = context.service_of(request)
    if service.dispatch is not None and not service.dispatch.is_alive:
        raise _unwell("The thread that runs the jobs has ended.")
    if (problem := service.database.problem()) is not None:
        raise _unwell(f"The database cannot be read: {problem}.")
    state = Health(
        status="ok",
        service="leia_nb",
        version=__version__,
        instance=service.instance,
        model_modules=trainers.trainable_names(),
    )
    return JSONResponse(state.model_dump())


@router.post("/login", **returns(LoginToken, 403))
def login_application_post(request: Request, body: LoginBody) -> Response:
    """Log in with an API key; return a token and the application."""
    return JSONResponse(_login(context.service_of(request), body.api_key))


@router.get("/login/{api_key:path}", **returns(LoginToken, 403, 404))
def login_application(request: Request, api_key: ApiKey) -> Response:
    """Log in with an API key in the path, the older way. Prefer POST: URLs end up in logs."""
    return JSONResponse(_login(context.service_of(request), api_key))


@router.get("/whoami", dependencies=[Depends(context.plain)], **returns(Application, 401))
def who_am_i(request: Request) -> Response:
    """Return the application that is logged in, and keep its token alive."""
    return JSONResponse(application_json(context.login_of(request)))


@router.get("/logout", dependencies=[Depends(context.plain)], **returns_nothing(401))
def logout_application(request: Request, token: context.Token) -> Response:
    """Invalidate the token."""
    with context.service_of(request).database.write() as session:
        logins.delete_token(session, token or "")
    return Response(status_code=204)


def _unwell(problem: str) -> ApiError:
    return ApiError(500, "unwell", f"{problem} See {LOG}, and restart the service.")


def _login(service: context.Service, api_key: str) -> dict[str, Any]:
    with service.database.read() as session:
        application = logins.application_of_key(session, api_key)
    if application is None:
        raise forbidden(
            "login_failed", "No application has this API key. Check the key.", "api_key"
        )
    with service.database.write() as session:
        token = logins.create_token(session, application.id, service.settings.token_ttl)
    return {"token": token, "application": application_json(application)}
