"""Receiving a file: written to disk in blocks, all or nothing."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from leia_nb.service.api_errors import ApiError, invalid
from leia_nb.service.disk_errors import is_full
from leia_nb.service.storage.blobs import Blobs, Upload

BLOCK = 1024 * 1024


def storage_full() -> ApiError:
    """Return the 507 for a full disk."""
    return ApiError(
        507,
        "storage_full",
        "The service's disk, or its share of it, is full; nothing was saved. Delete documents or "
        "models, or free disk space, and send the request again.",
    )


@asynccontextmanager
async def receive_file(
    request: Request, blobs: Blobs, *, is_base64: bool = False
) -> AsyncIterator[Upload]:
    """Receive a request's body as a file: completely, else 507, 400 or `ClientDisconnect`."""
    declared = _declared_length(request)
    if (declared or 0) > blobs.free_bytes():
        raise storage_full()
    sink = _Sink(blobs.new_upload(), is_base64=is_base64)
    try:
        await _write_blocks(request, sink)
        if declared is not None and sink.received != declared:
            raise ClientDisconnect
        yield await run_in_threadpool(sink.finish)
    except OSError as error:
        if not is_full(error):
            raise
        sink.discard()
        await run_in_threadpool(blobs.release_reserve)
        raise storage_full() from error
    finally:
        sink.discard()


async def _write_blocks(request: Request, sink: _Sink) -> None:
    """Write one block in a thread while the next one arrives."""
    writing: asyncio.Future[None] | None = None
    block = bytearray()
    try:
        async for chunk in request.stream():
            block += chunk
            if len(block) >= BLOCK:
                if writing is not None:
                    await writing
                writing = asyncio.ensure_future(run_in_threadpool(sink.write, block))
                block = bytearray()
    finally:
        if writing is not None:
            await writing
    await run_in_threadpool(sink.write, block)


def _declared_length(request: Request) -> int | None:
    text = request.headers.get("content-length", "")
    return int(text) if text.isdecimal() else None


class _Sink:
    """The file being received."""

    def __init__(self, path: Path, *, is_base64: bool) -> None:
        self.received = 0
        self._path = path
        self._is_base64 = is_base64
        self._remainder = b""
        self._size = 0
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._in_use = threading.Lock()
        self._file = path.open("xb", buffering=0)

    def write(self, block: bytes | bytearray) -> None:
        self.received += len(block)
        data = self._decoded(bytes(block)) if self._is_base64 else block
        with self._in_use:
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
        self._md5.update(data)
        self._size += len(data)

    def finish(self) -> Upload:
        if self._remainder:
            raise _malformed_base64()
        os.fsync(self._file.fileno())
        self._file.close()
        return Upload(self._path, self._md5.hexdigest(), self._size)

    def discard(self) -> None:
        with self._in_use:  # a canceled request may leave a write under way in its thread
            self._file.close()
        self._path.unlink(missing_ok=True)

    def _decoded(self, block: bytes) -> bytes:
        text = self._remainder + b"".join(block.split())
        whole = len(text) - len(text) % 4
        self._remainder = text[whole:]
        try:
            return base64.b64decode(text[:whole], validate=True)
        except binascii.Error:
            raise _malformed_base64() from None


def _malformed_base64() -> ApiError:
    return invalid(
        "expected a Base64 body because of b64, got something else. Send the bytes without "
        "b64, or correct the body.",
        "body",
    )
