"""Validation of parameters, and their conversion to what is sent."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from numbers import Real
from typing import Any, Protocol, runtime_checkable

from leia_nb.api import page_range as page_ranges
from leia_nb.errors import InvalidInput, InvalidPageRange
from leia_nb.records.records import with_article

_LIMIT = 2**63
_SHORT_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def invalid(name: str, expected: str, value: Any) -> InvalidInput:
    """Return the error for a parameter with an invalid value."""
    return InvalidInput(f"{name} must be {expected}, got {shown(value)}.", field=name)


def shown(value: Any) -> str:
    """Return how a message shows a value: on one line, with at most 100 characters."""
    try:
        text = repr(value)
    except Exception:  # e.g. an integer with more digits than Python prints
        text = f"a value of type {type(value).__name__}"
    if "\n" in text:  # a frame or a column
        return with_article(type(value).__name__)
    return text if len(text) <= 100 else f"{text[:99]}…"


def text(name: str, value: Any, *, required: bool = False) -> str | None:
    """Return a string parameter; reject an empty one if it is `required`."""
    if value is None and not required:
        return None
    if not isinstance(value, str):
        raise invalid(name, "a string", value)
    if required and not value.strip():
        raise InvalidInput(f"{name} must not be empty.", field=name)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInput(
            f"{name} contains a lone surrogate, which cannot be sent: {shown(value)}. Remove it.",
            field=name,
        )
    return value


def whole_number(
    name: str, value: Any, *, least: int | None = None, most: int | None = None
) -> int | None:
    """Return an integer parameter; reject one below `least`, above `most` or beyond 64 bits."""
    if value is None:
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or isinstance(value, bool) or number != value:
        raise invalid(name, "an integer", value)
    if least is not None and number < least:
        raise invalid(name, f"at least {least}", number)
    if most is not None and number > most:
        raise invalid(name, f"at most {most}", number)
    if abs(number) >= _LIMIT:
        raise invalid(name, "an integer of at most 64 bits", number)
    return number


def amount(name: str, value: Any) -> float | None:
    """Return a number above 0, e.g. of cores or gigabytes."""
    if value is None:
        return None
    number = _real(value)
    if not 0 < number < _LIMIT:
        raise invalid(name, "a number greater than 0", value)
    return number


def seconds(name: str, value: Any) -> float | None:
    """Return a duration; None, also for infinity, means no limit."""
    if value is None:
        return None
    number = _real(value)
    if math.isnan(number):
        raise invalid(name, "a number of seconds", value)
    return None if number == math.inf else number


def _real(value: Any) -> float:
    """Return a real number as a float, NaN for anything else."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def yes_no(name: str, value: Any) -> bool | None:
    """Return a boolean parameter, Python's or NumPy's."""
    if value is None:
        return None
    if type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    raise invalid(name, "True or False", value)


def texts(name: str, value: Any) -> list[str] | None:
    """Return a list of strings, e.g. tags; a single string counts as a list of one."""
    if value is None:
        return None
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, Iterable) or isinstance(values, Mapping | bytes | Table):
        raise invalid(name, "a list of strings", value)
    items = list(values)
    for item in items:
        if not isinstance(item, str):
            raise InvalidInput(
                f"{name} must be a list of strings, but contains {shown(item)}.", field=name
            )
    return [str(text(name, item, required=True)) for item in items]


@runtime_checkable
class Table(Protocol):
    """A DataFrame, whose elements are the names of its columns."""

    columns: Any


def tag(value: Any, name: str = "tag") -> str:
    """Return a tag that can be part of a URL."""
    valid = str(text(name, value, required=True))
    if valid in (".", ".."):
        raise InvalidInput(
            f"{name} must not be {valid!r}, which cannot be part of a URL. Use another tag.",
            field=name,
        )
    return valid


def one_of(
    name: str, value: Any, enumeration: type[StrEnum], *, required: bool = False
) -> str | None:
    """Return the wire value of a member of an enumeration."""
    if value is None and not required:
        return None
    try:
        return enumeration(value).value
    except ValueError:
        pass
    exactly = "exactly " if isinstance(value, list | tuple | set | frozenset) else ""
    choices = ", ".join(repr(member.value) for member in enumeration)
    raise invalid(name, f"{exactly}one of {choices}", value)


def some_of(name: str, value: Any, enumeration: type[StrEnum]) -> list[str] | None:
    """Return the wire values of several members of an enumeration."""
    values = texts(name, value)
    return None if values is None else [str(one_of(name, item, enumeration)) for item in values]


def short_name(value: Any) -> str | None:
    """Return a model's short name."""
    valid = text("short_name", value)
    if valid is None or (_SHORT_NAME.fullmatch(valid) and valid.strip(".")):
        return valid
    raise invalid(
        "short_name",
        "1 to 100 letters, digits, dots, dashes and underscores, such as 'digits-v1'",
        valid,
    )


def page_range(value: Any, execute_after_id: str | None) -> str | None:
    """Return a page range; reject a malformed one, and one without `execute_after_id`."""
    if value is None:
        return None
    try:
        if not isinstance(value, str):
            expected = "a string of pages and slices such as '0,2:5,-1'"
            raise invalid("page_range", expected, value)
        page_ranges.parse(value)
    except ValueError as error:
        raise InvalidPageRange(
            str(error), code="page_range_malformed", field="page_range"
        ) from None
    if execute_after_id is None:
        raise InvalidPageRange(
            f"page_range {value!r} selects pages of another job's results, but execute_after_id is "
            "missing. Pass that job as execute_after_id, or omit page_range.",
            code="page_range_without_job",
            field="page_range",
        )
    return value


def changes(values: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a change; reject it if all of them are None."""
    if all(value is None for value in values.values()):
        raise InvalidInput(
            f"No changes given. Pass at least one of {', '.join(values)}.",
            field=next(iter(values)),
        )
    return values


def moment(name: str, value: Any) -> str | None:
    """Return a time as LEIA expects it: UTC, without a time zone.

    The value is a datetime, a pandas Timestamp, a NumPy datetime64, a date (its start) or an
    ISO 8601 string; without a time zone, it is UTC.

    Examples
    --------
    >>> moment("created_after", date(2026, 11, 23))
    '2026-11-23T00:00:00'
    >>> moment("created_after", "2026-11-23T12:00:00+02:00")
    '2026-11-23T10:00:00'
    """
    if value is None:
        return None
    parsed = value.astype("M8[us]").item() if _is_of_numpy(value, "datetime64") else value
    reason = ""
    if isinstance(value, str):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError as error:
            parsed, reason = None, "" if "isoformat" in str(error) else f" ({error})"
    if isinstance(parsed, date) and not isinstance(parsed, datetime):
        parsed = datetime.combine(parsed, time())
    if not isinstance(parsed, datetime) or parsed != parsed:  # NaT is a datetime
        raise InvalidInput(
            f"{name} must be a datetime, a date or a string such as '2026-11-23T12:00:00', got "
            f"{shown(value)}{reason}.",
            field=name,
        )
    try:
        parsed = parsed if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (OverflowError, ValueError):
        raise invalid(name, "within the years 1 to 9999 in UTC", value) from None
    return parsed.replace(tzinfo=None).isoformat(timespec="seconds")


def sort(value: Any, sortable: tuple[str, ...]) -> str | None:
    """Return a sort order; reject fields that LEIA cannot sort by."""
    if value is None:
        return None
    fields = value.split(",") if isinstance(value, str) else texts("sort", value) or []
    fields = [field.strip() for field in fields]
    for field in fields:
        if field.removeprefix("-") not in sortable:
            raise InvalidInput(
                f"Cannot sort by {field!r}. Sort by {', '.join(sortable)}; a leading '-' sorts in "
                "descending order.",
                field="sort",
            )
    return ",".join(fields)


def json_object(name: str, value: Any) -> dict[str, Any] | None:
    """Return an object parameter such as `model_params`."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise invalid(name, "a dict with strings as keys", value)
    return dict(json_value(name, value))


def headers(name: str, value: Any) -> dict[str, str] | None:
    """Return HTTP headers: strings without line breaks."""
    valid = json_object(name, value)
    if valid is not None and not all(
        isinstance(text, str) and (key + text).isprintable() for key, text in valid.items()
    ):
        raise InvalidInput(f"{name} must be a dict of strings without line breaks.", field=name)
    return valid


def web_address(name: str, value: Any) -> str | None:
    """Return an HTTP(S) URL, e.g. `callback_url`."""
    valid = text(name, value)
    if valid is None or (valid.startswith(("http://", "https://")) and valid.isprintable()):
        return valid
    raise invalid(name, "an HTTP(S) URL such as 'https://example.org/jobs'", valid)


def json_value(name: str, value: Any) -> Any:
    """Return any JSON value, with NumPy's numbers and arrays converted to Python's."""
    try:
        encoded = json.dumps(value, allow_nan=False, ensure_ascii=False, default=_from_numpy)
        encoded.encode()
    except (TypeError, ValueError, RecursionError) as error:
        reason = "it contains NaN or infinity" if "Out of range" in str(error) else error
        raise InvalidInput(
            f"{name} cannot be sent as JSON: {reason}. Use dicts, lists, strings and numbers.",
            field=name,
        ) from None
    return json.loads(encoded)


def _from_numpy(value: Any) -> Any:
    """Return a NumPy number, boolean or array as Python's."""
    if _is_of_numpy(value, "datetime64", "timedelta64") or not _is_of_numpy(value):
        raise TypeError(f"it contains {with_article(type(value).__name__)}")
    return value.tolist()


def _is_of_numpy(value: Any, *names: str) -> bool:
    kind = type(value)
    return kind.__module__ == "numpy" and (not names or kind.__name__ in names)
