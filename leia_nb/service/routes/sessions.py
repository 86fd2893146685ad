"""Logging in and out, who is logged in, and whether the service is well."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from leia_nb.service import trainers
from leia_nb.service.api_errors import ApiError, forbidden
from leia_nb.service.routes import context
from leia_nb.service.routes.parameter_types import Words
from leia_nb.service.settings import LOG
from leia_nb.service.storage import logins
from leia_nb.service.storage.serializers import application_json
from leia_nb.version import __version__

router = APIRouter(tags=["application"])


class LoginBody(Words):
    """What a login sends."""

    api_key: str = Field(min_length=1, repr=False)


@router.get("/health", operation_id="health_check", tags=["health"])
def health(request: Request) -> Response:
    """Tell that the service is well, which version and start of it, and what it can train."""
    service = context.service_of(request)
    _check_dispatch(service)
    _check_database(service)
    return JSONResponse(
        {
            "status": "ok",
            "service": "leia_nb",
            "version": __version__,
            "instance": service.instance,
            "model_modules": trainers.trainable_names(),
        }
    )


@router.post("/login", operation_id="login_application_post")
def log_in(request: Request, body: LoginBody) -> Response:
    """Log in with an API key; answer a token and the application."""
    return JSONResponse(_login(context.service_of(request), body.api_key))


@router.get("/login/{api_key:path}", operation_id="login_application")
def log_in_by_path(request: Request, api_key: str) -> Response:
    """Log in with an API key in the path, the older way. Prefer POST: URLs end up in logs."""
    return JSONResponse(_login(context.service_of(request), api_key))


@router.get("/whoami", operation_id="who_am_i", dependencies=[Depends(context.plain)])
def who_am_i(request: Request) -> Response:
    """Return the application that is logged in, and keep its token alive."""
    return JSONResponse(application_json(context.login_of(request)))


@router.get(
    "/logout",
    operation_id="logout_application",
    status_code=204,
    dependencies=[Depends(context.plain)],
)
def log_out(request: Request, token: context.Token) -> Response:
    """End the token."""
    with context.service_of(request).database.write() as session:
        logins.delete_token(session, token)
    return Response(status_code=204)


def _check_dispatch(service: context.Service) -> None:
    if service.dispatch is not None and not service.dispatch.is_alive:
        raise _unwell("The thread that runs the jobs has ended.")


def _check_database(service: context.Service) -> None:
    if (problem := service.database.problem()) is not None:
        raise _unwell(f"The database cannot be read: {problem}.")


def _unwell(why: str) -> ApiError:
    return ApiError(500, "unwell", f"{why} See {LOG}, and start the service anew.")


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
