"""A file on its way from LEIA: an answer that is read block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import urllib3

from leia_nb.errors import LeiaError

if TYPE_CHECKING:
    import requests

BLOCK = 1024 * 1024
"""Bytes that are read or sent at once."""


class Stream:
    """An open answer whose body is read in blocks.

    Attributes
    ----------
    status : int
        The HTTP status, 200 or 206.
    headers : mapping
        The answer's headers.
    """

    def __init__(self, response: requests.Response, translate: Callable[[Exception], LeiaError]):
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._translate = translate

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()

    def blocks(self) -> Iterator[bytes]:
        """Give the body in blocks of at most 1 MiB.

        Raises
        ------
        ConnectionFailed, RequestTimeout
            If it breaks off; both are `retryable`.
        """
        while block := self._next():
            yield block

    def _next(self) -> bytes:
        try:
            return self._response.raw.read1(BLOCK, decode_content=True) or b""
        except (urllib3.exceptions.HTTPError, OSError) as caught:
            error = self._translate(caught)
        raise error
