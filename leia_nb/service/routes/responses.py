"""Pages of listings, and stored files, as responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from fastapi import Response
from fastapi.responses import FileResponse, JSONResponse

from leia_nb.service.api_errors import ApiError
from leia_nb.service.schemas.filters import PagedFilter
from leia_nb.service.storage.listing import Page, Window

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


def page_window(query: PagedFilter, max_limit: int) -> Window:
    """Return which part of a listing to fetch: at most `max_limit` rows, also by default."""
    limit = max_limit if query.limit is None else min(query.limit, max_limit)
    return Window(getattr(query, "sort", None), query.offset, limit)


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
