"""How answers are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from fastapi import Response
from fastapi.responses import FileResponse, JSONResponse

from leia_nb.service.api_errors import ApiError
from leia_nb.service.storage.listing import Page, Window

_Row = TypeVar("_Row")


class BlobResponse(FileResponse):
    """A file sent in blocks of 1 MiB, so that its size costs no memory.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    filename : str
        The name it is to be kept under.
    gone : ApiError
        What is answered if the file was deleted since its row was read.
    """

    chunk_size = 1024 * 1024

    def __init__(self, path: Path, filename: str, gone: ApiError) -> None:
        try:
            found = path.stat()
        except FileNotFoundError:
            raise gone from None
        super().__init__(
            path,
            media_type="application/octet-stream",
            filename=filename,
            headers={"X-Content-Type-Options": "nosniff"},
            stat_result=found,
        )


def window(sort: str | None, offset: int, limit: int | None, max_limit: int) -> Window:
    """Return which part of a listing to fetch: at most `max_limit` rows, also by default."""
    return Window(sort, offset, max_limit if limit is None else min(limit, max_limit))


def page_answer(
    page: Page[_Row], kind: str, max_limit: int, to_json: Callable[[_Row], dict[str, Any]]
) -> Response:
    """Return one page of a listing with LEIA's paging headers.

    Parameters
    ----------
    page : Page
        The rows.
    kind : str
        The kind of row, for ``Accept-Range``, e.g. ``"model"``.
    max_limit : int
        The largest page there is.
    to_json : callable
        Turns a row into its JSON object.
    """
    return JSONResponse(
        [to_json(row) for row in page.rows],
        headers=_paging_headers(page.content_range, kind, max_limit),
    )


@contextmanager
def of_listing(kind: str, max_limit: int) -> Iterator[None]:
    """Answer a 404 raised inside with the paging headers of a listing that has no rows."""
    try:
        yield
    except ApiError as error:
        error.headers = _paging_headers("0-0/0", kind, max_limit)
        raise


def _paging_headers(content_range: str, kind: str, max_limit: int) -> dict[str, str]:
    return {"Content-Range": content_range, "Accept-Range": f"{kind} {max_limit}"}
