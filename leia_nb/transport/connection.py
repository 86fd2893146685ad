"""The connections to LEIA: one attempt at a request. The only client module that uses requests."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from leia_nb.errors import LeiaError
from leia_nb.transport.request import Request
from leia_nb.transport.response import Response
from leia_nb.transport.retry_policy import Attempts
from leia_nb.transport.transport_errors import Failure, failure
from leia_nb.version import __version__

_POOL_SIZE = 32
_STALE_SECONDS = 3.0  # a connection idle for longer may have been closed without our knowing
_BLOCK = 1024 * 1024
_READ = 64 * 1024
_MAX_BODY = 512 * 1024 * 1024
_EXCEPTIONS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


@dataclass(frozen=True)
class Stream(Response):
    """A response whose body is read block by block, in a ``with`` block."""

    source: requests.Response = field(kw_only=True, repr=False)
    to_error: Callable[[Exception], LeiaError] = field(kw_only=True, repr=False)

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.source.close()

    def blocks(self) -> Iterator[bytes]:
        """Yield the body in blocks of at most 1 MiB."""
        while block := self._next():
            yield block

    def _next(self) -> bytes:
        try:
            return self.source.raw.read1(_BLOCK, decode_content=True) or b""
        except _EXCEPTIONS as exception:
            error = self.to_error(exception)
        raise error


class Connection:
    """A pool of connections that several threads may use at once."""

    def __init__(self) -> None:
        self._http = _new_pool()
        self._last_used = 0.0

    def send(
        self, request: Request, url: str, token: str | None, attempts: Attempts
    ) -> Response | Failure:
        """Send a request once."""
        # A failure is returned: a raised exception would hold these frames, with the token.
        try:
            return self._send(request, url, token, attempts)
        except _EXCEPTIONS as exception:
            return failure(request, exception, url)

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._http.close()

    def _send(self, request: Request, url: str, token: str | None, attempts: Attempts) -> Response:
        if request.upload is not None:
            request.upload.rewind()
        http = self._pool(request)
        prepared = http.prepare_request(
            requests.Request(
                request.operation.method,
                url + request.target,
                headers={**request.headers, **({"token": token} if token else {})},
                data=request.body if request.upload is None else request.upload,
            )
        )
        source = http.send(
            prepared, timeout=attempts.timeouts(), allow_redirects=False, **self._environment(url)
        )
        self._last_used = time.monotonic()
        status, headers = source.status_code, source.headers
        if status >= 500 and self._http is http:
            self._http = _new_pool()  # a service may close the connection after such a response
        if request.stream and status in (200, 206):
            return Stream(
                status,
                headers,
                source=source,
                to_error=lambda exception: failure(request, exception, url).error,
            )
        with source:
            response = Response(status, headers, _read(source.raw, attempts))
        if status >= 300 or not response.is_json:  # an error page may quote the request
            return response.masked(token or request.secret)
        return response

    def _pool(self, request: Request) -> requests.Session:
        """Return the pool; a fresh one for a change, if connections may have died unnoticed."""
        if not request.repeatable and time.monotonic() - self._last_used > _STALE_SECONDS:
            self._last_used = time.monotonic()
            self._http = _new_pool()  # other threads may still use the old one
        return self._http

    def _environment(self, url: str) -> dict[str, Any]:
        """Return proxies and certificates from the environment; loopback uses no proxy."""
        settings = dict(self._http.merge_environment_settings(url, {}, True, None, None))
        if _is_loopback(url):
            settings["proxies"] = {}
        return settings


def _read(raw: urllib3.BaseHTTPResponse, attempts: Attempts) -> bytes:
    """Read a body, within the deadline and up to a maximum size."""
    body = bytearray()
    while block := raw.read1(_READ, decode_content=True):
        body += block
        if len(body) > _MAX_BODY:
            raise urllib3.exceptions.ProtocolError("the response is too large")
        if attempts.expired:
            raise TimeoutError("the response takes too long")
    return bytes(body)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, blocksize=_BLOCK)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from reading .netrc: the token is the only credential."""
    return request


def _new_pool() -> requests.Session:
    http = requests.Session()
    adapter = _Adapter(pool_connections=4, pool_maxsize=_POOL_SIZE)
    http.mount("http://", adapter)
    http.mount("https://", adapter)
    http.auth = _no_auth
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    http.headers["User-Agent"] = f"leia_nb/{__version__}"
    http.headers["Accept-Encoding"] = "gzip"
    return http
