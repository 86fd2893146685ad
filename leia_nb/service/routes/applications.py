"""The calls with which an admin looks after applications."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field

from leia_nb.enums import ApplicationType
from leia_nb.service.api_errors import bad, forbidden
from leia_nb.service.routes import context
from leia_nb.service.routes.parameter_types import Seconds, SortedQuery, Words, clean_url
from leia_nb.service.routes.responses import of_listing, page_answer, window
from leia_nb.service.routes.schedules import ScheduleQuery
from leia_nb.service.storage import application_changes, applications, logins, tables
from leia_nb.service.storage.application_changes import ApplicationChanges
from leia_nb.service.storage.serializers import application_json

router = APIRouter(
    prefix="/admin/application",
    tags=["application (admin)"],
    dependencies=[Depends(context.admin)],
)

ApplicationId = Annotated[str, Path(description="The id of the application.")]


class ApplicationQuery(SortedQuery):
    """How a listing of applications is narrowed."""

    application_id: str | None = Field(None, description="The id.")
    email: str | None = Field(None, description="The e-mail address.")
    application_name: str | None = Field(None, description="The name.")
    first_name: str | None = Field(None, description="The first name of who looks after it.")
    last_name: str | None = Field(None, description="The last name of who looks after it.")
    application_type: ApplicationType | None = Field(None, description="The type.")
    dedicated_workers: bool | None = Field(None, description="Does it want workers of its own?")


class ApplicationBody(Words):
    """A new application; what the service itself decides is taken no notice of."""

    model_config = ConfigDict(extra="forbid", strict=True)

    application_type: ApplicationType = Field(strict=False)  # JSON has no enumerations
    email: str
    first_name: str
    last_name: str
    application_name: str | None = None
    default_job_callback_url: str | None = None
    dedicated_workers: bool | None = None
    dedicated_workers_ttl: Seconds | None = None
    dedicated_workers_max_models: int | None = Field(None, ge=1, le=10**6)
    reduce_callback_payloads: bool | None = None
    id: Any = Field(None, description="Ignored.")
    creation_time: Any = Field(None, description="Ignored.")
    api_key: Any = Field(None, description="Ignored: the answer tells the key.", repr=False)
    job_counts: Any = Field(None, description="Ignored.")
    always_on_schedules: Any = Field(None, description="Ignored: an edit adds them.")


class EditQuery(ScheduleQuery):
    """What an edit changes of an application."""

    application_name: str | None = Field(None, description="The new name.")
    email: str | None = Field(None, description="The new e-mail address.")
    first_name: str | None = Field(None, description="The new first name.")
    last_name: str | None = Field(None, description="The new last name.")
    default_job_callback_url: str | None = Field(
        None, description="Where jobs without a callback_url are told of; empty takes it away."
    )
    dedicated_workers: bool | None = Field(None, description="Does it want workers of its own?")
    dedicated_workers_ttl: Seconds | None = Field(
        None, description="Seconds that such a worker lives when idle."
    )
    dedicated_workers_max_models: int | None = Field(
        None, ge=1, le=10**6, description="Most models that such a worker keeps loaded."
    )
    reduce_callback_payloads: bool | None = Field(
        None, description="Are callbacks sent without the job's result?"
    )


_KEPT = tuple(name for name in EditQuery.model_fields if name not in ScheduleQuery.model_fields)


@router.get("", operation_id="admin_get_applications")
def get_applications(request: Request, query: Annotated[ApplicationQuery, Query()]) -> Response:
    """List the applications."""
    service = context.service_of(request)
    filters = applications.ApplicationFilter(**query.filters())
    largest = service.settings.max_limit
    part = window(query.sort, query.offset, query.limit, largest)
    with service.database.read() as session:
        page = applications.list_applications(session, filters, part)
        if not page.total and query.application_id is not None:
            with of_listing("application", largest):
                applications.require_application(session, query.application_id)
        counts = applications.job_counts(session, [row.id for row in page.rows])
    return page_answer(
        page,
        "application",
        largest,
        lambda row: application_json(row, job_counts=counts[row.id]),
    )


@router.post("", operation_id="admin_create_application")
def create_application(request: Request, body: ApplicationBody) -> Response:
    """Create an application; its API key is in this answer and nowhere else."""
    values = _values(body.model_dump(include=set(_KEPT)))
    with context.service_of(request).database.write() as session:
        row, key = application_changes.add_application(session, body.application_type, values)
        return JSONResponse(application_json(row, job_counts={}, api_key=key))


@router.get("/{application_id}", operation_id="admin_get_application")
def get_application(request: Request, application_id: ApplicationId) -> Response:
    """Return an application."""
    with context.service_of(request).database.read() as session:
        row = applications.require_application(session, application_id)
        counts = applications.job_counts(session, [row.id])
        return JSONResponse(application_json(row, job_counts=counts[row.id]))


@router.patch("/{application_id}", operation_id="admin_edit_application")
def edit_application(
    request: Request, application_id: ApplicationId, query: Annotated[EditQuery, Query()]
) -> Response:
    """Change an application; what is not given stays. A schedule is added."""
    changes = ApplicationChanges(_values(query.model_dump(include=set(_KEPT))), query.schedule())
    with context.service_of(request).database.write() as session:
        row = applications.require_application(session, application_id)
        application_changes.edit_application(session, row, changes)
        counts = applications.job_counts(session, [row.id])
        return JSONResponse(application_json(row, job_counts=counts[row.id]))


@router.delete("/{application_id}", operation_id="admin_delete_application")
def remove_application(request: Request, application_id: ApplicationId) -> Response:
    """Delete an application and everything that it owns."""
    service = context.service_of(request)
    _refuse_own(request, application_id, "delete")
    with service.database.write() as session:
        row = applications.require_application(session, application_id)
        application_changes.delete_application(session, service.blobs, row)
    logins.update_key_file(service.settings.admin_key, row.api_key_hash, None)
    service.wake()
    return Response(status_code=200)


@router.post("/{application_id}/reset_api_key", operation_id="admin_reset_api_key")
def reset_api_key(request: Request, application_id: ApplicationId) -> Response:
    """Give an application a new API key; the old one and its logins end at once."""
    service = context.service_of(request)
    if not tables.is_id(application_id):
        message = f"{application_id[:60]!r} is no id: one has 24 hexadecimal digits."
        raise bad("invalid_parameter", f"{message} List the applications.", "application_id")
    _refuse_own(request, application_id, "reset the API key of")
    with service.database.write() as session:
        row = applications.require_application(session, application_id)
        old = row.api_key_hash
        key = application_changes.reset_key(session, row)
        counts = applications.job_counts(session, [row.id])
    logins.update_key_file(service.settings.admin_key, old, key)
    return JSONResponse(application_json(row, job_counts=counts[row.id], api_key=key))


@router.delete(
    "/{application_id}/always_on_schedules/{always_on_schedule_id}",
    operation_id="admin_delete_always_on_schedule",
    status_code=204,
)
def delete_schedule(
    request: Request,
    application_id: ApplicationId,
    always_on_schedule_id: Annotated[str, Path(description="The id of the schedule.")],
) -> Response:
    """Delete one of an application's schedules."""
    with context.service_of(request).database.write() as session:
        row = applications.require_application(session, application_id)
        application_changes.delete_schedule(session, row, always_on_schedule_id)
    return Response(status_code=204)


def _values(said: dict[str, Any]) -> dict[str, Any]:
    """Return what was said, as columns; what was not said is left out."""
    values = {name: value for name, value in said.items() if value is not None}
    if "default_job_callback_url" in values:
        url = values["default_job_callback_url"]
        values["default_job_callback_url"] = clean_url(url, "default_job_callback_url")
    return values


def _refuse_own(request: Request, application_id: str, what: str) -> None:
    if application_id == context.login_of(request).id:
        raise forbidden(
            "own_application",
            f"You cannot {what} the application that you are logged in as. Let another admin "
            "do it.",
            "application_id",
        )
