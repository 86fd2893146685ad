"""Listings: all pages, with every row exactly once.

Rows that are added or deleted between two pages shift the others. So each page starts
at the last row of the previous one: if that row is missing, rows were deleted and
the listing is read again; duplicates are dropped by id.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from leia_nb.errors import IncompleteListing, UnexpectedAnswer
from leia_nb.records.progress import progress_bar

if TYPE_CHECKING:
    from leia_nb.transport.response import Response

_MAX_READINGS = 3

Row = dict[str, Any]
ReadPage = Callable[[int | None, int | None], "Response"]


def read_rows(
    read_page: ReadPage, what: str, *, offset: int | None, limit: int | None, progress: bool
) -> list[Row]:
    """Read a listing; warn of `IncompleteListing` if rows are missing even after three readings.

    `read_page` takes offset and limit (None: LEIA's default); `what` is what is listed, for
    the bar, which appears if there is more than one page.
    """
    if limit == 0:
        return []
    for _ in range(_MAX_READINGS):
        reading = _Reading(read_page, offset, limit)
        reading.run(what, progress)
        if reading.complete:
            break
    else:
        warnings.warn(
            f"The listing of {what} changed while it was being read, {_MAX_READINGS} times: "
            f"expected {reading.expected} rows, got {len(reading.rows)}. List again.",
            IncompleteListing,
            stacklevel=4,
        )
    return list(reading.rows.values())[:limit]


class _Reading:
    """One reading of a listing from its first page to its last."""

    def __init__(self, read_page: ReadPage, offset: int | None, limit: int | None) -> None:
        self._read_page = read_page
        self._offset = offset
        self._limit = limit
        self._position = offset or 0
        self._page_size = 0
        self._total: int | None = None
        self._last: str | None = None
        self._shifted = False
        self.rows: dict[str, Row] = {}

    @property
    def expected(self) -> int | None:
        """The number of rows to read; None if LEIA does not report it."""
        if self._total is None:
            return self._limit
        available = max(0, self._total - (self._offset or 0))
        return available if self._limit is None else min(available, self._limit)

    @property
    def complete(self) -> bool:
        """Whether no row is missing."""
        if self._shifted:
            return False
        return self._total is None or len(self.rows) >= (self.expected or 0)

    def run(self, what: str, progress: bool) -> None:
        """Read pages until one adds nothing."""
        more = self._take(self._read_page(self._offset, self._limit), overlap=0)
        if not more:
            return
        with ExitStack() as stack:
            bar = stack.enter_context(progress_bar(self.expected, what, progress=progress))
            bar.update(len(self.rows))
            while more:
                before = len(self.rows)
                overlap = 1 if self._page_size > 1 else 0
                more = self._take(
                    self._read_page(self._position - overlap, self._next_limit(overlap)), overlap
                )
                bar.total = self.expected
                bar.update(len(self.rows) - before)

    def _next_limit(self, overlap: int) -> int:
        if self._limit is None:
            return self._page_size
        return min(self._page_size, self._limit - len(self.rows) + overlap)

    def _take(self, response: Response, overlap: int) -> bool:
        """Keep the rows of a page; return whether there is another page."""
        page = _rows(response)
        if response.total is not None:
            self._total = response.total
        if overlap and self._last not in (row["id"] for row in page):
            self._shifted = True
            return False
        before = len(self.rows)
        for row in page:
            self.rows.setdefault(row["id"], row)
        self._page_size = max(self._page_size, response.page_limit or len(page))
        self._position += len(page) - overlap
        if page:
            self._last = page[-1]["id"]
        return len(self.rows) > before and self._has_more()

    def _has_more(self) -> bool:
        if self._limit is not None and len(self.rows) >= self._limit:
            return False
        return self._total is None or self._position < self._total


def _rows(response: Response) -> list[Row]:
    rows = response.content
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows
    ):
        raise UnexpectedAnswer("Expected a JSON list of objects with ids as the listing.")
    return rows
