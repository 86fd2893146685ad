"""The calls that list, create, show, change, tag, zip and delete documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from leia_nb.service.api_errors import ApiError
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.context import Caller, Service, caller_of, service_of
from leia_nb.service.routes.image_contents import convert_image
from leia_nb.service.routes.responses import (
    BlobResponse,
    change_row,
    list_response,
    paging_headers_on_error,
)
from leia_nb.service.routes.uploads import receive_file
from leia_nb.service.schemas import filters, requests
from leia_nb.service.schemas.objects import Document, Tags
from leia_nb.service.schemas.paths import DocumentId, NewTag, OldTag
from leia_nb.service.schemas.responses import (
    receives_file,
    returns,
    returns_file,
    returns_nothing,
    returns_page,
)
from leia_nb.service.schemas.types import FilterText
from leia_nb.service.storage import document_changes, documents, tables
from leia_nb.service.storage.blobs import Upload
from leia_nb.service.storage.serializers import document_json
from leia_nb.service.storage.tags import add_tag, remove_tag
from leia_nb.service.storage.zips import zip_blocks

routes = ScopedRoutes("document")


@routes.plain.get("/document", **returns_page(Document, 403, 404))
def get_documents(request: Request, query: Annotated[filters.DocumentQuery, Query()]) -> Response:
    """List the application's documents."""
    return _list(request, query, caller_of(request).owner_id)


@routes.admin_all.get("/document", **returns_page(Document, 403, 404))
def admin_get_documents(
    request: Request, query: Annotated[filters.AdminDocumentQuery, Query()]
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
def get_documents_zip(
    request: Request, query: Annotated[filters.DocumentFilter, Query()]
) -> Response:
    """Return the application's documents in a zip file."""
    owner = caller_of(request).owner_id
    return _zip(service_of(request), query, owner, "application/octet-stream")


@routes.admin_all.get("/document/zip", **returns_file("application/zip", 403, 404))
def admin_get_documents_zip(
    request: Request, query: Annotated[filters.AdminDocumentFilter, Query()]
) -> Response:
    """Return documents of all applications, or of one, in a zip file."""
    return _zip(service_of(request), query, query.application_id, "application/zip")


@routes.plain.post("/document", **receives_file(required=False), **returns(Document))
async def create_document(
    request: Request, query: Annotated[requests.PlainDocumentCreate, Query()]
) -> Response:
    """Create a document from its bytes."""
    return await _create(request, query, is_base64=query.b64)


@routes.admin.post("/document", **receives_file(required=False), **returns(Document))
async def admin_create_document(
    request: Request, query: Annotated[requests.DocumentCreate, Query()]
) -> Response:
    """Create a document of any application from its bytes."""
    return await _create(request, query, is_base64=False)


@routes.both("GET", "/document/{document_id}", 403, **returns(Document, 404))
def get_document(request: Request, document_id: DocumentId) -> Response:
    """Return a document."""
    return JSONResponse(document_json(_own(service_of(request), caller_of(request), document_id)))


@routes.both("PATCH", "/document/{document_id}", 403, **returns(Document, 404))
def edit_document(
    request: Request, document_id: DocumentId, query: Annotated[requests.DocumentEdit, Query()]
) -> Response:
    """Change a document; what is not given stays."""
    change = document_changes.edit_document
    row = change_row(request, documents.require_own, document_id, change, query)
    return JSONResponse(document_json(row))


@routes.both(
    "GET",
    "/document/{document_id}/file_contents",
    403,
    **returns_file("application/octet-stream", 404),
)
async def get_document_contents(
    request: Request, document_id: DocumentId, query: Annotated[requests.ContentsQuery, Query()]
) -> Response:
    """Return a document's bytes; those of an image smaller or recompressed if requested."""
    service = service_of(request)
    row = await run_in_threadpool(_own, service, caller_of(request), document_id)
    file = service.blobs.path(row.id)
    if (row.mime_type or "").startswith("image/") and query.model_fields_set:
        label = f"document {row.id} ({row.filename})"
        options = (file, label, query.max_size, query.jpeg_compression)
        async with request.app.state.conversion:  # a large image takes much memory
            content = await run_in_threadpool(convert_image, *options)
        if content is not None:
            return Response(content, media_type="application/octet-stream")
    return BlobResponse(file, row.filename, documents.unknown_document(row.id, "document_id"))


@routes.both("DELETE", "/document/{document_id}", 403, **returns_nothing(404))
def delete_document(request: Request, document_id: DocumentId) -> Response:
    """Delete a document and its annotations; documents created from it stay."""
    service, caller = service_of(request), caller_of(request)
    forbids = not caller.is_admin_call
    with service.database.write() as session:
        row = documents.require_own(session, caller.owner_id, document_id, forbids=forbids)
        document_changes.delete_documents(session, service.blobs, [row.id])
    return Response(status_code=204)


@routes.both("POST", "/document/{document_id}/tag/{tag:path}", 403, **returns(Document, 404))
def tag_document(request: Request, document_id: DocumentId, tag: NewTag) -> Response:
    """Add a tag to a document."""
    row = change_row(request, documents.require_own, document_id, add_tag, tag)
    return JSONResponse(document_json(row))


@routes.both(
    "DELETE", "/document/{document_id}/tag/{tag:path}", 403, **returns_nothing(404, status=200)
)
def untag_document(request: Request, document_id: DocumentId, tag: OldTag) -> Response:
    """Remove a tag from a document, if it has it."""
    change_row(request, documents.require_own, document_id, remove_tag, tag)
    return Response(status_code=200)


def _list(request: Request, query: filters.DocumentQuery, owner_id: str | None) -> Response:
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
                documents.check_ids(session, filters.DocumentFilter.model_validate({}), owner_id)
            message = "No document has a tag. Tag documents when you create them, or later."
            with paging_headers_on_error("tag", max_limit):
                raise ApiError(404, "no_tags", message)
    return JSONResponse(tags)


def _zip(
    service: Service, query: filters.DocumentFilter, owner_id: str | None, media_type: str
) -> Response:
    with service.database.read() as session:
        entries = documents.zip_entries(session, service.blobs, query, owner_id)
        if not entries:
            with paging_headers_on_error("document", service.settings.max_limit):
                documents.check_ids(session, query, owner_id)
            message = "No document matches, so there is nothing to pack. Change the filters."
            raise ApiError(404, "no_documents", message)
    headers = {"Content-Disposition": 'attachment; filename="documents.zip"'}
    return StreamingResponse(zip_blocks(entries), media_type=media_type, headers=headers)


def _own(service: Service, caller: Caller, document_id: str) -> tables.Document:
    forbids = not caller.is_admin_call
    with service.database.read() as session:
        return documents.require_own(session, caller.owner_id, document_id, forbids=forbids)


async def _create(request: Request, query: requests.DocumentCreate, *, is_base64: bool) -> Response:
    service, owner = service_of(request), caller_of(request).owner_id
    async with receive_file(request, service.blobs, is_base64=is_base64) as upload:
        return await run_in_threadpool(_add, service, owner, query, upload)


def _add(
    service: Service, owner_id: str, query: requests.DocumentCreate, upload: Upload
) -> Response:
    with service.database.write() as session:
        row = document_changes.add_document(session, service.blobs, owner_id, query, upload)
    return JSONResponse(document_json(row))
