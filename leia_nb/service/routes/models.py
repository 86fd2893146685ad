"""The calls that list, create, show, change and delete models."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from leia_nb.service.api_errors import unknown
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.context import Service, caller_of, service_of
from leia_nb.service.routes.responses import BlobResponse, change_row, list_response
from leia_nb.service.routes.uploads import receive_file
from leia_nb.service.schemas.filters import AdminModelQuery, ModelQuery
from leia_nb.service.schemas.objects import Model
from leia_nb.service.schemas.paths import ModelId, NewTag, OldTag
from leia_nb.service.schemas.requests import ModelCreate, ModelEdit
from leia_nb.service.schemas.responses import (
    receives_file,
    returns,
    returns_file,
    returns_nothing,
    returns_page,
)
from leia_nb.service.storage import model_changes, models
from leia_nb.service.storage.blobs import Upload
from leia_nb.service.storage.serializers import model_json
from leia_nb.service.storage.tags import add_tag, remove_tag

routes = ScopedRoutes("model")


@routes.plain.get("/model", **returns_page(Model))
def get_models(request: Request, query: Annotated[ModelQuery, Query()]) -> Response:
    """List the models that the application owns or may use."""
    owner = caller_of(request).owner_id
    return list_response(request, "model", model_json, models.list_models, query, owner)


@routes.admin_all.get("/model", **returns_page(Model))
def admin_get_models(request: Request, query: Annotated[AdminModelQuery, Query()]) -> Response:
    """List the models of all applications, or of one."""
    is_filtered = query.application_id is not None or query.only_mine
    owner = (query.application_id or caller_of(request).login_id) if is_filtered else None
    return list_response(request, "model", model_json, models.list_models, query, owner)


@routes.admin.post("/model", **receives_file(required=True), **returns(Model, 404))
async def admin_create_model(request: Request, query: Annotated[ModelCreate, Query()]) -> Response:
    """Create a model from its file, which also contains its type."""
    service, owner = service_of(request), caller_of(request).owner_id
    await run_in_threadpool(_check, service, query)
    async with receive_file(request, service.blobs) as upload:
        return await run_in_threadpool(_add, service, owner, query, upload)


@routes.both("GET", "/model/{model_id}", **returns(Model, 404))
def get_model(request: Request, model_id: ModelId) -> Response:
    """Return a model."""
    with service_of(request).database.read() as session:
        row = models.require_visible(session, caller_of(request).owner_id, model_id)
        return JSONResponse(model_json(row))


@routes.admin.patch("/model/{model_id}", **returns(Model, 404))
def admin_edit_model(
    request: Request, model_id: ModelId, query: Annotated[ModelEdit, Query()]
) -> Response:
    """Change a model; what is not given stays."""
    change = model_changes.edit_model
    row = change_row(request, models.require_own, model_id, change, query)
    return JSONResponse(model_json(row))


@routes.admin.delete("/model/{model_id}", **returns_nothing(404))
def admin_delete_model(request: Request, model_id: ModelId) -> Response:
    """Delete a model. A job that still needs it FAILs and says so."""
    blobs = service_of(request).blobs
    change_row(request, models.require_own, model_id, model_changes.delete_model, blobs)
    return Response(status_code=204)


@routes.admin.get(
    "/model/{model_id}/file_contents", **returns_file("application/octet-stream", 404)
)
def admin_get_model_contents(request: Request, model_id: ModelId) -> Response:
    """Return a model's file."""
    service = service_of(request)
    with service.database.read() as session:
        row = models.require_visible(session, caller_of(request).owner_id, model_id)
    deleted = unknown("model", model_id, "It was deleted meanwhile.", "model_id")
    return BlobResponse(service.blobs.path(row.id), f"{row.short_name or row.id}.zip", deleted)


@routes.both("POST", "/model/{model_id}/tag/{tag:path}", 403, **returns(Model, 404))
def tag_model(request: Request, model_id: ModelId, tag: NewTag) -> Response:
    """Add a tag to a model."""
    row = change_row(request, models.require_own, model_id, add_tag, tag)
    return JSONResponse(model_json(row))


@routes.both("DELETE", "/model/{model_id}/tag/{tag:path}", 403, **returns_nothing(404, status=200))
def untag_model(request: Request, model_id: ModelId, tag: OldTag) -> Response:
    """Remove a tag from a model, if it has it."""
    change_row(request, models.require_own, model_id, remove_tag, tag)
    return Response(status_code=200)


def _check(service: Service, query: ModelCreate) -> None:
    """Refuse what the database contradicts before hundreds of megabytes are received in vain."""
    with service.database.read() as session:
        model_changes.check_short_name_free(session, query.short_name)
        model_changes.check_applications(session, query.allowed_application_ids)


def _add(service: Service, owner_id: str, query: ModelCreate, upload: Upload) -> Response:
    checked = model_changes.check_model_file(upload.path, upload.md5sum)
    with service.database.write() as session:
        row = model_changes.add_model(session, service.blobs, owner_id, upload.path, query, checked)
    return JSONResponse(model_json(row))
