"""What all listings share: filters, sort order and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from leia_nb.service.schemas.filters import Filter, PagedFilter
from leia_nb.service.storage.tags import ids_with_tag

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


def fetch(
    session: Session,
    table: type[_Row],
    conditions: Sequence[Condition],
    query: PagedFilter,
    max_limit: int,
) -> Page[_Row]:
    """Fetch the requested page of the rows that meet all conditions, at most `max_limit` rows."""
    total = session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
    order = _order(table, getattr(query, "sort", None) or "creation_time")
    limit = max_limit if query.limit is None else min(query.limit, max_limit)
    matching = select(table).where(*conditions).order_by(*order)
    rows = session.scalars(matching.offset(query.offset).limit(limit)).all()
    return Page(list(rows), query.offset, total)


def matching(table: Any, query: Filter, *columns: str, **renamed: str) -> list[Condition]:
    """Return the conditions that columns equal the filters of the same name, or of another one.

    None, or a filter that the query does not have, does not filter. Creation times and tags are
    compared, too.
    """
    fields = {name: name for name in columns} | renamed
    values = {column: getattr(query, field, None) for column, field in fields.items()}
    conditions = [getattr(table, name) == v for name, v in values.items() if v is not None]
    if query.created_after is not None:
        conditions.append(table.creation_time >= query.created_after)
    if query.created_before is not None:
        conditions.append(table.creation_time < query.created_before)
    tags = getattr(query, "tags", ())
    return conditions + [table.id.in_(ids_with_tag(table, tag)) for tag in tags]


def json_list_contains(column: InstrumentedAttribute[list[str]], value: str) -> Condition:
    """Return the condition that a JSON list of plain words contains this one."""
    return cast(column, String).contains(f'"{value}"', autoescape=True)


def _order(table: Any, sort: str) -> list[ColumnElement[Any]]:
    fields = [field.strip() for field in sort.split(",")]
    # ties are broken by id, so that pages never overlap
    fields.append("-id" if fields[-1].startswith("-") else "id")
    columns = [(getattr(table, field.removeprefix("-")), field) for field in fields]
    return [column.desc() if field.startswith("-") else column.asc() for column, field in columns]
