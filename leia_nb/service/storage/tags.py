"""What a tag may be, and which of them an object has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from leia_nb.service.storage import tables

Tagged = tables.Model | tables.Document | tables.Annotation
_ROWS: dict[type[Tagged], type[Any]] = {
    tables.Model: tables.ModelTag,
    tables.Document: tables.DocumentTag,
    tables.Annotation: tables.AnnotationTag,
}


def unique_tags(tags: Iterable[str]) -> list[str]:
    """Return the tags sorted and each once, without the empty one.

    An empty list is sent as ``tags=`` in a query, which arrives as one empty tag.
    """
    return sorted({tag for tag in tags if tag})


def give_tag(session: Session, row: Tagged, tag: str) -> None:
    """Give an object a tag; one that it has already stays."""
    kept: list[Any] = list(row.tag_rows)
    if tag not in [one.tag for one in kept]:
        row.tag_rows = sorted([*kept, _ROWS[type(row)](tag=tag)], key=lambda one: one.tag)
        session.flush()


def take_tag(session: Session, row: Tagged, tag: str) -> None:
    """Take a tag from an object; one that it has not is no error."""
    kept: list[Any] = [one for one in row.tag_rows if one.tag != tag]
    row.tag_rows = kept
    session.flush()
