"""The calls over many documents: a listing, their tags, and all of them in a zip."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field

from leia_nb.service.api_errors import ApiError
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import Service, caller_of, service_of
from leia_nb.service.routes.parameter_types import FilterQuery, SortedQuery
from leia_nb.service.routes.responses import of_listing, page_answer, window
from leia_nb.service.storage import documents
from leia_nb.service.storage.applications import require_application
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.documents import DocumentFilter
from leia_nb.service.storage.serializers import document_json
from leia_nb.service.storage.zips import Packed, distinct, zip_blocks

pair = RoutePair("document")


class ZipQuery(FilterQuery):
    """Which documents are meant."""

    document_id: str | None = Field(None, description="The id.")
    filename: str | None = Field(None, description="The file name.")
    extension: str | None = Field(None, description="The extension, with or without its dot.")
    mime_type: str | None = Field(None, description="The media type.")
    original_id: str | None = Field(None, description="The document that it was made from.")
    tags: list[str] = Field([], description="The document has all of these tags.")

    def of(self, application_id: str | None) -> DocumentFilter:
        """Return the filter, for one application's documents or (None) everybody's."""
        return DocumentFilter(**self.filters() | {"application_id": application_id})


class AdminZipQuery(ZipQuery):
    """Which documents an admin means."""

    application_id: str | None = Field(None, description="The application that owns them.")


class DocumentQuery(ZipQuery, SortedQuery):
    """How a listing of documents is narrowed."""

    tag_result: str | None = Field(
        None, description="Give every document that matches this tag, not only this page's."
    )


class AdminDocumentQuery(DocumentQuery):
    """How an admin's listing of documents is narrowed."""

    application_id: str | None = Field(None, description="The application that owns them.")


@pair.plain.get("/document", operation_id="get_documents")
def get_documents(request: Request, query: Annotated[DocumentQuery, Query()]) -> Response:
    """List the application's documents."""
    return _list(service_of(request), query, query.of(caller_of(request).owner_id))


@pair.admin_all.get("/document", operation_id="admin_get_documents")
def admin_get_documents(
    request: Request, query: Annotated[AdminDocumentQuery, Query()]
) -> Response:
    """List the documents of all applications, or of one."""
    return _list(service_of(request), query, query.of(query.application_id))


@pair.plain.get("/document/tag", operation_id="get_documents_tags")
def get_documents_tags(request: Request) -> Response:
    """List the tags that the application's documents have."""
    return _tags(service_of(request), caller_of(request).owner_id)


@pair.admin_all.get("/document/tag", operation_id="admin_get_documents_tags")
def admin_get_documents_tags(
    request: Request,
    application_id: Annotated[
        str | None, Query(description="The application that owns the documents.")
    ] = None,
) -> Response:
    """List the tags that documents of all applications, or of one, have."""
    return _tags(service_of(request), application_id)


@pair.plain.get("/document/zip", operation_id="get_documents_zip", response_class=StreamingResponse)
def get_documents_zip(request: Request, query: Annotated[ZipQuery, Query()]) -> Response:
    """Return the application's documents in a zip."""
    wanted = query.of(caller_of(request).owner_id)
    return _zip(service_of(request), wanted, "application/octet-stream")


@pair.admin_all.get(
    "/document/zip", operation_id="admin_get_documents_zip", response_class=StreamingResponse
)
def admin_get_documents_zip(request: Request, query: Annotated[AdminZipQuery, Query()]) -> Response:
    """Return documents of all applications, or of one, in a zip."""
    return _zip(service_of(request), query.of(query.application_id), "application/zip")


def _list(service: Service, query: DocumentQuery, wanted: DocumentFilter) -> Response:
    largest, tag = service.settings.max_limit, query.tag_result
    part = window(query.sort, query.offset, query.limit, largest)
    with service.database.read() if tag is None else service.database.write() as session:
        if tag is not None:
            documents.tag_all(session, wanted, tag)
        page = documents.list_documents(session, wanted, part)
        if not page.total:
            _check_ids(session, wanted, largest)
        return page_answer(page, "document", largest, document_json)


def _tags(service: Service, application_id: str | None) -> Response:
    largest = service.settings.max_limit
    with service.database.read() as session:
        tags = documents.list_tags(session, application_id)
        if not tags:
            _check_ids(session, DocumentFilter(application_id), largest)
    if not tags:
        message = "No document has a tag. Tag some, when they are created or later."
        with of_listing("tag", largest):
            raise ApiError(404, "no_tags", message)
    return JSONResponse(tags)


def _zip(service: Service, wanted: DocumentFilter, media_type: str) -> Response:
    with service.database.read() as session:
        rows = documents.list_files(session, wanted)
        if not rows:
            _check_ids(session, wanted, service.settings.max_limit)
    if not rows:
        message = "No document matches, so there is nothing to pack. Ask for others."
        raise ApiError(404, "no_documents", message)
    names = distinct((row.filename, row.extension) for row in rows)
    files = (
        Packed(service.blobs.path(row.id), name, row.size, row.creation_time)
        for row, name in zip(rows, names, strict=True)
    )
    headers = {"Content-Disposition": 'attachment; filename="documents.zip"'}
    return StreamingResponse(zip_blocks(files), media_type=media_type, headers=headers)


def _check_ids(session: Session, wanted: DocumentFilter, largest: int) -> None:
    """Refuse a listing that is empty because what it asks for does not exist."""
    with of_listing("document", largest):
        if wanted.application_id is not None:
            require_application(session, wanted.application_id)
        wanted.check_ids(session)
