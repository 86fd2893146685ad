"""What a tag may be, and adding and removing tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from leia_nb.service.storage import tables

Tagged = tables.Model | tables.Document | tables.Annotation
_TAG_ROWS: dict[type[Tagged], type[Any]] = {
    tables.Model: tables.ModelTag,
    tables.Document: tables.DocumentTag,
    tables.Annotation: tables.AnnotationTag,
}


def unique_tags(tags: Iterable[str]) -> list[str]:
    """Return the tags sorted and unique, without empty ones."""
    # an empty list in a query, "tags=", arrives as one empty tag
    return sorted({tag for tag in tags if tag})


def add_tag(session: Session, row: Tagged, tag: str) -> None:
    """Give an object a tag, unless it has it already."""
    tag_rows: list[Any] = list(row.tag_rows)
    if tag not in [tag_row.tag for tag_row in tag_rows]:
        tag_rows.append(_TAG_ROWS[type(row)](tag=tag))
        row.tag_rows = sorted(tag_rows, key=lambda tag_row: tag_row.tag)
        session.flush()


def remove_tag(session: Session, row: Tagged, tag: str) -> None:
    """Remove a tag from an object, if it has it."""
    remaining: list[Any] = [tag_row for tag_row in row.tag_rows if tag_row.tag != tag]
    row.tag_rows = remaining
    session.flush()


def ids_with_tag(table: type[Tagged], tag: str) -> Select[Any]:
    """Return the query for the ids of the objects that have a tag."""
    tag_row = _TAG_ROWS[table]
    owner_id, _ = tag_row.__table__.primary_key.columns
    return select(owner_id).where(tag_row.tag == tag)
