"""A request before it goes out, and how long one waits for its answer."""

from __future__ import annotations

import ipaddress
import json
import os
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from leia_nb.api.operations import EXTENSIONS, OPERATIONS, Operation
from leia_nb.errors import InvalidInput, LeiaError

LOGIN = "login_application_post"
OLD_LOGIN = "login_application"
_LOGINS = (LOGIN, OLD_LOGIN)
_PATH = re.compile(r"[/~.\\]|[A-Za-z]:[\\/]")  # how a path begins, and no address


@dataclass(frozen=True)
class RetryPolicy:
    """How long a call waits and how often it is sent again. All times in seconds.

    Parameters
    ----------
    connect : float
        For a connection to be made. With a file, `read` counts instead: the limit also
        holds for sending each block, and a line may be slow.
    read : float
        For the next bytes of an answer.
    upload : float
        For the answer after a file has been sent.
    retries : int
        How often a read is sent again.
    first_delay, longest_delay : float
        Before the first retry and at most; the delay doubles, with up to half of it
        taken off at random. A ``Retry-After`` longer than `longest_delay` is cut.
    deadline : float
        For all tries of one read together.
    """

    connect: float = 10.0
    read: float = 60.0
    upload: float = 300.0
    retries: int = 4
    first_delay: float = 0.2
    longest_delay: float = 10.0
    deadline: float = 180.0


class Upload(Protocol):
    """A file to send: `len` bytes, read in blocks, from the start again if need be."""

    failure: LeiaError | None

    def __len__(self) -> int: ...

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end."""

    def rewind(self) -> None:
        """Start again."""


@dataclass(frozen=True)
class Request:
    """A request, before it is known at which address and with which token it goes out.

    Parameters
    ----------
    operation : Operation
        What is asked.
    target : str
        Path and query.
    headers : mapping
        Headers of its own.
    body : bytes, optional
        A JSON body.
    upload : Upload, optional
        A file as body.
    stream : bool
        Whether the answer is a file.
    within : float, optional
        Seconds that a read may take, all tries together.
    secret : str
        What an error page must not show.
    """

    operation: Operation
    target: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    upload: Upload | None = None
    stream: bool = False
    within: float | None = None
    secret: str = field(default="", repr=False)

    @classmethod
    def login(cls, api_key: str, *, in_address: bool = False) -> Request:
        """Make the request that logs in with this key, in the body or, older, in the address."""
        key = usable_key(api_key)
        if in_address:
            return replace(cls.of(OLD_LOGIN, {"api_key": key}), secret=key)
        return replace(cls.of(LOGIN, content={"api_key": key}), secret=key)

    @classmethod
    def of(
        cls,
        name: str,
        values: Mapping[str, Any] | None = None,
        *,
        content: Any = None,
        upload: Upload | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        within: float | None = None,
    ) -> Request:
        """Make the request of an operation; `content` is sent as JSON, None sends no body."""
        operation = OPERATIONS.get(name) or EXTENSIONS[name]
        own, body = dict(headers or {}), None
        if content is not None:
            own["Content-Type"] = "application/json"
            body = json.dumps(content, allow_nan=False).encode()
        elif upload is not None:
            own["Content-Type"] = "application/octet-stream"
        if stream:
            own["Accept-Encoding"] = "identity"
        target = operation.target(values or {})
        return cls(operation, target, own, body, upload, stream, within)

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again: a read, or the login."""
        return self.operation.method == "GET" or self.operation.name in _LOGINS

    @property
    def anonymous(self) -> bool:
        """Whether it goes out without a token."""
        return self.operation.name in (*_LOGINS, "health_check")


class Clock:
    """Counts the tries of one order and the time it takes."""

    def __init__(self, patience: RetryPolicy, order: Request) -> None:
        self._patience = patience
        self._tries = 0
        limit = patience.deadline if order.within is None else min(order.within, patience.deadline)
        self._end = time.monotonic() + limit if order.repeatable else None
        uploads = order.upload is not None
        self._read = patience.upload if uploads else patience.read
        self._connect = patience.read if uploads else patience.connect

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self._end is not None and time.monotonic() >= self._end

    def timeouts(self) -> tuple[float, float]:
        """Return the seconds for connecting and for the next bytes."""
        left = self._read if self._end is None else max(0.05, self._end - time.monotonic())
        return min(self._connect, left), min(self._read, left)

    def sleep(self, retry_after: float | None) -> bool:
        """Wait before the next try; say no if there is no next try."""
        delay = min(self._patience.first_delay * 2**self._tries, self._patience.longest_delay)
        delay *= random.uniform(0.5, 1.0)  # noqa: S311 - spreads tries, keeps no secret
        if retry_after is not None:
            delay = max(delay, min(retry_after, self._patience.longest_delay))
        self._tries += 1
        if self._tries > self._patience.retries:
            return False
        if self._end is not None and time.monotonic() + delay >= self._end:
            return False
        time.sleep(delay)
        return True


def base_address(url: str) -> str:
    """Return a service's base address without a slash at its end; raise `InvalidInput` if none."""
    if not isinstance(url, str):
        raise InvalidInput(
            f"The address is {type(url).__name__}. Give a base address such as "
            f"'https://api.leia.io/leia/1.0.0'.{_folder_advice(url)}",
            field="url",
        )
    wrong = _fault_of(url.strip())
    if wrong is None:
        return url.strip().rstrip("/")
    raise InvalidInput(
        f"The address {_without_secrets(url.strip())!r} {wrong}. Give a base address such as "
        f"'https://api.leia.io/leia/1.0.0', and the key as api_key.{_folder_advice(url)}",
        field="url",
    )


def _folder_advice(url: Any) -> str:
    """Say how to name a folder, if that is what stands in place of an address."""
    is_path = isinstance(url, os.PathLike) or (isinstance(url, str) and _PATH.match(url.strip()))
    return " For a data folder: connect(data_dir=…)." if is_path else ""


def usable_key(api_key: Any) -> str:
    """Return an API key that can be sent; raise `InvalidInput`, without showing it, if not."""
    if not isinstance(api_key, str):
        raise InvalidInput(f"api_key is {type(api_key).__name__}. Give a text.", field="api_key")
    if any("\ud800" <= sign <= "\udfff" for sign in api_key):
        raise InvalidInput(
            "api_key holds a character that cannot be sent. Copy the key anew.", field="api_key"
        )
    return api_key


def _fault_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        hostname, _ = parts.hostname, parts.port
        url.encode()
    except ValueError:
        return "is malformed"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or password"
    if parts.scheme not in ("http", "https") or not hostname or not url.isprintable():
        return "is no http(s) address"
    return "has a query or a fragment" if parts.query or parts.fragment else None


def _without_secrets(url: str) -> str:
    """Return an address without what may be a password in it, or a key in its query."""
    before, sign, rest = url.rpartition("@")
    scheme = before.partition("://")[0] + "://" if "://" in before else ""
    return f"{scheme}***@{rest}".split("?")[0].split("#")[0] if sign else re.split("[?#]", url)[0]


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
