"""How long a request may take and how often it is sent again."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from leia_nb.transport.request import Request


@dataclass(frozen=True)
class RetryPolicy:
    """Timeouts and retries. All times are in seconds.

    Parameters
    ----------
    connect : float, default 10
        Timeout for opening a connection. For an upload, `read` applies instead, because
        this timeout also limits the sending of each block.
    read : float, default 60
        Timeout for the next bytes of a response.
    upload : float, default 300
        Timeout for the response to an upload.
    retries : int, default 4
        How often a read is sent again.
    first_delay, longest_delay : float, default 0.2 and 10
        Delay before the first retry, and the longest one. The delay doubles with each
        retry, minus a random part of up to half of it. A longer ``Retry-After`` is cut
        to `longest_delay`.
    deadline : float, default 180
        Total time for one read, retries included.
    """

    connect: float = 10.0
    read: float = 60.0
    upload: float = 300.0
    retries: int = 4
    first_delay: float = 0.2
    longest_delay: float = 10.0
    deadline: float = 180.0


class Attempts:
    """Counts the attempts at one request and keeps its deadline."""

    def __init__(self, policy: RetryPolicy, request: Request) -> None:
        self._policy = policy
        self._repeatable = request.repeatable
        self._count = 0
        limit = policy.deadline
        if request.deadline is not None:
            limit = min(request.deadline, limit)
        self._end = time.monotonic() + limit if request.repeatable else None
        has_file = request.upload is not None
        self._read = policy.upload if has_file else policy.read
        self._connect = policy.read if has_file else policy.connect

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return self._end is not None and time.monotonic() >= self._end

    def timeouts(self) -> tuple[float, float]:
        """Return the timeouts for connecting and for the next bytes."""
        left = self._read if self._end is None else max(0.05, self._end - time.monotonic())
        return min(self._connect, left), min(self._read, left)

    def pause(self, retry_after: float | None) -> bool:
        """Sleep before the next attempt; return False if there is none left."""
        delay = min(self._policy.first_delay * 2**self._count, self._policy.longest_delay)
        delay *= random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
        if retry_after is not None:
            delay = max(delay, min(retry_after, self._policy.longest_delay))
        self._count += 1
        if not self._repeatable or self._count > self._policy.retries:
            return False
        if self._end is not None and time.monotonic() + delay >= self._end:
            return False
        time.sleep(delay)
        return True
