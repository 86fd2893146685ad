"""The calls that list, create, show, change and delete models."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from leia_nb.enums import ModelInputType, ModelType
from leia_nb.service.api_errors import unknown
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import Service, caller_of, service_of
from leia_nb.service.routes.parameter_types import Amount, SaidQuery, Seconds, SortedQuery
from leia_nb.service.routes.responses import BlobResponse, page_answer, window
from leia_nb.service.routes.uploads import BINARY_BODY, Upload, received
from leia_nb.service.storage import model_changes, models
from leia_nb.service.storage.serializers import model_json
from leia_nb.service.storage.tags import clean_tags, give_tag, take_tag

pair = RoutePair("model")

ModelId = Annotated[str, Path(description="The id or the short name of the model.")]
Tag = Annotated[str, Path(description="The tag.")]


class ModelQuery(SortedQuery):
    """How a listing of models is narrowed."""

    model_id: str | None = Field(None, description="The id or the short name.")
    model_type: ModelType | None = Field(None, description="The type.")
    name: str | None = Field(None, description="The name.")
    short_name: str | None = Field(None, description="The short name.")
    description: str | None = Field(None, description="A part of the description, in any case.")
    input_types: list[ModelInputType] = Field([], description="The model reads all of these.")
    tags: list[str] = Field([], description="The model has all of these tags.")
    only_mine: bool | None = Field(None, description="Only what the application itself owns.")


class AdminModelQuery(ModelQuery):
    """How an admin's listing of models is narrowed."""

    application_id: str | None = Field(
        None,
        description="Who owns the models or, without only_mine, may use them.",
    )


class EditQuery(SaidQuery):
    """What an edit changes of a model."""

    name: str | None = Field(None, description="The new name.")
    short_name: str | None = Field(None, description="The new short name; empty takes it away.")
    description: str | None = Field(None, description="The new description.")
    ttl: Seconds | None = Field(None, description="Seconds that the idle model stays loaded.")
    allowed_application_ids: list[str] | None = Field(
        None, description="The applications that may use the model; an empty value clears it."
    )
    allow_all_applications: bool | None = Field(None, description="May everyone use it?")
    cores: Amount | None = Field(None, description="Processor cores it wants to have.")
    memory: Amount | None = Field(None, description="Gigabytes of memory it wants to have.")
    always_on_workers: int | None = Field(
        None, ge=0, le=10**6, description="Workers that should keep it loaded."
    )

    @property
    def changes(self) -> model_changes.ModelChanges:
        """What is to be changed."""
        said = self.model_dump()
        if self.allowed_application_ids is not None:
            said["allowed_application_ids"] = tuple(self.allowed_application_ids)
        return model_changes.ModelChanges(**said)


class CreateQuery(SaidQuery):
    """What the caller says of a new model."""

    name: str = Field(description="The name.")
    short_name: str | None = Field(None, description="A unique name to use in place of the id.")
    description: str | None = Field(None, description="Free text.")
    ttl: Seconds = Field(
        model_changes.DEFAULT_TTL,
        description="Seconds that the idle model stays loaded; negative = for ever.",
    )
    allowed_application_ids: list[str] = Field([], description="Who else may use it.")
    allow_all_applications: bool = Field(False, description="May everyone use it?")
    tags: list[str] = Field([], description="Its tags.")
    cores: Amount | None = Field(None, description="Processor cores it wants to have.")
    memory: Amount | None = Field(None, description="Gigabytes of memory it wants to have.")
    always_on_workers: int | None = Field(
        None, ge=0, le=10**6, description="Workers that should keep it loaded."
    )

    def draft(self, application_id: str) -> model_changes.ModelDraft:
        """Return the draft of a model of this application."""
        return model_changes.ModelDraft(
            application_id=application_id,
            name=self.name,
            short_name=self.short_name or None,
            description=self.description,
            ttl=self.ttl,
            allowed_application_ids=tuple(self.allowed_application_ids),
            allow_all_applications=self.allow_all_applications,
            tags=tuple(self.tags),
            cores=self.cores,
            memory=self.memory,
            always_on_workers=self.always_on_workers,
        )


@pair.plain.get("/model", operation_id="get_models")
def get_models(request: Request, query: Annotated[ModelQuery, Query()]) -> Response:
    """List the models that the application owns or may use."""
    return _list(service_of(request), query, caller_of(request).owner_id)


@pair.admin_all.get("/model", operation_id="admin_get_models")
def admin_get_models(request: Request, query: Annotated[AdminModelQuery, Query()]) -> Response:
    """List the models of all applications, or of one."""
    is_filtered = query.application_id is not None or query.only_mine
    owner = query.application_id or caller_of(request).login_id
    return _list(service_of(request), query, owner if is_filtered else None)


@pair.admin.post("/model", operation_id="admin_create_model", openapi_extra=BINARY_BODY)
async def create_model(request: Request, query: Annotated[CreateQuery, Query()]) -> Response:
    """Create a model from its file; what kind of model it is, is read out of the file."""
    service, caller = service_of(request), caller_of(request)
    draft = query.draft(caller.owner_id)
    await run_in_threadpool(_check_words, service, draft)
    async with received(request, service.blobs) as upload:
        return await run_in_threadpool(_add, service, draft, upload)


@pair.both("GET", "/model/{model_id}", "get_model")
def get_model(request: Request, model_id: ModelId) -> Response:
    """Return a model."""
    with service_of(request).database.read() as session:
        row = models.require_visible(session, caller_of(request).owner_id, model_id)
        return JSONResponse(model_json(row))


@pair.admin.patch("/model/{model_id}", operation_id="admin_edit_model")
def edit_model(
    request: Request, model_id: ModelId, query: Annotated[EditQuery, Query()]
) -> Response:
    """Change a model; what is not given stays."""
    with service_of(request).database.write() as session:
        row = models.require_own(session, caller_of(request).owner_id, model_id)
        model_changes.edit_model(session, row, query.changes)
        return JSONResponse(model_json(row))


@pair.admin.delete("/model/{model_id}", operation_id="admin_delete_model", status_code=204)
def delete_model(request: Request, model_id: ModelId) -> Response:
    """Delete a model. A job that still needs it FAILs and says so."""
    service = service_of(request)
    with service.database.write() as session:
        row = models.require_own(session, caller_of(request).owner_id, model_id)
        model_changes.delete_model(session, service.blobs, row)
    return Response(status_code=204)


@pair.admin.get(
    "/model/{model_id}/file_contents",
    operation_id="admin_get_model_contents",
    response_class=FileResponse,
)
def get_model_contents(request: Request, model_id: ModelId) -> Response:
    """Return a model's file."""
    service = service_of(request)
    with service.database.read() as session:
        row = models.require_visible(session, caller_of(request).owner_id, model_id)
    gone = unknown("model", model_id, "It was deleted meanwhile.", "model_id")
    return BlobResponse(service.blobs.path(row.id), f"{row.short_name or row.id}.zip", gone)


@pair.both("POST", "/model/{model_id}/tag/{tag:path}", "tag_model")
def tag_model(request: Request, model_id: ModelId, tag: Tag) -> Response:
    """Give a model a tag."""
    with service_of(request).database.write() as session:
        row = models.require_own(session, caller_of(request).owner_id, model_id)
        give_tag(session, row, tag)
        return JSONResponse(model_json(row))


@pair.both("DELETE", "/model/{model_id}/tag/{tag:path}", "untag_model")
def untag_model(request: Request, model_id: ModelId, tag: Tag) -> Response:
    """Take a tag from a model; one that it has not is no error."""
    with service_of(request).database.write() as session:
        row = models.require_own(session, caller_of(request).owner_id, model_id)
        take_tag(session, row, tag)
    return Response(status_code=200)


def _list(service: Service, query: ModelQuery, application_id: str | None) -> Response:
    filters = models.ModelFilter(**query.filters() | {"application_id": application_id})
    largest = service.settings.max_limit
    part = window(query.sort, query.offset, query.limit, largest)
    with service.database.read() as session:
        page = models.list_models(session, filters, part)
    return page_answer(page, "model", largest, model_json)


def _check_words(service: Service, draft: model_changes.ModelDraft) -> None:
    """Refuse wrong words before hundreds of megabytes are received in vain."""
    model_changes.check_name(draft.name)
    clean_tags(draft.tags)
    with service.database.read() as session:
        model_changes.check_short_name(session, draft.short_name)
        model_changes.check_applications(session, draft.allowed_application_ids)


def _add(service: Service, draft: model_changes.ModelDraft, upload: Upload) -> Response:
    checked = model_changes.check_model_file(upload.path, upload.md5sum)
    with service.database.write() as session:
        row = model_changes.add_model(session, service.blobs, upload.path, draft, checked)
    return JSONResponse(model_json(row))
