"""The gate every request passes: it counts, logs, limits JSON bodies and drains uploads."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leia_nb.service.api_errors import ApiError
from leia_nb.service.routes.error_handlers import answer

MOST_JSON = 16 * 1024 * 1024
_KEY_IN_PATH = re.compile(r"(/login/).+", re.DOTALL)
_log = logging.getLogger("leia_nb.service.access")


class Activity:
    """How busy the service is with requests.

    Examples
    --------
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
        """Note that a request has begun."""
        with self._lock:
            self._open += 1

    def end(self) -> None:
        """Note that a request is over."""
        with self._lock:
            self._open -= 1
        self.touch()

    def touch(self) -> None:
        """Start counting the idle seconds anew."""
        self._last = time.monotonic()

    def idle_seconds(self) -> float:
        """Return for how many seconds there has been no request; 0 while there is one."""
        with self._lock:
            return 0.0 if self._open else time.monotonic() - self._last


class Gate:
    """ASGI middleware in front of the whole application.

    Parameters
    ----------
    app : ASGI application
        What is behind it.
    activity : Activity
        Where requests are counted.
    """

    def __init__(self, app: ASGIApp, activity: Activity) -> None:
        self._app = app
        self._activity = activity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = _Passage(scope, receive, send)
        self._activity.begin()
        try:
            await passage.run(self._app)
        except asyncio.CancelledError:  # the server ends and waits no longer
            await passage.cut_off()
        finally:
            self._activity.end()
            passage.log()


class _Passage:
    """One request on its way through the gate."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        headers = dict(scope["headers"])
        self._is_upload = scope["method"] == "POST" and scope["path"].endswith(
            ("/document", "/model")
        )
        self._waits_for_go = headers.get(b"expect", b"").lower() == b"100-continue"
        length = headers.get(b"content-length", b"0")
        self._declared = int(length) if length.isdigit() else 0
        self._begun = time.perf_counter()
        self._body_over = not (self._declared or b"transfer-encoding" in headers)
        self._asked_for_body = False
        self._received = 0
        self._status = 0

    async def run(self, app: ASGIApp) -> None:
        if not self._is_upload and self._declared > MOST_JSON:
            await answer(_too_large())(self._scope, self.receive, self.send)
            return
        await app(self._scope, self.receive, self.send)

    async def cut_off(self) -> None:
        """Say that the service is ending, if nothing has been answered yet."""
        self._body_over = True
        if not self._status:
            await answer(_ending())(self._scope, self._receive, self.send)

    async def receive(self) -> Message:
        self._asked_for_body = True
        message = await self._receive()
        if message["type"] != "http.request":
            self._body_over = True
            return message
        self._body_over = not message.get("more_body", False)
        self._received += len(message.get("body", b""))
        if not self._is_upload and self._received > MOST_JSON:
            raise HTTPException(413, _too_large().message)
        return message

    async def send(self, message: Message) -> None:
        """Pass on an answer; its end waits until the rest of the body is thrown away.

        A client that is still sending reads its answer only when it has finished. One
        that waits for "100 Continue" has not begun, and need not.
        """
        if message["type"] == "http.response.start":
            self._status = message["status"]
        last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if last and not self._body_over and (self._asked_for_body or not self._waits_for_go):
            await self._send({**message, "more_body": True})
            await self._drain()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    async def _drain(self) -> None:
        while not self._body_over:
            message = await self._receive()
            self._body_over = message["type"] != "http.request" or not message.get("more_body")

    def log(self) -> None:
        level = logging.DEBUG if self._is_quiet() else logging.INFO
        path = _KEY_IN_PATH.sub(r"\1***", self._scope["path"])
        took = 1000 * (time.perf_counter() - self._begun)
        shown = "".join(c if c.isprintable() else "?" for c in path)
        _log.log(level, "%s %s %s %.0f ms", self._scope["method"], shown, self._status, took)

    def _is_quiet(self) -> bool:
        return self._scope["method"] == "GET" and 200 <= self._status < 400


def _ending() -> ApiError:
    message = "The service is ending, and nothing of this was done. Send it again when it is back."
    return ApiError(503, "service_ending", message)


def _too_large() -> ApiError:
    return ApiError(
        413,
        "body_too_large",
        f"The body of this call is longer than {MOST_JSON // 2**20} MiB. Send less.",
        "body",
    )
