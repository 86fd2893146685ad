"""The calls that create, list, show, change and delete annotations."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import Body, Query, Request, Response
from fastapi.responses import JSONResponse

from leia_nb.service.routes import context
from leia_nb.service.routes.admin_routes import router as new_router
from leia_nb.service.routes.responses import change_row, list_response
from leia_nb.service.schemas.filters import AnnotationQuery
from leia_nb.service.schemas.objects import Annotation
from leia_nb.service.schemas.paths import AnnotationId, DocumentId, NewTag, OldTag
from leia_nb.service.schemas.requests import AnnotationCreate, AnnotationEdit
from leia_nb.service.schemas.responses import returns, returns_nothing, returns_page
from leia_nb.service.schemas.types import check_json
from leia_nb.service.storage import annotations as stored
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.serializers import annotation_json
from leia_nb.service.storage.tags import add_tag, remove_tag

router = new_router("annotation", context.plain)

Prediction = Annotated[Any, Body(description="The statement about the document: free JSON.")]


@router.get("/annotation", **returns_page(Annotation, 404))
def get_annotations(request: Request, query: Annotated[AnnotationQuery, Query()]) -> Response:
    """List the application's stored."""
    owner = context.caller_of(request).owner_id
    return list_response(
        request, "annotation", annotation_json, stored.list_annotations, query, owner
    )


@router.post("/annotation/{document_id}", **returns(Annotation, 403, 404))
def create_annotation(
    request: Request,
    document_id: DocumentId,
    query: Annotated[AnnotationCreate, Query()],
    prediction: Prediction,
) -> Response:
    """Annotate a document; training learns from stored."""
    check_json(prediction, "prediction")
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.write() as session:
        row = stored.add_annotation(session, owner, document_id, query, prediction)
    return JSONResponse(annotation_json(row))


@router.get("/annotation/{annotation_id}", **returns(Annotation, 403, 404))
def get_annotation(request: Request, annotation_id: AnnotationId) -> Response:
    """Return an annotation."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.read() as session:
        row = stored.require_own(session, owner, annotation_id)
    return JSONResponse(annotation_json(row))


@router.patch("/annotation/{annotation_id}", **returns(Annotation, 403, 404))
def update_annotation(
    request: Request,
    annotation_id: AnnotationId,
    query: Annotated[AnnotationEdit, Query()],
    prediction: Prediction,
) -> Response:
    """Replace the prediction; the name stays unless it is given."""
    check_json(prediction, "prediction")
    change = stored.edit_annotation
    row = change_row(request, stored.require_own, annotation_id, change, prediction, query.name)
    return JSONResponse(annotation_json(row))


@router.delete("/annotation/{annotation_id}", **returns_nothing(403, 404))
def delete_annotation(request: Request, annotation_id: AnnotationId) -> Response:
    """Delete an annotation."""
    require_own = partial(stored.require_own, forbids=True)
    change_row(request, require_own, annotation_id, Session.delete)
    return Response(status_code=204)


@router.post("/annotation/{annotation_id}/tag/{tag:path}", **returns(Annotation, 403, 404))
def tag_annotation(request: Request, annotation_id: AnnotationId, tag: NewTag) -> Response:
    """Add a tag to an annotation."""
    row = change_row(request, stored.require_own, annotation_id, add_tag, tag)
    return JSONResponse(annotation_json(row))


@router.delete(
    "/annotation/{annotation_id}/tag/{tag:path}", **returns_nothing(403, 404, status=200)
)
def untag_annotation(request: Request, annotation_id: AnnotationId, tag: OldTag) -> Response:
    """Remove a tag from an annotation, if it has it."""
    change_row(request, stored.require_own, annotation_id, remove_tag, tag)
    return Response(status_code=200)
