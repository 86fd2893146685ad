"""Values of a frame as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_MAX_NAMES = 5


def plain(value: Any) -> str:
    """Return one value as text; a missing value is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> plain(pd.NA), plain(("a", "b")), plain(7)
    ('', 'a, b', '7')
    """
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    import pandas as pd

    return "" if pd.isna(value) else str(value)


def join_names(names: Iterable[Any]) -> str:
    """Return the first five names in one text, and the number of the others.

    Examples
    --------
    >>> join_names(["a", "b"]), join_names("abcdefg")
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    texts = [plain(name) for name in names]
    more = f" and {len(texts) - _MAX_NAMES} more" if len(texts) > _MAX_NAMES else ""
    return ", ".join(texts[:_MAX_NAMES]) + more
