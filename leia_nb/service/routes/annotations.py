"""The calls that create, list, show, change and delete annotations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query, Request, Response
from fastapi.responses import JSONResponse

from leia_nb.service.routes import context
from leia_nb.service.routes.admin_routes import router as new_router
from leia_nb.service.routes.responses import page_response, page_window, paging_headers_on_error
from leia_nb.service.schemas.filters import AnnotationQuery
from leia_nb.service.schemas.objects import Annotation
from leia_nb.service.schemas.paths import AnnotationId, DocumentId, NewTag, OldTag
from leia_nb.service.schemas.requests import AnnotationCreate, AnnotationEdit
from leia_nb.service.schemas.responses import returns, returns_nothing, returns_page
from leia_nb.service.schemas.types import check_json
from leia_nb.service.storage import annotations as stored
from leia_nb.service.storage.serializers import annotation_json
from leia_nb.service.storage.tags import add_tag, remove_tag

router = new_router("annotation", context.plain)

Prediction = Annotated[Any, Body(description="The statement about the document: free JSON.")]


@router.get("/annotation", **returns_page(Annotation, 404))
def get_annotations(request: Request, query: Annotated[AnnotationQuery, Query()]) -> Response:
    """List the application's annotations."""
    service, owner = context.service_of(request), context.caller_of(request).owner_id
    filters = stored.AnnotationFilter(application_id=owner, **query.filters())
    max_limit = service.settings.max_limit
    with service.database.read() as session:
        page = stored.list_annotations(session, filters, page_window(query, max_limit))
        if not page.total:
            with paging_headers_on_error("annotation", max_limit):
                filters.check_ids(session)
    return page_response(page, "annotation", max_limit, annotation_json)


@router.post("/annotation/{document_id}", **returns(Annotation, 403, 404))
def create_annotation(
    request: Request,
    document_id: DocumentId,
    query: Annotated[AnnotationCreate, Query()],
    prediction: Prediction,
) -> Response:
    """Annotate a document; training learns from annotations."""
    draft = stored.AnnotationDraft(
        application_id=context.caller_of(request).owner_id,
        document_id=document_id,
        prediction=check_json(prediction, "prediction"),
        **query.model_dump(),
    )
    with context.service_of(request).database.write() as session:
        row = stored.add_annotation(session, draft)
        return JSONResponse(annotation_json(row))


@router.get("/annotation/{annotation_id}", **returns(Annotation, 403, 404))
def get_annotation(request: Request, annotation_id: AnnotationId) -> Response:
    """Return an annotation."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.read() as session:
        return JSONResponse(annotation_json(stored.require_own(session, owner, annotation_id)))


@router.patch("/annotation/{annotation_id}", **returns(Annotation, 403, 404))
def update_annotation(
    request: Request,
    annotation_id: AnnotationId,
    query: Annotated[AnnotationEdit, Query()],
    prediction: Prediction,
) -> Response:
    """Replace the prediction; the name stays unless it is given."""
    owner = context.caller_of(request).owner_id
    check_json(prediction, "prediction")
    with context.service_of(request).database.write() as session:
        row = stored.require_own(session, owner, annotation_id)
        stored.edit_annotation(session, row, prediction, query.name)
        return JSONResponse(annotation_json(row))


@router.delete("/annotation/{annotation_id}", **returns_nothing(403, 404))
def delete_annotation(request: Request, annotation_id: AnnotationId) -> Response:
    """Delete an annotation."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.write() as session:
        row = stored.require_own(session, owner, annotation_id, forbids=True)
        stored.delete_annotation(session, row)
    return Response(status_code=204)


@router.post("/annotation/{annotation_id}/tag/{tag:path}", **returns(Annotation, 403, 404))
def tag_annotation(request: Request, annotation_id: AnnotationId, tag: NewTag) -> Response:
    """Add a tag to an annotation."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.write() as session:
        row = stored.require_own(session, owner, annotation_id)
        add_tag(session, row, tag)
        return JSONResponse(annotation_json(row))


@router.delete(
    "/annotation/{annotation_id}/tag/{tag:path}", **returns_nothing(403, 404, status=200)
)
def untag_annotation(request: Request, annotation_id: AnnotationId, tag: OldTag) -> Response:
    """Remove a tag from an annotation, if it has it."""
    owner = context.caller_of(request).owner_id
    with context.service_of(request).database.write() as session:
        row = stored.require_own(session, owner, annotation_id)
        remove_tag(session, row, tag)
    return Response(status_code=200)
