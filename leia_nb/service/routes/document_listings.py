"""The calls over many documents: a listing, their tags, and all of them in a zip file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from leia_nb.service.api_errors import ApiError
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.context import Service, caller_of, service_of
from leia_nb.service.routes.responses import page_response, page_window, paging_headers_on_error
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
from leia_nb.service.storage.applications import require_application
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.serializers import document_json
from leia_nb.service.storage.zips import ZipEntry, unique_names, zip_blocks

routes = ScopedRoutes("document")


@routes.plain.get("/document", **returns_page(Document, 403, 404))
def get_documents(request: Request, query: Annotated[DocumentQuery, Query()]) -> Response:
    """List the application's documents."""
    return _list(service_of(request), query, _filter(query, caller_of(request).owner_id))


@routes.admin_all.get("/document", **returns_page(Document, 403, 404))
def admin_get_documents(
    request: Request, query: Annotated[AdminDocumentQuery, Query()]
) -> Response:
    """List the documents of all applications, or of one."""
    return _list(service_of(request), query, _filter(query, query.application_id))


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
    filters = _filter(query, caller_of(request).owner_id)
    return _zip(service_of(request), filters, "application/octet-stream")


@routes.admin_all.get("/document/zip", **returns_file("application/zip", 403, 404))
def admin_get_documents_zip(
    request: Request, query: Annotated[AdminDocumentFilter, Query()]
) -> Response:
    """Return documents of all applications, or of one, in a zip file."""
    return _zip(service_of(request), _filter(query, query.application_id), "application/zip")


def _filter(query: DocumentFilter, application_id: str | None) -> documents.DocumentFilter:
    return documents.DocumentFilter(**query.filters() | {"application_id": application_id})


def _list(service: Service, query: DocumentQuery, filters: documents.DocumentFilter) -> Response:
    max_limit, tag = service.settings.max_limit, query.tag_result
    with service.database.read() if tag is None else service.database.write() as session:
        if tag is not None:
            documents.tag_all(session, filters, tag)
        page = documents.list_documents(session, filters, page_window(query, max_limit))
        if not page.total:
            _check_ids(session, filters, max_limit)
        return page_response(page, "document", max_limit, document_json)


def _tags(service: Service, application_id: str | None) -> Response:
    max_limit = service.settings.max_limit
    with service.database.read() as session:
        tags = documents.list_tags(session, application_id)
        if not tags:
            filters = documents.DocumentFilter(application_id=application_id)
            _check_ids(session, filters, max_limit)
    if not tags:
        message = "No document has a tag. Tag documents when you create them, or later."
        with paging_headers_on_error("tag", max_limit):
            raise ApiError(404, "no_tags", message)
    return JSONResponse(tags)


def _zip(service: Service, filters: documents.DocumentFilter, media_type: str) -> Response:
    with service.database.read() as session:
        rows = documents.list_files(session, filters)
        if not rows:
            _check_ids(session, filters, service.settings.max_limit)
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


def _check_ids(session: Session, filters: documents.DocumentFilter, max_limit: int) -> None:
    """Refuse an empty listing whose filters name an object that does not exist."""
    with paging_headers_on_error("document", max_limit):
        if filters.application_id is not None:
            require_application(session, filters.application_id)
        filters.check_ids(session)
