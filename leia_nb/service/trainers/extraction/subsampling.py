"""Keeping a training's memory bounded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

_T = TypeVar("_T")


def thinned(items: Sequence[_T], is_needed: Callable[[_T], bool], most: int) -> list[_T]:
    """Return all that is needed, and of the rest as many as there is room for, evenly.

    Parameters
    ----------
    items : sequence
        What there is.
    is_needed : callable
        Tells whether an item must stay.
    most : int
        How many there may be; what is needed stays, even if it is more.

    Examples
    --------
    >>> thinned(range(10), lambda number: number == 1, 4)
    [0, 1, 4, 7]
    """
    if len(items) <= most:
        return list(items)
    needed = [is_needed(item) for item in items]
    room = max(most - sum(needed), 1)
    rest = len(items) - sum(needed)
    kept, seen = [], 0
    for item, stays in zip(items, needed, strict=True):
        if stays:
            kept.append(item)
            continue
        if (seen * room) // rest != ((seen - 1) * room) // rest:
            kept.append(item)
        seen += 1
    return kept
