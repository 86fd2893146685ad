"""A request for an operation, before the URL and the token it is sent with are known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from leia_nb.api.operations import EXTENSIONS, OPERATIONS, Operation
from leia_nb.transport.credentials import check_api_key
from leia_nb.transport.uploads import UploadBody

_LOGIN = "login_application_post"
_LOGIN_IN_URL = "login_application"


@dataclass(frozen=True)
class Request:
    """An operation with its parameters, headers and body."""

    operation: Operation
    target: str = field(repr=False)  # path and query
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    upload: UploadBody | None = None
    stream: bool = False  # the response is a file
    deadline: float | None = None  # seconds for a read, retries included
    empty_on_404: bool = False
    secret: str = field(default="", repr=False)  # masked in error pages

    @classmethod
    def build(
        cls,
        name: str,
        values: Mapping[str, Any] | None = None,
        *,
        content: Any = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Request:
        """Build the request for an operation; `content` becomes a JSON body, None no body."""
        operation = OPERATIONS.get(name) or EXTENSIONS[name]
        all_headers, body = dict(headers or {}), None
        if content is not None:
            all_headers["Content-Type"] = "application/json"
            body = json.dumps(content, allow_nan=False).encode()
        elif options.get("upload") is not None:
            all_headers["Content-Type"] = "application/octet-stream"
        if options.get("stream"):
            all_headers["Accept-Encoding"] = "identity"
        return cls(operation, operation.target(values or {}), all_headers, body, **options)

    @classmethod
    def login(cls, api_key: str, *, key_in_url: bool = False) -> Request:
        """Build the login request, with the key in the body or, for older services, in the URL."""
        key = check_api_key(api_key)
        if key_in_url:
            return replace(cls.build(_LOGIN_IN_URL, {"api_key": key}), secret=key)
        return replace(cls.build(_LOGIN, content={"api_key": key}), secret=key)

    @property
    def is_login(self) -> bool:
        """Whether it logs in."""
        return self.operation.name in (_LOGIN, _LOGIN_IN_URL)

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again: a read, or the login."""
        return self.operation.method == "GET" or self.is_login

    @property
    def anonymous(self) -> bool:
        """Whether it is sent without a token."""
        return self.is_login or self.operation.name == "health_check"
