"""Constrained types: what a value must be, for the checks and for the OpenAPI document."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler
from pydantic import WithJsonSchema as JsonSchema

from leia_nb.api import page_range
from leia_nb.service.api_errors import bad, invalid
from leia_nb.service.json_nesting import MOST_LEVELS, is_deeper

MAX_TEXT = 100_000
MAX_FILTER = MAX_NAME = 1000
MAX_TAG = MAX_FILENAME = 255
MAX_EMAIL = 254
MIN_TTL = 60
MAX_INT = 2**31 - 1

_ID = re.compile(r"[0-9a-f]{24}")
_SHORT_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_HEADER_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SPACE_FOR_PLUS = re.compile(r"(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) (\d{2}:?\d{2})$")


@dataclass(frozen=True, eq=False)
class _Constraint(AfterValidator):
    keywords: dict[str, Any]

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **self.keywords}


def constraint(check: Callable[[Any], Any] = lambda value: value, **keywords: Any) -> _Constraint:
    """Return what a value must be beyond its type: a check, and JSON Schema keywords for it."""
    return _Constraint(check, keywords)


def check_text(text: str, maximum: int = MAX_TEXT) -> str:
    """Return a string that can be stored and sent again."""
    if len(text) > maximum:
        raise invalid(f"expected at most {maximum:,} characters, got {len(text):,}.")
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
        raise invalid("it contains NUL or a lone surrogate. Remove it.")
    return text


def check_tag(tag: str) -> str:
    """Return a tag that every call can name; no URL can name ``.`` and ``..``."""
    if not tag.strip() or len(tag) > MAX_TAG or tag in {".", ".."} or has_control(tag):
        raise invalid(
            f"{tag[:40]!r} is not a valid tag. Use 1 to {MAX_TAG} characters, no control "
            "characters, and not '.' or '..'.",
        )
    return tag


def check_id(text: str) -> str:
    """Return a string that has the form of an id."""
    if not is_id(text):
        raise invalid(f"expected 24 hexadecimal digits, got {text[:60]!r}.")
    return text


def check_name(name: str, code: str = "invalid_parameter") -> str:
    """Return a name that is not blank."""
    if not name.strip():
        raise bad(code, f"the name is empty. Use 1 to {MAX_NAME:,} characters.")
    return check_text(name, MAX_NAME)


def check_short_name(name: str) -> str:
    """Return a short name; empty means that there is none."""
    if name and not (_SHORT_NAME.fullmatch(name) and name.strip(".") and not is_id(name)):
        raise bad(
            "short_name_invalid",
            f"{name[:120]!r} is not a valid short name. Use 1 to 100 of the characters "
            "A-Z a-z 0-9 . _ - that are not just dots and do not look like an id.",
        )
    return name


def check_filename(filename: str) -> str:
    """Return a file's name without the folders before it."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if name in {"", ".", ".."} or len(name) > MAX_FILENAME or has_control(name):
        raise invalid(
            f"{filename[:120]!r} is not a valid file name. Use 1 to {MAX_FILENAME} characters "
            "without control characters, such as 'page.png'.",
        )
    return name


def check_email(email: str) -> str:
    """Return an e-mail address."""
    if len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise invalid(
            f"{email[:60]!r} is not a valid e-mail address. Use one such as ada@example.org.",
        )
    return email


def check_url(url: str) -> str:
    """Return a complete HTTP(S) URL; empty means that there is none."""
    check_text(url)
    try:
        parts = urlsplit(url)
        complete = parts.scheme in {"http", "https"} and bool(parts.hostname)
        complete = complete and (parts.port is None or parts.port > 0) and url.isprintable()
    except ValueError:
        complete = False
    if url and (not complete or " " in url):
        raise invalid(  # The URL itself may contain secrets.
            "expected a complete HTTP(S) URL, such as https://example.org/done.",
        )
    return url


def check_headers(headers: dict[str, str]) -> dict[str, str]:
    """Return HTTP headers without blanks around their values, which `requests` refuses to send."""
    for name, value in headers.items():
        if not (_HEADER_NAME.fullmatch(name) and value.isascii() and value.isprintable()):
            raise invalid(
                f"{name[:40]!r} is not a valid HTTP header. Use letters, digits, '-' and '_' in "
                "names, and printable ASCII in values.",
            )
    return {name: value.strip() for name, value in headers.items()}


def check_page_range(text: str) -> str:
    """Return a page range; empty means all pages."""
    check_text(text)
    try:
        if text:
            page_range.parse(text)
    except page_range.PageRangeError as error:
        raise bad("page_range_malformed", str(error)) from None
    return text


def check_ttl(ttl: int) -> int:
    """Return the time that a document is kept; negative means without limit."""
    if 0 <= ttl < MIN_TTL:
        raise invalid(f"expected at least {MIN_TTL} seconds, got {ttl}.")
    return ttl


def check_json(value: Any, field: str) -> Any:
    """Return a JSON value that can be stored and sent again."""
    if isinstance(value, bytes):  # FastAPI parses a body only if it is declared as JSON
        message = "The body is not declared as JSON. Send JSON, with the header"
        raise invalid(f"{message} 'Content-Type: application/json'.", "body")
    advice = "or send it as a string."
    if is_deeper(value, MOST_LEVELS):
        message = f"{field} is nested more than {MOST_LEVELS} levels deep. Flatten it, {advice}"
        raise invalid(message, field)
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        message = f"{field} contains NaN, Infinity or a lone surrogate. Remove it, {advice}"
        raise invalid(message, field) from None
    return value


def parse_time(value: Any) -> Any:
    """Parse ISO 8601 as UTC without a zone."""
    if not isinstance(value, str):
        return value
    # A "+" that a client did not escape arrives as a space.
    text = _SPACE_FOR_PLUS.sub(r"\1+\2", value)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("expected a time as yyyy-MM-ddThh:mm:ss, in UTC") from None
    try:
        return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise ValueError("expected a time between the years 1 and 9999") from None


def split_ids(text: str) -> list[str]:
    """Return the ids of a comma-separated list, each once, in their order.

    >>> split_ids("b,a,,b")
    ['b', 'a']
    """
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def has_control(text: str) -> bool:
    """Return whether a string contains a control character or a lone surrogate."""
    return any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)


def is_id(text: str) -> bool:
    """Return whether a string has the form of an id.

    >>> is_id("65f0c0ffee65f0c0ffee0001"), is_id("digits-v1")
    (True, False)
    """
    return _ID.fullmatch(text) is not None


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an optional value without null, which no query can contain.

    >>> without_null({"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None})
    {'type': 'integer'}
    """
    options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
    if len(options) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**rest, **options[0]}


def sortable(fields: Sequence[str]) -> _Constraint:
    """Return the constraint of `sort` for a listing that can be sorted by these fields."""

    def check(sort: str) -> str:
        check_text(sort, MAX_FILTER)
        for field in sort.split(",") if sort else ():
            if field.strip().removeprefix("-") not in fields:
                raise invalid(
                    f"cannot sort by {field.strip()[:80]!r}. Choose one of: {', '.join(fields)}.",
                )
        return sort

    column = f"-?({'|'.join(fields)})"
    return constraint(check, maxLength=MAX_FILTER, pattern=f"^({column}(,{column})*)?$")


NO_NUL = r"^[^\u0000]*$"
_CONTROL = r"\u0000-\u001f\u007f-\u009f"
_VISIBLE = rf"[^{_CONTROL}]*[^\s.{_CONTROL}][^{_CONTROL}]*"
_NOT_BLANK = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
PAGE_RANGE = f"^({page_range.PATTERN})?$"

ID = constraint(check_id, pattern="^[0-9a-f]{24}$")
SEGMENT = constraint(pattern="^[^/]+$")
SEGMENTS = constraint(pattern=r"^[^,/\s]+(,[^,/\s]+)*$")

Text = Annotated[str, constraint(check_text, maxLength=MAX_TEXT, pattern=NO_NUL)]
FilterText = Annotated[
    str,
    constraint(partial(check_text, maximum=MAX_FILTER), maxLength=MAX_FILTER, pattern=NO_NUL),
]
ShortText = Annotated[
    str, constraint(partial(check_text, maximum=MAX_TAG), maxLength=MAX_TAG, pattern=NO_NUL)
]
Tag = Annotated[str, constraint(check_tag, minLength=1, maxLength=MAX_TAG, pattern=f"^{_VISIBLE}$")]
OptionalTag = Annotated[
    str,
    constraint(lambda tag: tag and check_tag(tag), maxLength=MAX_TAG, pattern=f"^({_VISIBLE})?$"),
]
Name = Annotated[str, constraint(check_name, maxLength=MAX_NAME, pattern=_NOT_BLANK)]
ModelName = Annotated[
    str,
    constraint(partial(check_name, code="name_empty"), maxLength=MAX_NAME, pattern=_NOT_BLANK),
]
ShortName = Annotated[str, constraint(check_short_name, pattern="^[A-Za-z0-9._-]{0,100}$")]
Filename = Annotated[
    str,
    constraint(
        check_filename,
        minLength=1,
        maxLength=MAX_FILENAME,
        pattern=rf"^[^{_CONTROL}]*[^\s/\\.{_CONTROL}]$",
    ),
]
Email = Annotated[
    str, constraint(check_email, maxLength=MAX_EMAIL, pattern=r"^[!-?A-~]+@[!-?A-~]+$")
]
Url = Annotated[
    str,
    constraint(
        check_url,
        maxLength=MAX_TEXT,
        pattern=r"^(https?://[!-~]+)?$",
        examples=["https://example.org/done"],
    ),
]
Headers = Annotated[
    dict[str, str],
    constraint(
        check_headers,
        propertyNames={"pattern": "^[A-Za-z0-9_-]+$"},
        additionalProperties={"type": "string", "pattern": "^[ -~]*$"},
    ),
]
PageRange = Annotated[
    str,
    constraint(check_page_range, maxLength=MAX_TEXT, pattern=PAGE_RANGE, examples=["0,2:5,-1"]),
]
Time = Annotated[
    datetime,
    BeforeValidator(parse_time),
    JsonSchema(
        {
            "type": "string",
            "format": "date-time-local",
            "maxLength": MAX_FILTER,
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}",
            "examples": ["2026-11-23T16:19:36"],
        }
    ),
]
Int32 = Annotated[int, Field(ge=-MAX_INT, le=MAX_INT)]
Count = Annotated[int, Field(ge=0, le=10**6)]
Amount = Annotated[float, Field(gt=0, le=10**6, allow_inf_nan=False)]
Ttl = Annotated[int, Field(ge=MIN_TTL, le=10**9)]
NewTtl = Annotated[
    int,
    Field(ge=-(10**9), le=10**9),
    constraint(check_ttl, **{"not": {"minimum": 0, "maximum": MIN_TTL - 1}}),
]
