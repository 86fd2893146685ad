"""The calls that create, list, show, change and delete annotations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from leia_nb.enums import AnnotationType
from leia_nb.service.routes import context
from leia_nb.service.routes.parameter_types import ListQuery, SaidQuery, clean_json
from leia_nb.service.routes.responses import of_listing, page_answer, window
from leia_nb.service.storage import annotations as stored
from leia_nb.service.storage.serializers import annotation_json
from leia_nb.service.storage.tags import give_tag, take_tag

router = APIRouter(tags=["annotation"], dependencies=[Depends(context.plain)])

AnnotationId = Annotated[str, Path(description="The id of the annotation.")]
Tag = Annotated[str, Path(description="The tag.")]
Prediction = Annotated[Any, Body(description="What is said of the document: free JSON.")]


class AnnotationQuery(ListQuery):
    """How a listing of annotations is narrowed."""

    annotation_id: str | None = Field(None, description="The id.")
    annotation_type: AnnotationType | None = Field(None, description="The type.")
    name: str | None = Field(None, description="The name.")
    tags: list[str] = Field([], description="The annotation has all of these tags.")
    document_id: str | None = Field(None, description="The document that it is about.")


class CreateQuery(SaidQuery):
    """What the caller says of a new annotation."""

    annotation_type: AnnotationType = Field(description="The type.")
    name: str | None = Field(None, description="A name.")
    tags: list[str] = Field([], description="Its tags.")


class UpdateQuery(SaidQuery):
    """What an update may change besides the prediction."""

    name: str | None = Field(None, description="The new name; empty takes it away.")


@router.get("/annotation", operation_id="get_annotations")
def get_annotations(request: Request, query: Annotated[AnnotationQuery, Query()]) -> Response:
    """List the application's annotations."""
    service, owner = context.service_of(request), context.caller_of(request).owner_id
    filters = stored.AnnotationFilter(owner, **query.filters())
    largest = service.settings.max_limit
    with service.database.read() as session:
        part = window(None, query.offset, query.limit, largest)
        page = stored.list_annotations(session, filters, part)
        if not page.total:
            with of_listing("annotation", largest):
                filters.check_ids(session)
    return page_answer(page, "annotation", largest, annotation_json)


@router.post("/annotation/{document_id}", operation_id="create_annotation")
def create_annotation(
    request: Request,
    document_id: Annotated[str, Path(description="The document that it is about.")],
    query: Annotated[CreateQuery, Query()],
    prediction: Prediction,
) -> Response:
    """Say something of a document; training learns from it."""
    draft = stored.AnnotationDraft(
        application_id=context.caller_of(request).owner_id,
        document_id=document_id,
        annotation_type=query.annotation_type,
        prediction=clean_json(prediction, "prediction"),
        name=query.name,
        tags=tuple(query.tags),
    )
    with context.service_of(request).database.write() as session:
        row = stored.add_annotation(session, draft)
        return JSONResponse(annotation_json(row))


@router.get("/annotation/{annotation_id}", operation_id="get_annotation")
def get_annotation(request: Request, annotation_id: AnnotationId) -> Response:
    """Return an annotation."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.read() as session:
        return JSONResponse(annotation_json(stored.require_own(session, owner, annotation_id)))


@router.patch("/annotation/{annotation_id}", operation_id="update_annotation")
def update_annotation(
    request: Request,
    annotation_id: AnnotationId,
    query: Annotated[UpdateQuery, Query()],
    prediction: Prediction,
) -> Response:
    """Say something else of the document; the name stays unless it is given."""
    said, owner = clean_json(prediction, "prediction"), context.caller_of(request).owner_id
    with context.service_of(request).database.write() as session:
        row = stored.require_own(session, owner, annotation_id)
        stored.edit_annotation(session, row, said, query.name)
        return JSONResponse(annotation_json(row))


@router.delete("/annotation/{annotation_id}", operation_id="delete_annotation", status_code=204)
def delete_annotation(request: Request, annotation_id: AnnotationId) -> Response:
    """Delete an annotation."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.write() as session:
        row = stored.require_own(session, owner, annotation_id, forbids=True)
        stored.delete_annotation(session, row)
    return Response(status_code=204)


@router.post("/annotation/{annotation_id}/tag/{tag:path}", operation_id="tag_annotation")
def tag_annotation(request: Request, annotation_id: AnnotationId, tag: Tag) -> Response:
    """Give an annotation a tag."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.write() as session:
        row = stored.require_own(session, owner, annotation_id)
        give_tag(session, row, tag)
        return JSONResponse(annotation_json(row))


@router.delete("/annotation/{annotation_id}/tag/{tag:path}", operation_id="untag_annotation")
def untag_annotation(request: Request, annotation_id: AnnotationId, tag: Tag) -> Response:
    """Take a tag from an annotation; one that it has not is no error."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.write() as session:
        row = stored.require_own(session, owner, annotation_id)
        take_tag(session, row, tag)
    return Response(status_code=200)
