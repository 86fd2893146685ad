"""The calls that create, show, change, tag and delete documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import Caller, Service, caller_of, service_of
from leia_nb.service.routes.document_contents import reduced_image
from leia_nb.service.routes.parameter_types import SaidQuery, Seconds
from leia_nb.service.routes.responses import BlobResponse
from leia_nb.service.routes.uploads import BINARY_BODY, Upload, received
from leia_nb.service.storage import document_changes, documents, tables
from leia_nb.service.storage.serializers import document_json
from leia_nb.service.storage.tags import give_tag, take_tag

pair = RoutePair("document")

DocumentId = Annotated[str, Path(description="The id of the document.")]
Tag = Annotated[str, Path(description="The tag.")]


class AdminCreateQuery(SaidQuery):
    """What an admin says of a new document."""

    filename: str = Field(description="The file name.")
    ttl: int | None = Field(
        None, le=10**9, description="Seconds, at least 60, after which it is deleted."
    )
    tags: list[str] = Field([], description="Its tags.")


class CreateQuery(AdminCreateQuery):
    """What the caller says of a new document."""

    b64: bool = Field(False, description="Is the body Base64 text?")


class EditQuery(SaidQuery):
    """What an edit changes of a document."""

    filename: str | None = Field(None, description="The new file name.")
    rotation_angle: Seconds | None = Field(None, description="Degrees; kept as 0 to 359.")
    ttl: int | None = Field(
        None,
        ge=-(10**9),
        le=10**9,
        description="Seconds from now, at least 60, after which it is deleted; negative = never.",
    )


class ContentsQuery(SaidQuery):
    """In which form an image's contents are wanted; other files are sent as they are."""

    max_size: int | None = Field(None, ge=1, le=10**6, description="Longest side in pixels.")
    jpeg_compression: int | None = Field(
        None, ge=1, le=100, description="Send as JPEG of this quality, in percent."
    )


@pair.plain.post("/document", operation_id="create_document", openapi_extra=BINARY_BODY)
async def create_document(request: Request, query: Annotated[CreateQuery, Query()]) -> Response:
    """Create a document from its bytes."""
    return await _create(request, query, is_base64=query.b64)


@pair.admin.post("/document", operation_id="admin_create_document", openapi_extra=BINARY_BODY)
async def admin_create_document(
    request: Request, query: Annotated[AdminCreateQuery, Query()]
) -> Response:
    """Create a document of any application from its bytes."""
    return await _create(request, query, is_base64=False)


@pair.both("GET", "/document/{document_id}", "get_document")
def get_document(request: Request, document_id: DocumentId) -> Response:
    """Return a document."""
    return JSONResponse(document_json(_own(service_of(request), caller_of(request), document_id)))


@pair.both("PATCH", "/document/{document_id}", "edit_document")
def change_document(
    request: Request, document_id: DocumentId, query: Annotated[EditQuery, Query()]
) -> Response:
    """Change a document; what is not given stays."""
    with service_of(request).database.write() as session:
        row = documents.require_own(session, caller_of(request).owner_id, document_id)
        changes = document_changes.DocumentChanges(**query.model_dump())
        document_changes.edit_document(session, row, changes)
        return JSONResponse(document_json(row))


@pair.both(
    "GET",
    "/document/{document_id}/file_contents",
    "get_document_contents",
    response_class=FileResponse,
)
async def get_document_contents(
    request: Request, document_id: DocumentId, query: Annotated[ContentsQuery, Query()]
) -> Response:
    """Return a document's bytes; those of an image smaller or recompressed if asked for."""
    service = service_of(request)
    row = await run_in_threadpool(_own, service, caller_of(request), document_id)
    file = service.blobs.path(row.id)
    if (row.mime_type or "").startswith("image/") and query.model_fields_set:
        label = f"document {row.id} ({row.filename})"
        wanted = (file, label, query.max_size, query.jpeg_compression)
        async with request.app.state.conversion:  # a large image takes much memory
            made = await run_in_threadpool(reduced_image, *wanted)
        if made is not None:
            return Response(made, media_type="application/octet-stream")
    return BlobResponse(file, row.filename, documents.unknown_document(row.id, "document_id"))


@pair.both("DELETE", "/document/{document_id}", "delete_document", status_code=204)
def delete_document(request: Request, document_id: DocumentId) -> Response:
    """Delete a document and its annotations; documents made from it stay."""
    service, caller = service_of(request), caller_of(request)
    forbids = not caller.is_admin_call
    with service.database.write() as session:
        row = documents.require_own(session, caller.owner_id, document_id, forbids=forbids)
        document_changes.delete_documents(session, service.blobs, [row.id])
    return Response(status_code=204)


@pair.both("POST", "/document/{document_id}/tag/{tag:path}", "tag_document")
def tag_document(request: Request, document_id: DocumentId, tag: Tag) -> Response:
    """Give a document a tag."""
    with service_of(request).database.write() as session:
        row = documents.require_own(session, caller_of(request).owner_id, document_id)
        give_tag(session, row, tag)
        return JSONResponse(document_json(row))


@pair.both("DELETE", "/document/{document_id}/tag/{tag:path}", "untag_document")
def untag_document(request: Request, document_id: DocumentId, tag: Tag) -> Response:
    """Take a tag from a document; one that it has not is no error."""
    with service_of(request).database.write() as session:
        row = documents.require_own(session, caller_of(request).owner_id, document_id)
        take_tag(session, row, tag)
    return Response(status_code=200)


def _own(service: Service, caller: Caller, document_id: str) -> tables.Document:
    forbids = not caller.is_admin_call
    with service.database.read() as session:
        return documents.require_own(session, caller.owner_id, document_id, forbids=forbids)


async def _create(request: Request, query: AdminCreateQuery, *, is_base64: bool) -> Response:
    service, owner = service_of(request), caller_of(request).owner_id
    document_changes.check_draft(query.filename, query.ttl, query.tags)
    async with received(request, service.blobs, is_base64=is_base64) as upload:
        return await run_in_threadpool(_add, service, owner, query, upload)


def _add(service: Service, owner_id: str, query: AdminCreateQuery, upload: Upload) -> Response:
    draft = document_changes.DocumentDraft(
        application_id=owner_id,
        filename=query.filename,
        md5sum=upload.md5sum,
        size=upload.size,
        ttl=query.ttl,
        tags=tuple(query.tags),
    )
    with service.database.write() as session:
        row = document_changes.add_document(session, service.blobs, upload.path, draft)
    return JSONResponse(document_json(row))
