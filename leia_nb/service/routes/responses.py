"""Pages of listings, changed rows and stored files, as responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.responses import FileResponse, JSONResponse

from leia_nb.service.api_errors import ApiError
from leia_nb.service.routes.context import caller_of, service_of
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.listing import Page

_Row = TypeVar("_Row")


class BlobResponse(FileResponse):
    """A file sent in blocks of 1 MiB, so that its size costs no memory.

    `deleted` is the response if the file was deleted since its row was read.
    """

    chunk_size = 1024 * 1024

    def __init__(self, path: Path, filename: str, deleted: ApiError) -> None:
        try:
            stat = path.stat()
        except FileNotFoundError:
            raise deleted from None
        super().__init__(
            path,
            media_type="application/octet-stream",
            filename=filename,
            headers={"X-Content-Type-Options": "nosniff"},
            stat_result=stat,
        )


def change_row(
    request: Request,
    require_own: Callable[[Session, str, str], _Row],
    identifier: str,
    change: Callable[..., object],
    *values: Any,
) -> _Row:
    """Change a row of the application: ``change(session, row, *values)``; return it."""
    with service_of(request).database.write() as session:
        row = require_own(session, caller_of(request).owner_id, identifier)
        change(session, row, *values)
    return row


def list_response(
    request: Request,
    kind: str,
    to_json: Callable[[_Row], dict[str, Any]],
    list_rows: Callable[..., Page[_Row]],
    *arguments: Any,
) -> Response:
    """Return a page of a listing: ``list_rows(session, max_limit, *arguments)``."""
    service = service_of(request)
    max_limit = service.settings.max_limit
    with paging_headers_on_error(kind, max_limit), service.database.read() as session:
        page = list_rows(session, max_limit, *arguments)
    return page_response(page, kind, max_limit, to_json)


def page_response(
    page: Page[_Row], kind: str, max_limit: int, to_json: Callable[[_Row], dict[str, Any]]
) -> Response:
    """Return one page of a listing with LEIA's paging headers."""
    # Not through the response_model: validating each row would double the time of a long page.
    return JSONResponse(
        [to_json(row) for row in page.rows],
        headers=_paging_headers(page.content_range, kind, max_limit),
    )


@contextmanager
def paging_headers_on_error(kind: str, max_limit: int) -> Iterator[None]:
    """Add the paging headers of an empty listing to an error raised inside."""
    try:
        yield
    except ApiError as error:
        error.headers = _paging_headers("0-0/0", kind, max_limit)
        raise


def _paging_headers(content_range: str, kind: str, max_limit: int) -> dict[str, str]:
    return {"Content-Range": content_range, "Accept-Range": f"{kind} {max_limit}"}
