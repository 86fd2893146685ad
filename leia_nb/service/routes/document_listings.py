"""The calls over many documents: a listing, their tags, and all of them in a zip file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from leia_nb.service.api_errors import ApiError
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.context import Service, caller_of, service_of
from leia_nb.service.routes.responses import list_response, paging_headers_on_error
from leia_nb.service.schemas.filters import (
    AdminDocumentFilter,
    AdminDocumentQuery,
    DocumentFilter,
    DocumentQuery,
)
from leia_nb.service.schemas.objects import Document, Tags
from leia_nb.service.schemas.responses import returns, returns_file, returns_page
from leia_nb.service.schemas.types import FilterText
from leia_nb.service.storage import documents
from leia_nb.service.storage.serializers import document_json
from leia_nb.service.storage.zips import ZipEntry, unique_names, zip_blocks

routes = ScopedRoutes("document")


@routes.plain.get("/document", **returns_page(Document, 403, 404))
def get_documents(request: Request, query: Annotated[DocumentQuery, Query()]) -> Response:
    """List the application's documents."""
    return _list(request, query, caller_of(request).owner_id)


@routes.admin_all.get("/document", **returns_page(Document, 403, 404))
def admin_get_documents(
    request: Request, query: Annotated[AdminDocumentQuery, Query()]
) -> Response:
    """List the documents of all applications, or of one."""
    return _list(request, query, query.application_id)


@routes.plain.get("/document/tag", **returns(Tags, 404))
def get_documents_tags(request: Request) -> Response:
    """List the tags that the application's documents have."""
    return _tags(service_of(request), caller_of(request).owner_id)


@routes.admin_all.get("/document/tag", **returns(Tags, 404))
def admin_get_documents_tags(
    request: Request,
    application_id: Annotated[
        FilterText | None, Query(description="The application that owns the documents.")
    ] = None,
) -> Response:
    """List the tags that documents of all applications, or of one, have."""
    return _tags(service_of(request), application_id)


@routes.plain.get("/document/zip", **returns_file("application/octet-stream", 403, 404))
def get_documents_zip(request: Request, query: Annotated[DocumentFilter, Query()]) -> Response:
    """Return the application's documents in a zip file."""
    owner = caller_of(request).owner_id
    return _zip(service_of(request), query, owner, "application/octet-stream")


@routes.admin_all.get("/document/zip", **returns_file("application/zip", 403, 404))
def admin_get_documents_zip(
    request: Request, query: Annotated[AdminDocumentFilter, Query()]
) -> Response:
    """Return documents of all applications, or of one, in a zip file."""
    return _zip(service_of(request), query, query.application_id, "application/zip")


def _list(request: Request, query: DocumentQuery, owner_id: str | None) -> Response:
    if query.tag_result is not None:
        with service_of(request).database.write() as session:
            documents.tag_all(session, query, owner_id, query.tag_result)
    rows = documents.list_documents
    return list_response(request, "document", document_json, rows, query, owner_id)


def _tags(service: Service, owner_id: str | None) -> Response:
    max_limit = service.settings.max_limit
    with service.database.read() as session:
        tags = documents.list_tags(session, owner_id)
        if not tags:
            with paging_headers_on_error("document", max_limit):
                documents.check_ids(session, DocumentFilter.model_validate({}), owner_id)
    if not tags:
        message = "No document has a tag. Tag documents when you create them, or later."
        with paging_headers_on_error("tag", max_limit):
            raise ApiError(404, "no_tags", message)
    return JSONResponse(tags)


def _zip(
    service: Service, query: DocumentFilter, owner_id: str | None, media_type: str
) -> Response:
    with service.database.read() as session:
        rows = documents.list_files(session, query, owner_id)
        if not rows:
            with paging_headers_on_error("document", service.settings.max_limit):
                documents.check_ids(session, query, owner_id)
    if not rows:
        message = "No document matches, so there is nothing to pack. Change the filters."
        raise ApiError(404, "no_documents", message)
    names = unique_names((row.filename, row.extension) for row in rows)
    files = (
        ZipEntry(service.blobs.path(row.id), name, row.size, row.creation_time)
        for row, name in zip(rows, names, strict=True)
    )
    headers = {"Content-Disposition": 'attachment; filename="documents.zip"'}
    return StreamingResponse(zip_blocks(files), media_type=media_type, headers=headers)
