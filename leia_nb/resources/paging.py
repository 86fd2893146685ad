"""Listings: every page, each row once, and none missing.

Rows that are added or deleted between two pages shift the rest. So each page starts
at the last row of the one before: if that row is not there, something was deleted and
the listing is read again; rows that come twice are dropped by id.
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

_READINGS = 3

Row = dict[str, Any]
Ask = Callable[[int | None, int | None], "Response"]


def read_rows(
    ask: Ask, what: str, *, offset: int | None, limit: int | None, progress: bool
) -> list[Row]:
    """Read a listing.

    Parameters
    ----------
    ask : callable
        Takes offset and limit (None: LEIA's own), returns the answer with that page.
    what : str
        What is listed, for the bar.
    offset : int or None
        The first row, counted from 0.
    limit : int or None
        Most rows; None: all.
    progress : bool
        Whether to show a bar if there is more than one page.

    Returns
    -------
    list of dict
        LEIA's JSON objects.

    Warns
    -----
    IncompleteListing
        If rows are missing even after three readings.
    """
    if limit == 0:
        return []
    for _ in range(_READINGS):
        reading = _Reading(ask, offset, limit)
        reading.run(what, progress)
        if reading.complete:
            break
    else:
        warnings.warn(
            f"The listing of {what} changed while it was read, {_READINGS} times: "
            f"{len(reading.rows)} rows came, LEIA counts {reading.wanted}. List again.",
            IncompleteListing,
            stacklevel=4,
        )
    return list(reading.rows.values())[:limit]


class _Reading:
    """One reading of a listing from its first page to its last."""

    def __init__(self, ask: Ask, offset: int | None, limit: int | None) -> None:
        self._ask = ask
        self._offset = offset
        self._limit = limit
        self._position = offset or 0
        self._page_size = 0
        self._total: int | None = None
        self._last: str | None = None
        self._shifted = False
        self.rows: dict[str, Row] = {}

    @property
    def wanted(self) -> int | None:
        """How many rows there are to read; None if LEIA does not say."""
        if self._total is None:
            return self._limit
        there = max(0, self._total - (self._offset or 0))
        return there if self._limit is None else min(there, self._limit)

    @property
    def complete(self) -> bool:
        """Whether no row is missing."""
        if self._shifted:
            return False
        return self._total is None or len(self.rows) >= (self.wanted or 0)

    def run(self, what: str, progress: bool) -> None:
        """Read page after page until nothing new comes."""
        more = self._take(self._ask(self._offset, self._limit), overlap=0)
        if not more:
            return
        with ExitStack() as stack:
            bar = stack.enter_context(progress_bar(self.wanted, what, progress=progress))
            bar.update(len(self.rows))
            while more:
                before = len(self.rows)
                overlap = 1 if self._page_size > 1 else 0
                more = self._take(
                    self._ask(self._position - overlap, self._next_limit(overlap)), overlap
                )
                bar.total = self.wanted
                bar.update(len(self.rows) - before)

    def _next_limit(self, overlap: int) -> int:
        if self._limit is None:
            return self._page_size
        return min(self._page_size, self._limit - len(self.rows) + overlap)

    def _take(self, answer: Response, overlap: int) -> bool:
        """Keep a page's rows; say whether there is another page."""
        page = _rows(answer)
        if answer.total is not None:
            self._total = answer.total
        if overlap and self._last not in (row["id"] for row in page):
            self._shifted = True
            return False
        before = len(self.rows)
        for row in page:
            self.rows.setdefault(row["id"], row)
        self._page_size = max(self._page_size, answer.page_limit or len(page))
        self._position += len(page) - overlap
        if page:
            self._last = page[-1]["id"]
        return len(self.rows) > before and self._unread()

    def _unread(self) -> bool:
        if self._limit is not None and len(self.rows) >= self._limit:
            return False
        return self._total is None or self._position < self._total


def _rows(answer: Response) -> list[Row]:
    rows = answer.content
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows
    ):
        raise UnexpectedAnswer("LEIA answered a listing with something else than a list of rows.")
    return rows
