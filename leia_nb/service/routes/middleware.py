"""What every request passes: counting, logging, limits of JSON bodies, draining of uploads."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from leia_nb.service.api_errors import ApiError, invalid
from leia_nb.service.routes.error_handlers import error_response

MAX_JSON = 16 * 1024 * 1024
_KEY_IN_PATH = re.compile(r"(/login/).+", re.DOTALL)
_SHUTTING_DOWN = ApiError(
    503,
    "service_ending",
    "The service is shutting down, and nothing was done. Send the request again later.",
)
_TOO_LARGE = ApiError(
    413,
    "body_too_large",
    f"expected a body of at most {MAX_JSON // 2**20} MiB. Send less.",
    "body",
)
_log = logging.getLogger("leia_nb.service.access")


class Activity:
    """How busy the service is with requests.

    >>> activity = Activity()
    >>> activity.begin()
    >>> activity.idle_seconds()
    0.0
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._last = time.monotonic()

    def begin(self) -> None:
        """Count a request as open."""
        with self._lock:
            self._open += 1

    def end(self) -> None:
        """Count a request as finished."""
        with self._lock:
            self._open -= 1
        self.touch()

    def touch(self) -> None:
        """Restart the count of idle seconds."""
        self._last = time.monotonic()

    def idle_seconds(self) -> float:
        """Return the seconds since the last request; 0 while one is open."""
        with self._lock:
            return 0.0 if self._open else time.monotonic() - self._last


class RequestMiddleware:
    """ASGI middleware in front of the whole application."""

    def __init__(self, app: ASGIApp, activity: Activity) -> None:
        self._app = app
        self._activity = activity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        handled = _Request(scope, receive, send)
        self._activity.begin()
        try:
            await handled.run(self._app)
        except asyncio.CancelledError:  # the server shuts down and waits no longer
            await handled.abort()
        finally:
            self._activity.end()
            handled.log()


class _Request:
    """One request on its way through the middleware."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        headers = dict(scope["headers"])
        self._is_upload = scope["method"] == "POST" and scope["path"].endswith(
            ("/document", "/model")
        )
        self._expects_continue = headers.get(b"expect", b"").lower() == b"100-continue"
        length = headers.get(b"content-length", b"0")
        self._declared = int(length) if length.isdigit() else 0
        self._started = time.perf_counter()
        self._body_over = not (self._declared or b"transfer-encoding" in headers)
        self._body_requested = False
        self._received = 0
        self._status = 0

    async def run(self, app: ASGIApp) -> None:
        if not self._is_upload and self._declared > MAX_JSON:
            await error_response(_TOO_LARGE)(self._scope, self.receive, self.send)
            return
        await app(self._scope, self.receive, self.send)

    async def abort(self) -> None:
        """Respond that the service is shutting down, unless a response has begun."""
        self._body_over = True
        if not self._status:
            await error_response(_SHUTTING_DOWN)(self._scope, self._receive, self.send)

    async def receive(self) -> Message:
        self._body_requested = True
        message = await self._receive()
        if message["type"] != "http.request":
            self._body_over = True
            return message
        self._body_over = not message.get("more_body", False)
        self._received += len(message.get("body", b""))
        if not self._is_upload and self._received > MAX_JSON:
            raise HTTPException(413, _TOO_LARGE.message)
        return message

    async def send(self, message: Message) -> None:
        """Send a response; its end waits until the rest of the request's body is discarded."""
        # A client that is still sending reads its response only when it has finished. One
        # that waits for "100 Continue" has not begun to send, and need not.
        if message["type"] == "http.response.start":
            self._status = message["status"]
        last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if last and not self._body_over and (self._body_requested or not self._expects_continue):
            await self._send({**message, "more_body": True})
            await self._drain()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    async def _drain(self) -> None:
        while not self._body_over:
            message = await self._receive()
            self._body_over = message["type"] != "http.request" or not message.get("more_body")

    def log(self) -> None:
        is_quiet = self._scope["method"] == "GET" and 200 <= self._status < 400
        level = logging.DEBUG if is_quiet else logging.INFO
        path = _KEY_IN_PATH.sub(r"\1***", self._scope["path"])
        duration = 1000 * (time.perf_counter() - self._started)
        printable = "".join(c if c.isprintable() else "?" for c in path)
        _log.log(
            level, "%s %s %s %.0f ms", self._scope["method"], printable, self._status, duration
        )


class Protocol(HttpToolsProtocol):
    """Uvicorn's protocol, but a request that is not HTTP gets a JSON response, too."""

    def send_400_response(self, msg: str) -> None:
        """Respond with 400 and close; Uvicorn has logged `msg`."""
        del msg
        message = (
            "The request cannot be parsed as HTTP. Its first line with the whole query may have "
            "64 KiB: send longer parameters in a JSON body, or in several requests."
        )
        response = error_response(invalid(message))
        response.headers["Connection"] = "close"
        head = [b"HTTP/1.1 400 Bad Request", *(b": ".join(pair) for pair in response.raw_headers)]
        self.transport.write(b"\r\n".join([*head, b"", bytes(response.body)]))
        self.transport.close()
