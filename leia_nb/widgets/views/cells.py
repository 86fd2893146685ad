"""Values of a frame as the texts of a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_MOST = 5


def plain(value: Any) -> str:
    """Return one value as text; what is missing is empty.

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


def several(names: Iterable[Any]) -> str:
    """Return several names in one text; not more than people read.

    Examples
    --------
    >>> several(["a", "b"]), several("abcdefg")
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    every = [plain(name) for name in names]
    more = f" and {len(every) - _MOST} more" if len(every) > _MOST else ""
    return ", ".join(every[:_MOST]) + more
