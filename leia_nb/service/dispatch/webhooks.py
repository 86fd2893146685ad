"""Callbacks: a finished Job is POSTed to its `callback_url`."""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests

from leia_nb.service.queue import callbacks
from leia_nb.service.queue.callbacks import CALLBACK_DONE
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.serializers import job_json
from leia_nb.service.storage.tables import Job

DELAYS = (1.0, 4.0, 16.0, 64.0)  # seconds between one try and the next
_TIMEOUTS = (5.0, 10.0)  # seconds to wait for the connection, and for the response
_DELIVERED = (200, 204)
_MOST_FAST = 8
_MOST_THREADS = 64
_SLOW_SECONDS = 1.0
_log = logging.getLogger(__name__)


class WebhookSender:
    """Delivers callbacks, each in its own thread, so that a slow receiver delays no other.

    A callback is given up after five tries; a restarted service makes the remaining ones.
    Deliveries that take longer than `slow_after` seconds do not count towards the eight that
    may be under way. `wake` is called, from any thread, when a delivery has ended.
    """

    def __init__(
        self,
        database: Database,
        wake: Callable[[], None],
        *,
        delays: Sequence[float] = DELAYS,
        timeouts: tuple[float, float] = _TIMEOUTS,
        slow_after: float = _SLOW_SECONDS,
    ) -> None:
        self._database = database
        self._wake = wake
        self._delays = tuple(delays)
        self._timeouts = timeouts
        self._slow_after = slow_after
        self._due: dict[str, float] = {}
        self._started: dict[str, float] = {}
        self._lock = threading.Lock()
        self._stopped = False

    def send_due(self) -> bool:
        """Start the deliveries that are due; return whether any callback is pending."""
        pending = callbacks.pending_callbacks(self._database)
        for job_id in pending:
            if self._begin(job_id):
                threading.Thread(target=self._deliver, args=(job_id,), daemon=True).start()
        return bool(pending)

    def stop(self) -> None:
        """Stop writing to the database; deliveries under way are not recorded."""
        with self._lock:
            self._stopped = True

    def _begin(self, job_id: str) -> bool:
        with self._lock:
            if job_id in self._started or not self._has_capacity():
                return False
            if self._due.get(job_id, 0.0) > time.monotonic():
                return False
            self._started[job_id] = time.monotonic()
            return True

    def _has_capacity(self) -> bool:
        slow_before = time.monotonic() - self._slow_after
        fast = sum(started > slow_before for started in self._started.values())
        return fast < _MOST_FAST and len(self._started) < _MOST_THREADS

    def _deliver(self, job_id: str) -> None:
        try:
            if (pending := callbacks.pending_callback(self._database, job_id)) is not None:
                job, application = pending
                is_reduced = application is not None and application.reduce_callback_payloads
                self._try_once(job, {"result": None} if is_reduced else {})
        except Exception:
            if not self._stopped:
                _log.exception("cannot deliver the callback of job %s", job_id)
                self._due[job_id] = time.monotonic() + self._delays[-1]
        finally:
            with self._lock:
                self._started.pop(job_id, None)
            self._wake()

    def _try_once(self, job: Job, overrides: Mapping[str, Any]) -> None:
        url = job.callback_url or ""
        headers = job.request.get("callback_headers") or {}
        problem = post(url, {**job_json(job), **overrides}, headers, self._timeouts)
        tries = job.callback_tries + 1
        if problem is None or tries > len(self._delays):
            self._record(job.id, CALLBACK_DONE)
            self._due.pop(job.id, None)
            outcome = "delivered" if problem is None else f"given up: {problem}"
            _log.info("callback of job %s to %s: %s (try %d)", job.id, _host(url), outcome, tries)
        else:
            self._due[job.id] = time.monotonic() + self._delays[tries - 1]
            self._record(job.id, tries)

    def _record(self, job_id: str, tries: int) -> None:
        with self._lock:
            if not self._stopped:
                callbacks.record_callback(self._database, job_id, tries)


def post(
    url: str, body: Mapping[str, Any], headers: Mapping[str, str], timeouts: tuple[float, float]
) -> str | None:
    """POST a JSON body once, without following redirects; return the problem, if any.

    It never contains the URL or the headers, which may hold secrets.
    """
    with requests.Session() as session:
        session.trust_env = not _is_loopback(url)
        # Otherwise a password would be looked up in a .netrc file.
        session.auth = lambda request: request
        try:
            with session.post(
                url,
                json=body,
                headers=headers,
                timeout=timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                status = response.status_code
        except (requests.RequestException, ValueError) as error:
            return type(error).__name__
    return None if status in _DELIVERED else f"the response was {status}"


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"


def _is_loopback(url: str) -> bool:
    host = _host(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
