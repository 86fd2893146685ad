"""The calls with which an admin manages applications."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse

from leia_nb.service.api_errors import forbidden
from leia_nb.service.routes import context
from leia_nb.service.routes.admin_routes import router as new_router
from leia_nb.service.routes.responses import page_response, paging_headers_on_error
from leia_nb.service.schemas.filters import ApplicationQuery
from leia_nb.service.schemas.objects import Application
from leia_nb.service.schemas.paths import ApplicationId, ScheduleId, StrictApplicationId
from leia_nb.service.schemas.requests import ApplicationBody, ApplicationEdit
from leia_nb.service.schemas.responses import returns, returns_nothing, returns_page
from leia_nb.service.storage import applications, logins, tables
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.serializers import application_json

router = new_router("application (admin)", context.admin, "/admin/application")


@router.get("", **returns_page(Application, 404))
def admin_get_applications(
    request: Request, query: Annotated[ApplicationQuery, Query()]
) -> Response:
    """List the applications."""
    service = context.service_of(request)
    max_limit = service.settings.max_limit
    with paging_headers_on_error("application", max_limit), service.database.read() as session:
        page = applications.list_applications(session, max_limit, query)
        counts = applications.job_counts(session, [row.id for row in page.rows])

    def to_json(row: tables.Application) -> dict[str, Any]:
        return application_json(row, job_counts=counts[row.id])

    return page_response(page, "application", max_limit, to_json)


@router.post("", **returns(Application, 409))
def admin_create_application(request: Request, body: ApplicationBody) -> Response:
    """Create an application; only this response has its API key."""
    with context.service_of(request).database.write() as session:
        row, key = applications.add_application(session, body)
    return JSONResponse(application_json(row, job_counts={}, api_key=key))


@router.get("/{application_id}", **returns(Application, 404))
def admin_get_application(request: Request, application_id: ApplicationId) -> Response:
    """Return an application."""
    with context.service_of(request).database.read() as session:
        return _response(session, applications.require_application(session, application_id))


@router.patch("/{application_id}", **returns(Application, 404, 409))
def admin_edit_application(
    request: Request, application_id: ApplicationId, query: Annotated[ApplicationEdit, Query()]
) -> Response:
    """Change an application; what is not given stays. A schedule is added."""
    with context.service_of(request).database.write() as session:
        row = applications.require_application(session, application_id)
        applications.edit_application(session, row, query)
        return _response(session, row)


@router.delete("/{application_id}", **returns_nothing(403, 404, status=200))
def admin_delete_application(request: Request, application_id: ApplicationId) -> Response:
    """Delete an application and everything that it owns."""
    service = context.service_of(request)
    _refuse_own(request, application_id, "delete")
    with service.database.write() as session:
        row = applications.require_application(session, application_id)
        applications.delete_application(session, service.blobs, row)
    logins.update_key_file(service.settings.admin_key, row.api_key_hash, None)
    service.wake()
    return Response(status_code=200)


@router.post("/{application_id}/reset_api_key", **returns(Application, 403, 404))
def admin_reset_api_key(request: Request, application_id: StrictApplicationId) -> Response:
    """Give an application a new API key; the old one and its logins become invalid at once."""
    service = context.service_of(request)
    _refuse_own(request, application_id, "reset the API key of")
    with service.database.write() as session:
        row = applications.require_application(session, application_id)
        old_hash = row.api_key_hash
        key = applications.reset_key(session, row)
        response = _response(session, row, key)
    logins.update_key_file(service.settings.admin_key, old_hash, key)
    return response


@router.delete(
    "/{application_id}/always_on_schedules/{always_on_schedule_id}", **returns_nothing(404)
)
def admin_delete_always_on_schedule(
    request: Request, application_id: ApplicationId, always_on_schedule_id: ScheduleId
) -> Response:
    """Delete one of an application's schedules."""
    with context.service_of(request).database.write() as session:
        row = applications.require_application(session, application_id)
        applications.delete_schedule(session, row, always_on_schedule_id)
    return Response(status_code=204)


def _response(session: Session, row: tables.Application, api_key: str | None = None) -> Response:
    counts = applications.job_counts(session, [row.id])[row.id]
    return JSONResponse(application_json(row, job_counts=counts, api_key=api_key))


def _refuse_own(request: Request, application_id: str, action: str) -> None:
    if application_id == context.login_of(request).id:
        raise forbidden(
            "own_application",
            f"You cannot {action} the application that you are logged in as. Ask another admin "
            "to do it.",
            "application_id",
        )
