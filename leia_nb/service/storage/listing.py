"""What all listings share: filters, sort order and pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

_Row = TypeVar("_Row")
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Page(Generic[_Row]):
    """Some rows of a listing: the first has the number `offset`, counted from 0, of `total`."""

    rows: list[_Row]
    offset: int
    total: int

    @property
    def content_range(self) -> str:
        """The value of the header ``Content-Range``.

        >>> Page(["a", "b"], 10, 12).content_range, Page([], 0, 0).content_range
        ('10-11/12', '0-0/0')
        """
        if not self.rows:
            return f"0-0/{self.total}"
        return f"{self.offset}-{self.offset + len(self.rows) - 1}/{self.total}"


@dataclass(frozen=True)
class Window:
    """The requested part of a listing: at most `limit` rows, from number `offset` on."""

    sort: str | None  # valid columns separated by commas, "-" in front for descending
    offset: int
    limit: int


def fetch(
    session: Session,
    table: type[_Row],
    conditions: Iterable[Condition],
    window: Window,
) -> Page[_Row]:
    """Fetch one page of the rows that meet all conditions."""
    where = list(conditions)
    total = session.scalar(select(func.count()).select_from(table).where(*where)) or 0
    order = _order(table, window.sort or "creation_time")
    matching = select(table).where(*where).order_by(*order)
    rows = session.scalars(matching.offset(window.offset).limit(window.limit)).all()
    return Page(list(rows), window.offset, total)


def equal(table: type[DeclarativeBase], **values: Any) -> list[Condition]:
    """Return the conditions that columns have these values; None is no filter."""
    return [getattr(table, name) == value for name, value in values.items() if value is not None]


def created(
    column: InstrumentedAttribute[datetime], after: datetime | None, before: datetime | None
) -> list[Condition]:
    """Return the conditions ``after <= creation_time < before``."""
    lower = [] if after is None else [column >= after]
    return lower if before is None else [*lower, column < before]


def tagged(
    row_id: InstrumentedAttribute[str],
    tag_row_id: InstrumentedAttribute[str],
    tag: InstrumentedAttribute[str],
    tags: Iterable[str],
) -> list[Condition]:
    """Return the conditions that a row has every one of these tags."""
    return [row_id.in_(select(tag_row_id).where(tag == name)) for name in tags]


def json_list_contains(column: InstrumentedAttribute[list[str]], value: str) -> Condition:
    """Return the condition that a JSON list of plain words contains this one."""
    return cast(column, String).contains(f'"{value}"', autoescape=True)


def _order(table: Any, sort: str) -> list[ColumnElement[Any]]:
    fields = [field.strip() for field in sort.split(",")]
    # ties are broken by id, so that pages never overlap
    fields.append("-id" if fields[-1].startswith("-") else "id")
    columns = [(getattr(table, field.removeprefix("-")), field) for field in fields]
    return [column.desc() if field.startswith("-") else column.asc() for column, field in columns]
