"""Page ranges: LEIA's `page_range`, Python slices separated by commas.

Pages are counted from 0. `0,2:5,-2:-1` is the first page, the third to the fifth and the
second to last; `::2` is every second page.
"""

from __future__ import annotations

import re

_NUMBER = r"[+-]?[0-9]{1,9}"
_SLICE = f"({_NUMBER}|({_NUMBER})?:({_NUMBER})?(:({_NUMBER})?)?)"
PATTERN = f"{_SLICE}(,{_SLICE})*"
"""A regular expression of page ranges, for JSON Schemas; `parse` checks the rest."""
_LONG_NUMBER = re.compile(r"[0-9]{10}")
_PART = re.compile(
    rf"^(?:(?P<page>{_NUMBER})"
    rf"|(?P<start>{_NUMBER})?:(?P<stop>{_NUMBER})?(?::(?P<step>{_NUMBER})?)?)$"
)


class PageRangeError(ValueError):
    """A malformed page range; `position` is where its invalid part starts, from 0."""

    def __init__(self, page_range: str, part: str, position: int, reason: str) -> None:
        super().__init__(
            f"page_range {page_range[:80]!r}: {part[:40]!r} (at character {position + 1}) "
            f"{reason}. Use Python slices separated by commas, pages counted from 0, "
            "e.g. '0,2:5,-1' or '::2'."
        )
        self.page_range = page_range
        self.position = position
        self._arguments = (page_range, part, position, reason)

    def __reduce__(self) -> tuple[type[PageRangeError], tuple[str, str, int, str]]:
        return type(self), self._arguments


def parse(page_range: str) -> list[int | slice]:
    """Return the parts of a page range, in their order; raise `PageRangeError` if malformed.

    >>> parse("0,2:5")
    [0, slice(2, 5, None)]
    """
    parts: list[int | slice] = []
    position = 0
    for text in page_range.split(","):
        parts.append(_parse_part(page_range, text, position))
        position += len(text) + 1
    return parts


def select(page_range: str, total: int) -> list[int]:
    """Return the pages, from 0, that a page range selects among `total` pages, each once.

    Pages that do not exist are left out, as in a Python slice.

    >>> select("0,2:5,-2:-1", 10), select("1::2", 6), select("-4", 3)
    ([0, 2, 3, 4, 8], [1, 3, 5], [])
    """
    selected: dict[int, None] = {}
    for part in parse(page_range):
        if isinstance(part, slice):
            selected.update(dict.fromkeys(range(total)[part]))
        elif -total <= part < total:
            selected[part % total] = None
    return list(selected)


def _parse_part(page_range: str, text: str, position: int) -> int | slice:
    match = _PART.match(text.strip())
    if match is None:
        reason = "is empty" if not text.strip() else "is neither a page nor a slice"
        reason = "has a number of more than 9 digits" if _LONG_NUMBER.search(text) else reason
        raise PageRangeError(page_range, text, position, reason)
    if match["page"] is not None:
        return int(match["page"])
    start, stop, step = (int(match[n]) if match[n] else None for n in ("start", "stop", "step"))
    if step == 0:
        raise PageRangeError(page_range, text, position, "has a step of 0")
    return slice(start, stop, step)
