"""JSON in the database: kept as text exactly, and refused where JSON cannot carry it."""

from __future__ import annotations

import json
import math
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


class Json(TypeDecorator[Any]):
    """A column of JSON texts.

    Its affinity is TEXT: in a column that SQLite takes for numeric, a bare number
    would become a float. NaN and the infinities are refused when they are written,
    and are None where an older service has kept them.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Return a value's text; None is SQL's NULL."""
        del dialect
        return None if value is None else json.dumps(value, allow_nan=False)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        """Return what a text says; a number as it is, of a column of an older service."""
        del dialect
        if isinstance(value, str):
            return json.loads(value, parse_constant=lambda _: None)
        return None if isinstance(value, float) and not math.isfinite(value) else value
