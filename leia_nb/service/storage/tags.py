"""What a tag may be."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from leia_nb.service.refusals import bad

_LONGEST = 255


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


def has_control(text: str) -> bool:
    """Tell whether a text holds a control character or half a surrogate pair."""
    return any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)
