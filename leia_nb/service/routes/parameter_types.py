"""The kinds of values that parameters carry, and how they are read."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from leia_nb.service.api_errors import bad
from leia_nb.service.trainers import MOST_LEVELS, is_deeper

_LARGEST = 2**31 - 1
_SPACE_FOR_PLUS = re.compile(r"(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) (\d{2}:?\d{2})$")


def _read_time(value: Any) -> Any:
    """Read ISO 8601 as UTC without zone.

    A `+` that a client forgot to escape arrives as a space, and is put back.
    """
    if not isinstance(value, str):
        return value
    try:
        time = datetime.fromisoformat(_SPACE_FOR_PLUS.sub(r"\1+\2", value))
    except ValueError:
        raise ValueError("it is no time; write it as yyyy-MM-ddThh:mm:ss, in UTC") from None
    try:
        return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise ValueError("it is out of range") from None


Time = Annotated[datetime, BeforeValidator(_read_time)]
Seconds = Annotated[int, Field(ge=-_LARGEST, le=_LARGEST)]
Amount = Annotated[float, Field(gt=0, le=10**6, allow_inf_nan=False)]


def check_texts(value: Any, most_values: int, longest: int) -> Any:
    """Return a string or a list of strings; raise `ValueError` if it cannot be kept."""
    texts = value if isinstance(value, list) else [value]
    if len(texts) > most_values:
        raise ValueError(f"it has {len(texts)} values; give at most {most_values}")
    for text in texts:
        if not isinstance(text, str):
            continue
        if len(text) > longest:
            raise ValueError(f"it has {len(text)} characters; give at most {longest:,}")
        if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
            raise ValueError("it holds the character NUL or half a surrogate pair")
    return value


class Words(BaseModel):
    """What a call says in words: texts that can be kept and sent again, of bounded length."""

    @field_validator("*", mode="after")
    @classmethod
    def _is_kept(cls, value: Any) -> Any:
        return check_texts(value, 1000, 100_000)


class SaidQuery(Words):
    """What a call is told in the query; an unknown name is refused, lest it be a misspelt one."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())


class FilterQuery(BaseModel):
    """What narrows every listing; an unknown name is refused, lest it ask for nothing."""

    @field_validator("*", mode="after")
    @classmethod
    def _is_bounded(cls, value: Any) -> Any:
        return check_texts(value, 100, 255 if isinstance(value, list) else 1000)

    model_config = ConfigDict(extra="forbid", protected_namespaces=())

    created_after: Time | None = Field(None, description="Created at this time or later (UTC).")
    created_before: Time | None = Field(None, description="Created before this time (UTC).")

    def filters(self) -> dict[str, Any]:
        """Return the filters, by the field names of the storage's filter."""
        return self.model_dump(exclude={"sort", "offset", "limit", "tag_result"})


class ListQuery(FilterQuery):
    """What every listing in pages can be asked."""

    offset: int = Field(0, ge=0, le=2**62, description="Number of the first row, from 0.")
    limit: int | None = Field(None, ge=0, le=2**62, description="Most rows to send.")


class SortedQuery(ListQuery):
    """A listing that can be sorted."""

    sort: str | None = Field(
        None, description="Field names separated by commas; '-' in front = descending."
    )


def clean_json(value: Any, field: str) -> Any:
    """Return a JSON value if it can be kept and sent again.

    Raises
    ------
    Refusal
        400 if it is no JSON, holds NaN, an infinity or half a surrogate pair, or is nested
        deeper than 100 levels.
    """
    if isinstance(value, bytes):  # FastAPI reads a body only if it is declared as JSON
        said = "The body is not declared as JSON."
        advice = "Send JSON, with the header 'Content-Type: application/json'."
        raise bad("invalid_parameter", f"{said} {advice}", "body")
    if is_deeper(value, MOST_LEVELS):
        raise bad(
            "invalid_parameter",
            f"{field} is nested deeper than {MOST_LEVELS} levels. Send it flatter, or as text.",
            field,
        )
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        raise bad(
            "invalid_parameter",
            f"{field} holds what JSON cannot carry: NaN, Infinity or broken Unicode. "
            "Leave it out or send it as text.",
            field,
        ) from None
    return value


def clean_url(url: str | None, field: str = "callback_url") -> str | None:
    """Return the URL if it is a complete http or https one; an empty one is None.

    Raises
    ------
    Refusal
        400 if it is not.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        complete = parts.scheme in {"http", "https"} and bool(parts.hostname)
        complete = complete and (parts.port is None or parts.port > 0) and url.isprintable()
    except ValueError:
        complete = False
    if not complete or " " in url:
        raise bad(
            "invalid_parameter",
            f"{field} is no complete http or https address. Give one such as "
            "https://example.org/done.",
            field,
        )
    return url


def split_ids(text: str) -> list[str]:
    """Return the ids of one comma-separated path segment, each once, in their order.

    Examples
    --------
    >>> split_ids("b,a,,b")
    ['b', 'a']
    """
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
