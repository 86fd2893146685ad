"""What a tag may be, and which of them an object has."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from leia_nb.service.api_errors import bad
from leia_nb.service.storage import tables

_LONGEST = 255
Tagged = tables.Model | tables.Document | tables.Annotation
_ROWS: dict[type[Tagged], type[Any]] = {
    tables.Model: tables.ModelTag,
    tables.Document: tables.DocumentTag,
    tables.Annotation: tables.AnnotationTag,
}


def check_tag(tag: str, field: str = "tag") -> str:
    """Return the tag if it is one that every call can name.

    Parameters
    ----------
    tag : str
        1 to 255 characters, none of them a control character, not all blank, and
        not ``.`` or ``..``, which no URL can name.
    field : str
        The parameter it came in.

    Raises
    ------
    Refusal
        400 if it is not.
    """
    if not tag.strip() or len(tag) > _LONGEST or tag in {".", ".."} or has_control(tag):
        raise bad(
            "invalid_parameter",
            f"{tag[:40]!r} cannot be a tag. Use 1 to {_LONGEST} characters, no control "
            "characters, and not '.' or '..'.",
            field,
        )
    return tag


def clean_tags(tags: Iterable[str], field: str = "tags") -> list[str]:
    """Return the tags checked, sorted and each once; empty ones are left out.

    An empty list travels as ``tags=`` in a query, which arrives as one empty tag.
    """
    return sorted({check_tag(tag, field) for tag in tags if tag})


def give_tag(session: Session, row: Tagged, tag: str) -> None:
    """Give an object a tag; one that it has already stays."""
    kept: list[Any] = list(row.tag_rows)
    if check_tag(tag) not in [one.tag for one in kept]:
        row.tag_rows = sorted([*kept, _ROWS[type(row)](tag=tag)], key=lambda one: one.tag)
        session.flush()


def take_tag(session: Session, row: Tagged, tag: str) -> None:
    """Take a tag from an object; one that it has not is no error."""
    kept: list[Any] = [one for one in row.tag_rows if one.tag != tag]
    row.tag_rows = kept
    session.flush()


def has_control(text: str) -> bool:
    """Tell whether a text holds a control character or half a surrogate pair."""
    return any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)
