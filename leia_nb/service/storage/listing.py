"""Listings: the parts that every list call shares — filters, order and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from leia_nb.service.api_errors import bad

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Page(Generic[_Row]):
    """Some rows of a listing.

    Parameters
    ----------
    rows : list
        The rows of this page.
    offset : int
        The number of the first one, counted from 0.
    total : int
        How many rows the whole listing has.
    """

    rows: list[_Row]
    offset: int
    total: int

    @property
    def content_range(self) -> str:
        """The value of the header ``Content-Range``, e.g. ``"0-9/57"``.

        Examples
        --------
        >>> Page(["a", "b"], 10, 12).content_range
        '10-11/12'
        >>> Page([], 0, 0).content_range
        '0-0/0'
        """
        if not self.rows:
            return f"0-0/{self.total}"
        return f"{self.offset}-{self.offset + len(self.rows) - 1}/{self.total}"


@dataclass(frozen=True)
class Window:
    """Which part of a listing is wanted, in which order.

    Parameters
    ----------
    sort : str or None
        Field names separated by commas, ``-`` in front for descending; by creation
        time when None. Ties are broken by id, so that pages never overlap.
    offset : int
        The first row, counted from 0.
    limit : int
        How many rows.
    """

    sort: str | None
    offset: int
    limit: int


def fetch(
    session: Session,
    table: type[_Row],
    conditions: Iterable[ColumnElement[bool]],
    sortable: Mapping[str, InstrumentedAttribute[Any]],
    window: Window,
) -> Page[_Row]:
    """Fetch one page of the rows for which all conditions hold.

    Raises
    ------
    Refusal
        400 ``invalid_parameter`` if `sort` names a field that is not sortable.
    """
    wanted = list(conditions)
    total = session.scalar(select(func.count()).select_from(table).where(*wanted)) or 0
    order = _order(table, sortable, window.sort)
    matching = select(table).where(*wanted).order_by(*order)
    rows = session.scalars(matching.offset(window.offset).limit(window.limit)).all()
    return Page(list(rows), window.offset, total)


def equal(pairs: Mapping[InstrumentedAttribute[Any], Any]) -> list[ColumnElement[bool]]:
    """Return the conditions that columns have these values; None asks for nothing."""
    return [column == value for column, value in pairs.items() if value is not None]


def created(
    column: InstrumentedAttribute[datetime], after: datetime | None, before: datetime | None
) -> list[ColumnElement[bool]]:
    """Return the conditions ``after <= creation_time < before``."""
    conditions = []
    if after is not None:
        conditions.append(column >= after)
    if before is not None:
        conditions.append(column < before)
    return conditions


def tagged(
    identifier: InstrumentedAttribute[str],
    tag_owner: InstrumentedAttribute[str],
    tag: InstrumentedAttribute[str],
    tags: Iterable[str],
) -> list[ColumnElement[bool]]:
    """Return the conditions that a row has every one of these tags."""
    return [identifier.in_(select(tag_owner).where(tag == wanted)) for wanted in tags]


def holds(column: InstrumentedAttribute[list[str]], value: str) -> ColumnElement[bool]:
    """Return the condition that a JSON list of plain words has this one among them."""
    return cast(column, String).contains(f'"{value}"', autoescape=True)


def _order(
    table: Any, sortable: Mapping[str, InstrumentedAttribute[Any]], sort: str | None
) -> list[ColumnElement[Any]]:
    order: list[ColumnElement[Any]] = []
    fields = [text.strip() for text in (sort or "creation_time").split(",")]
    for text in fields:
        column = sortable.get(text.removeprefix("-"))
        if column is None:
            raise bad(
                "invalid_parameter",
                f"sort names {text!r}, which is not sortable. Choose among: {', '.join(sortable)}.",
                "sort",
            )
        order.append(_directed(column, descending=text.startswith("-")))
    return [*order, _directed(table.id, descending=fields[-1].startswith("-"))]


def _directed(column: InstrumentedAttribute[Any], *, descending: bool) -> ColumnElement[Any]:
    return column.desc() if descending else column.asc()
