"""Page ranges: LEIA's `page_range`, Python slices separated by commas.

Pages count from 0. `0,2:5,-2:-1` is the first page, the third to the fifth and
the last but one; `::2` is every second page.
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
    """A page range that is malformed; its text names the part that is wrong.

    Attributes
    ----------
    page_range : str
        The whole text.
    position : int
        Where the wrong part starts, counted in characters from 0.
    """

    def __init__(self, page_range: str, part: str, position: int, why: str) -> None:
        super().__init__(
            f"page_range {page_range[:80]!r}: {part[:40]!r} (at character {position + 1}) {why}. "
            "Use Python slices separated by commas, pages counted from 0, e.g. '0,2:5,-1' or '::2'."
        )
        self.page_range = page_range
        self.position = position
        self._arguments = (page_range, part, position, why)

    def __reduce__(self) -> tuple[type[PageRangeError], tuple[str, str, int, str]]:
        return type(self), self._arguments


def parse(page_range: str) -> list[int | slice]:
    """Read a page range.

    Parameters
    ----------
    page_range : str
        Slices separated by commas, e.g. ``"0,2:5,-2:-1"``.

    Returns
    -------
    list of int or slice
        One entry per part, in the order given.

    Raises
    ------
    PageRangeError
        If a part is empty, no slice, or has a stride of 0.

    Examples
    --------
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
    """Tell which of `total` pages a page range picks.

    Parameters
    ----------
    page_range : str
        Slices separated by commas.
    total : int
        How many pages there are.

    Returns
    -------
    list of int
        Page numbers counted from 0, in the order of the parts, each once. A page
        that does not exist is left out, as in a Python slice.

    Raises
    ------
    PageRangeError
        If the page range is malformed.

    Examples
    --------
    >>> select("0,2:5,-2:-1", 10)
    [0, 2, 3, 4, 8]
    >>> select("1::2", 6)
    [1, 3, 5]
    >>> select("-4", 3)
    []
    """
    picked: dict[int, None] = {}
    for part in parse(page_range):
        if isinstance(part, slice):
            picked.update(dict.fromkeys(range(total)[part]))
        elif -total <= part < total:
            picked[part % total] = None
    return list(picked)


def _parse_part(page_range: str, text: str, position: int) -> int | slice:
    found = _PART.match(text.strip())
    if found is None:
        why = "is empty" if not text.strip() else "is no page and no slice"
        why = "has a number of more than 9 digits" if _LONG_NUMBER.search(text) else why
        raise PageRangeError(page_range, text, position, why)
    if found["page"] is not None:
        return int(found["page"])
    start, stop, step = (int(found[n]) if found[n] else None for n in ("start", "stop", "step"))
    if step == 0:
        raise PageRangeError(page_range, text, position, "has a stride of 0")
    return slice(start, stop, step)
