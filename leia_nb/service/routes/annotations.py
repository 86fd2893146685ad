"""The calls that create and list annotations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from leia_nb.enums import AnnotationType
from leia_nb.service.routes import context
from leia_nb.service.routes.answers import page_answer, window
from leia_nb.service.routes.values import ListQuery, Words, clean_json
from leia_nb.service.storage import listing, tables
from leia_nb.service.storage.annotations import AnnotationDraft, add_annotation
from leia_nb.service.storage.wire import annotation_json

router = APIRouter(tags=["annotation"], dependencies=[Depends(context.plain)])


class AnnotationQuery(ListQuery):
    """How a listing of annotations is narrowed."""

    annotation_id: str | None = Field(None, description="The id.")
    annotation_type: AnnotationType | None = Field(None, description="The type.")
    name: str | None = Field(None, description="The name.")
    tags: list[str] = Field([], description="The annotation has all of these tags.")
    document_id: str | None = Field(None, description="The document that it is about.")


class CreateQuery(Words):
    """What the caller says of a new annotation."""

    annotation_type: AnnotationType = Field(description="The type.")
    name: str | None = Field(None, description="A name.")
    tags: list[str] = Field([], description="Its tags.")


@router.get("/annotation", operation_id="get_annotations")
def get_annotations(request: Request, query: Annotated[AnnotationQuery, Query()]) -> Response:
    """List the application's annotations."""
    service, annotation = context.service_of(request), tables.Annotation
    conditions = listing.equal(
        {
            annotation.application_id: context.caller_of(request).owner_id,
            annotation.id: query.annotation_id,
            annotation.annotation_type: query.annotation_type,
            annotation.name: query.name,
            annotation.document_id: query.document_id,
        }
    )
    conditions += listing.created(
        annotation.creation_time, query.created_after, query.created_before
    )
    conditions += listing.tagged(
        annotation.id, tables.AnnotationTag.annotation_id, tables.AnnotationTag.tag, query.tags
    )
    largest = service.settings.max_limit
    part = window(None, query.offset, query.limit, largest)
    with service.database.read() as session:
        page = listing.fetch(
            session, annotation, conditions, {"creation_time": annotation.creation_time}, part
        )
    return page_answer(page, "annotation", largest, annotation_json)


@router.post("/annotation/{document_id}", operation_id="create_annotation")
def create_annotation(
    request: Request,
    document_id: Annotated[str, Path(description="The document that it is about.")],
    query: Annotated[CreateQuery, Query()],
    prediction: Annotated[Any, Body(description="What is said of it: free JSON.")],
) -> Response:
    """Say something of a document; training learns from it."""
    draft = AnnotationDraft(
        application_id=context.caller_of(request).owner_id,
        document_id=document_id,
        annotation_type=query.annotation_type,
        prediction=clean_json(prediction, "prediction"),
        name=query.name,
        tags=tuple(query.tags),
    )
    with context.service_of(request).database.write() as session:
        row = add_annotation(session, draft)
        return JSONResponse(annotation_json(row))
