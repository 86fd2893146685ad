"""Schedules of always-on workers: when an application's workers are kept running."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import references

_LIMITS: dict[str, tuple[int, int | None]] = {
    "always_on_number": (1, None),
    "always_on_start_hour": (0, 23),
    "always_on_stop_hour": (0, 23),
    "always_on_start_minute": (0, 59),
    "always_on_stop_minute": (0, 59),
}


def schedule(
    *, always_on_start_days: Any, always_on_workers_model_ids: Any, **numbers: int | None
) -> dict[str, Any]:
    """Return the parameters of a schedule that are not None; raise `InvalidInput` if invalid."""
    values: dict[str, Any] = {
        name: validators.whole_number(name, number, least=_LIMITS[name][0], most=_LIMITS[name][1])
        for name, number in numbers.items()
    }
    values["always_on_start_days"] = _days(always_on_start_days)
    if always_on_workers_model_ids is not None:
        models = references(always_on_workers_model_ids, "model")
        values["always_on_workers_model_ids"] = [model.id for model in models]
    given = {name: value for name, value in values.items() if value is not None}
    if given and "always_on_number" not in given:
        raise InvalidInput(
            "always_on_number is missing. Pass the number of workers of the schedule.",
            field="always_on_number",
        )
    start, stop = (_time_of_day(given, edge) for edge in ("start", "stop"))
    if start and stop and stop <= start:
        raise InvalidInput(
            f"The schedule must stop after it starts, on the same day, but starts at {start} and "
            f"stops at {stop}.",
            field="always_on_stop_hour",
        )
    return given


def _time_of_day(given: dict[str, Any], edge: str) -> str | None:
    hour = given.get(f"always_on_{edge}_hour")
    minute = given.get(f"always_on_{edge}_minute", 0)
    return None if hour is None else f"{hour:02}:{minute:02}"


def _days(value: Any) -> list[int] | None:
    if value is None:
        return None
    name = "always_on_start_days"
    days = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    valid = [validators.whole_number(name, day, least=1, most=7) for day in days]
    numbers = [day for day in valid if day is not None]
    if not numbers or len(numbers) < len(valid):
        raise InvalidInput(
            f"{name} must contain at least one day from 1 (Monday) to 7 (Sunday), and no None.",
            field=name,
        )
    return numbers
