"""Schedules of always-on workers: when an application's workers are kept running."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators

_PREFIX = "always_on_"


def schedule(
    *,
    number: int | None,
    start_days: Any,
    start_hour: int | None,
    stop_hour: int | None,
    start_minute: int | None,
    stop_minute: int | None,
    model_ids: Sequence[str] | None,
) -> dict[str, Any]:
    """Return the parameters of a schedule, checked; nothing if none of them is given.

    Parameters
    ----------
    number : int or None
        How many workers, at least 1.
    start_days : iterable of int or None
        Days, 1 (Monday) to 7.
    start_hour, stop_hour : int or None
        0 to 23.
    start_minute, stop_minute : int or None
        0 to 59.
    model_ids : sequence of str or None
        Models to load at the start.

    Raises
    ------
    InvalidInput
        If a value is out of range, the number of workers is missing, or it does not
        stop after it starts.
    """
    values = {
        "number": _within("number", number, 1, None),
        "start_days": _days(start_days),
        "start_hour": _within("start_hour", start_hour, 0, 23),
        "stop_hour": _within("stop_hour", stop_hour, 0, 23),
        "start_minute": _within("start_minute", start_minute, 0, 59),
        "stop_minute": _within("stop_minute", stop_minute, 0, 59),
        "workers_model_ids": model_ids,
    }
    given = {name: value for name, value in values.items() if value is not None}
    if given and "number" not in given:
        raise InvalidInput(
            "always_on_number is missing: a schedule says how many workers are always on.",
            field="always_on_number",
        )
    if start_hour is not None and stop_hour is not None:
        start, stop = (start_hour, start_minute or 0), (stop_hour, stop_minute or 0)
        if stop <= start:
            raise InvalidInput(
                f"The schedule stops at {stop[0]:02}:{stop[1]:02}, not after its start at "
                f"{start[0]:02}:{start[1]:02}. Both are on the same day; correct one.",
                field="always_on_stop_hour",
            )
    return {f"{_PREFIX}{name}": value for name, value in given.items()}


def _within(name: str, value: Any, least: int, most: int | None) -> int | None:
    return validators.whole_number(f"{_PREFIX}{name}", value, least=least, most=most)


def _days(value: Any) -> list[int] | None:
    if value is None:
        return None
    days = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    found = [_within("start_days", day, 1, 7) for day in days]
    if not found or None in found:
        raise InvalidInput(
            "always_on_start_days holds no day. Give days from 1 (Monday) to 7 (Sunday).",
            field="always_on_start_days",
        )
    return [day for day in found if day is not None]
