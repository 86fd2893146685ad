"""How deep JSON may be nested: workers and clients read it by recursion."""

from __future__ import annotations

from typing import Any

MOST_LEVELS = 100


def is_deeper(value: Any, levels: int) -> bool:
    """Tell whether a JSON value is nested deeper than so many levels.

    Examples
    --------
    >>> is_deeper([[1], 2], 2), is_deeper([[1], 2], 1)
    (False, True)
    """
    front = [value]
    for _ in range(levels):
        front = [item for held in front for item in _items(held)]
    return any(isinstance(held, dict | list | tuple) for held in front)


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []
