"""A complete response: status, headers, JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from urllib3 import HTTPHeaderDict

_RANGE = re.compile(r"^(?:\w+ )?(\d+)-(\d+)/(\d+)$")


@dataclass(frozen=True)
class Response:
    """A response with its decoded body; header names are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)

    def masked(self, secret: str) -> Response:
        """Return it with a secret masked, however a page may have encoded it."""
        forms = {secret, json.dumps(secret)[1:-1], html.escape(secret), quote(secret, safe="")}
        body, headers = self.body, dict(self.headers)
        for form in sorted(forms - {""}, key=len, reverse=True):
            body = body.replace(form.encode(), b"***")
            headers = {name: value.replace(form, "***") for name, value in headers.items()}
        return replace(self, body=body, headers=HTTPHeaderDict(headers))

    @cached_property
    def content(self) -> Any:
        """The decoded JSON; None if the body is empty or not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def is_empty(self) -> bool:
        """Whether the body is blank."""
        return not self.body.strip()

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON."""
        return self.content is not None or self.body.strip() == b"null"

    @property
    def is_truncated(self) -> bool:
        """Whether a body that is not JSON is only the beginning of one."""
        has_end = "Content-Length" in self.headers or "Transfer-Encoding" in self.headers
        return self.is_empty or (not has_end and self.body.strip()[:1] in (b"{", b"["))

    @property
    def total(self) -> int | None:
        """How many rows a listing has in all, from ``Content-Range``; None if not given."""
        match = _RANGE.match(self.headers.get("Content-Range", "").strip())
        return int(match[3]) if match else None

    @property
    def page_limit(self) -> int | None:
        """The most rows a page holds, from ``Accept-Range``; None if not given."""
        words = self.headers.get("Accept-Range", "").split()
        return int(words[-1]) if words and words[-1].isdigit() and int(words[-1]) else None

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, from ``Retry-After``; None if not given."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdigit():
            return float(value)
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
