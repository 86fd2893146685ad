"""What is checked before anything is sent, and how values are put on the wire."""

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

_BEYOND = 2**63
_SHORT_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def text(name: str, value: Any, *, needed: bool = False) -> str | None:
    """Return a text parameter; refuse other types and, if it is `needed`, an empty one."""
    if value is None and not needed:
        return None
    if not isinstance(value, str):
        raise InvalidInput(f"{name} is {type(value).__name__}. Give a text.", field=name)
    if needed and not value.strip():
        raise InvalidInput(f"{name} is empty. Give one.", field=name)
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise InvalidInput(
            f"{name} {shown(value)} holds half a character (a lone surrogate), which cannot be "
            "sent. Give another text.",
            field=name,
        )
    return value


def shown(value: Any) -> str:
    """Return how a message shows a value, whatever it is: at most 100 characters."""
    try:
        found = repr(value)
    except Exception:
        found = f"a value of type {type(value).__name__}"
    if "\n" in found:  # a frame or a column
        return with_article(type(value).__name__)
    return found if len(found) <= 100 else f"{found[:99]}…"


def whole_number(
    name: str, value: Any, *, least: int | None = None, most: int | None = None
) -> int | None:
    """Return a whole-number parameter; refuse others, and those below `least` or above `most`."""
    if value is None:
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or isinstance(value, bool) or number != value:
        raise InvalidInput(f"{name} is {shown(value)}. Give a whole number.", field=name)
    if least is not None and number < least:
        raise InvalidInput(f"{name} is {shown(number)}. Give {least} or more.", field=name)
    if most is not None and number > most:
        raise InvalidInput(f"{name} is {shown(number)}. Give {most} or less.", field=name)
    if abs(number) >= _BEYOND:
        raise InvalidInput(f"{name} is {shown(number)}, beyond 64 bits. Give less.", field=name)
    return number


def amount(name: str, value: Any) -> float | None:
    """Return a number above 0, e.g. of cores or gigabytes; refuse others."""
    if value is None:
        return None
    if type(value).__name__ in ("bool", "bool_") or not isinstance(value, Real):
        raise InvalidInput(f"{name} is {shown(value)}. Give a number.", field=name)
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not 0 < found < _BEYOND:
        raise InvalidInput(f"{name} is {shown(value)}. Give a number above 0.", field=name)
    return found


def seconds(name: str, value: Any) -> float | None:
    """Return a duration; refuse what is no number. None and infinity mean without end."""
    if value is None:
        return None
    if type(value) is bool or not isinstance(value, Real) or value != value:
        raise InvalidInput(f"{name} is {shown(value)}. Give a number of seconds.", field=name)
    try:
        found = float(value)
    except OverflowError:
        return None
    return None if found == math.inf else found


def yes_no(name: str, value: Any) -> bool | None:
    """Return a yes/no parameter."""
    if value is None or value is True or value is False:
        return value
    if type(value).__name__ in ("bool", "bool_"):  # numpy's
        return bool(value)
    raise InvalidInput(f"{name} is {shown(value)}. Give True or False.", field=name)


def texts(name: str, value: Any) -> list[str] | None:
    """Return a list parameter, e.g. tags; a single text counts as a list of one."""
    if value is None:
        return None
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, Iterable) or isinstance(values, Mapping | bytes | Table):
        raise InvalidInput(f"{name} is {shown(value)}. Give a list of texts.", field=name)
    found = list(values)
    for one in found:
        if not isinstance(one, str):
            raise InvalidInput(f"{name} holds {shown(one)}. Give a list of texts.", field=name)
    return [str(text(name, one, needed=True)) for one in found]


@runtime_checkable
class Table(Protocol):
    """A DataFrame, whose elements are the names of its columns."""

    columns: Any


def tag(value: Any, name: str = "tag") -> str:
    """Return a tag that can be part of an address."""
    found = str(text(name, value, needed=True))
    if found in (".", ".."):
        raise InvalidInput(
            f"{name} {found!r} cannot be part of an address. Use another tag.", field=name
        )
    return found


def one_of(
    name: str, value: Any, enumeration: type[StrEnum], *, needed: bool = False
) -> str | None:
    """Return an enumeration's wire value; refuse what it does not have."""
    if value is None and not needed:
        return None
    try:
        return enumeration(value).value
    except ValueError:
        pass
    choices = ", ".join(repr(member.value) for member in enumeration)
    raise InvalidInput(f"{name} {_not_one(value)}. Choose from {choices}.", field=name)


def _not_one(value: Any) -> str:
    if value is None:
        return "is missing"
    if isinstance(value, list | tuple | set | frozenset):
        return f"{shown(value)} is a {type(value).__name__}, but takes one at a time"
    return f"{shown(value)} is unknown"


def some_of(name: str, value: Any, enumeration: type[StrEnum]) -> list[str] | None:
    """Return several wire values of an enumeration."""
    values = texts(name, value)
    return None if values is None else [str(one_of(name, one, enumeration)) for one in values]


def short_name(value: Any) -> str | None:
    """Return a model's short name: 1 to 100 letters, digits, dots, dashes, underscores."""
    found = text("short_name", value)
    if found is None or (_SHORT_NAME.fullmatch(found) and found.strip(".")):
        return found
    raise InvalidInput(
        f"short_name {found!r} has a wrong form. Use 1 to 100 letters, digits, dots, dashes and "
        "underscores, e.g. 'digits-v1'.",
        field="short_name",
    )


def page_range(value: Any, execute_after_id: str | None) -> str | None:
    """Return a page range; refuse a malformed one, and one without `execute_after_id`."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidPageRange(
            f"page_range is {shown(value)}. Give a text: pages counted from 0 and Python slices, "
            "separated by commas, e.g. '0,2:5,-1'.",
            code="page_range_malformed",
            field="page_range",
        )
    found = value
    try:
        page_ranges.parse(found)
    except page_ranges.PageRangeError as error:
        raise InvalidPageRange(
            str(error), code="page_range_malformed", field="page_range"
        ) from None
    if execute_after_id is None:
        raise InvalidPageRange(
            f"page_range {found!r} picks pages out of another job's results, but execute_after_id "
            "is not given. Name that job, or leave out page_range.",
            code="page_range_without_job",
            field="page_range",
        )
    return found


def changes(values: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a change; refuse it if none of them is given."""
    if all(value is None for value in values.values()):
        raise InvalidInput(
            f"Nothing is given that is to change. Give at least one of {', '.join(values)}.",
            field=next(iter(values)),
        )
    return values


def moment(name: str, value: Any) -> str | None:
    """Return a time as LEIA writes it: UTC, without zone.

    A datetime, a Timestamp of pandas, a datetime64 of NumPy, a date (its beginning) or an
    ISO 8601 text; without a zone it counts as UTC.

    Examples
    --------
    >>> moment("created_after", date(2026, 11, 23))
    '2026-11-23T00:00:00'
    >>> moment("created_after", "2026-11-23T12:00:00+02:00")
    '2026-11-23T10:00:00'
    """
    if value is None:
        return None
    found = value.astype("M8[us]").item() if _is_of_numpy(value, "datetime64") else value
    why = ""
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError as error:
            found, why = None, "" if "isoformat" in str(error) else f": {error}"
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime.combine(found, time())
    if not isinstance(found, datetime) or found != found:
        raise InvalidInput(
            f"{name} is {shown(value)}{why}. Give a datetime, a date or a text such as "
            "'2026-11-23T12:00:00'.",
            field=name,
        )
    try:
        found = found if found.tzinfo is None else found.astimezone(UTC)
    except (OverflowError, ValueError):
        raise InvalidInput(
            f"{name} {shown(value)} is outside the years 1 to 9999 in UTC. Give another time.",
            field=name,
        ) from None
    return found.replace(tzinfo=None).isoformat(timespec="seconds")


def sort(value: Any, sortable: tuple[str, ...]) -> str | None:
    """Return a sort order; refuse fields that LEIA cannot sort by."""
    if value is None:
        return None
    given = value.split(",") if isinstance(value, str) else texts("sort", value) or []
    parts = [part.strip() for part in given]
    for part in parts:
        if part.removeprefix("-") not in sortable:
            raise InvalidInput(
                f"sort field {part!r} is unknown. LEIA sorts by {', '.join(sortable)}; put '-' in "
                "front for descending.",
                field="sort",
            )
    return ",".join(parts)


def json_object(name: str, value: Any) -> dict[str, Any] | None:
    """Return an object parameter such as `model_params`."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise InvalidInput(f"{name} is {shown(value)}. Give a dict with texts as keys.", field=name)
    return dict(json_value(name, value))


def headers(name: str, value: Any) -> dict[str, str] | None:
    """Return HTTP headers: texts on one line each."""
    found = json_object(name, value)
    if found is not None and not all(
        isinstance(text, str) and (key + text).isprintable() for key, text in found.items()
    ):
        raise InvalidInput(f"{name} must be texts, each on one line.", field=name)
    return found


def web_address(name: str, value: Any) -> str | None:
    """Return an http(s) address, e.g. `callback_url`."""
    found = text(name, value)
    if found is None or (found.startswith(("http://", "https://")) and found.isprintable()):
        return found
    raise InvalidInput(f"{name} {found!r} is no http(s) address. Give a whole one.", field=name)


def json_value(name: str, value: Any) -> Any:
    """Return free JSON, with NumPy's numbers and arrays as Python's; refuse what is none."""
    try:
        sent = json.dumps(value, allow_nan=False, ensure_ascii=False, default=_of_numpy)
        sent.encode()
    except (TypeError, ValueError, RecursionError) as error:
        why = "it holds nan or inf" if "Out of range" in str(error) else error
        raise InvalidInput(
            f"{name} cannot be sent as JSON: {why}. Use dicts, lists, texts and numbers.",
            field=name,
        ) from None
    return json.loads(sent)


def _of_numpy(value: Any) -> Any:
    """Return a number, a yes/no or an array of NumPy as JSON has it."""
    if _is_of_numpy(value, "datetime64", "timedelta64") or not _is_of_numpy(value):
        raise TypeError(f"it holds {with_article(type(value).__name__)}")
    return value.tolist()


def _is_of_numpy(value: Any, *names: str) -> bool:
    kind = type(value)
    return kind.__module__ == "numpy" and (not names or kind.__name__ in names)
