"""Callbacks: the Job is POSTed to its `callback_url` when it is over."""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy import select, update

from leia_nb.enums import JobStatus
from leia_nb.service.queue import CALLBACK_DONE
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.serializers import job_json
from leia_nb.service.storage.tables import Application, Job

DELAYS = (1.0, 4.0, 16.0, 64.0)
_TIMEOUTS = (5.0, 10.0)
_DELIVERED = (200, 204)
_MOST_AT_ONCE = 8
_MOST_THREADS = 64
_SLOW_SECONDS = 1.0
_OVER = [str(s) for s in JobStatus if s.is_over]
_log = logging.getLogger(__name__)


class WebhookSender:
    """Delivers callbacks, each in a thread of its own, so that a slow one delays no other.

    Those that were tried least come first, lest one whose receiver is dead delays others.
    Only the answers 200 and 204 count as delivered. After five tries, 1, 4, 16 and 64
    seconds apart, a callback is given up. A service that is stopped meanwhile goes on
    with the tries that are left when it starts again. The result is left out for
    applications with `reduce_callback_payloads`.

    Parameters
    ----------
    database : Database
        Where the jobs are.
    wake : callable
        Called, from any thread, when a delivery has ended.
    delays : sequence of float
        Seconds between one try and the next.
    timeouts : tuple of float
        Seconds to wait for the connection, and for an answer.
    slow_after : float
        Seconds after which a delivery under way no longer counts among the eight that
        are made at once.
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
        self._under_way: dict[str, float] = {}
        self._lock = threading.Lock()
        self._stopped = False

    def turn(self) -> bool:
        """Start the deliveries that are due.

        Returns
        -------
        bool
            Whether there are callbacks that are not delivered yet.
        """
        pending = self._pending()
        for job_id in pending:
            if self._begin(job_id):
                name = f"callback-{job_id}"
                threading.Thread(
                    target=self._deliver, args=(job_id,), name=name, daemon=True
                ).start()
        return bool(pending)

    def stop(self) -> None:
        """Write nothing any more; deliveries under way end without a trace."""
        with self._lock:
            self._stopped = True

    def _pending(self) -> list[str]:
        waiting = (
            select(Job.id)
            .where(Job.callback_tries > CALLBACK_DONE, Job.status.in_(_OVER))
            .order_by(Job.callback_tries, Job.finished_time, Job.id)
            .limit(1000)
        )
        with self._database.read() as session:
            return list(session.scalars(waiting))

    def _begin(self, job_id: str) -> bool:
        with self._lock:
            if job_id in self._under_way or not self._has_room():
                return False
            if self._due.get(job_id, 0.0) > time.monotonic():
                return False
            self._under_way[job_id] = time.monotonic()
            return True

    def _has_room(self) -> bool:
        """Tell whether another delivery may begin; slow receivers keep no other waiting."""
        since = time.monotonic() - self._slow_after
        quick = sum(begun > since for begun in self._under_way.values())
        return quick < _MOST_AT_ONCE and len(self._under_way) < _MOST_THREADS

    def _deliver(self, job_id: str) -> None:
        try:
            with self._database.read() as session:
                job = session.get(Job, job_id)
                owner = session.get(Application, job.application_id) if job else None
            if job and job.callback_url and job.callback_tries > CALLBACK_DONE:
                reduced = owner is not None and owner.reduce_callback_payloads
                self._try_once(job, job.callback_url, reduced=reduced)
        except Exception:
            if not self._stopped:
                _log.exception("the callback of job %s cannot be delivered", job_id)
                self._due[job_id] = time.monotonic() + self._delays[-1]
        finally:
            with self._lock:
                self._under_way.pop(job_id, None)
            self._wake()

    def _try_once(self, job: Job, url: str, *, reduced: bool) -> None:
        headers = job.request.get("callback_headers") or {}
        body = job_json(job) | ({"result": None} if reduced else {})
        trouble = post(url, body, headers, self._timeouts)
        tries = job.callback_tries + 1
        if trouble is None or tries > len(self._delays):
            self._record(job.id, CALLBACK_DONE)
            self._due.pop(job.id, None)
            done = "delivered" if trouble is None else f"given up, {trouble}"
            _log.info("callback of job %s to %s: %s (try %d)", job.id, _host(url), done, tries)
        else:
            self._due[job.id] = time.monotonic() + self._delays[tries - 1]
            self._record(job.id, tries)

    def _record(self, job_id: str, tries: int) -> None:
        with self._lock:
            if self._stopped:
                return
            with self._database.write() as session:
                session.execute(update(Job).where(Job.id == job_id).values(callback_tries=tries))


def post(
    url: str, body: Mapping[str, Any], headers: Mapping[str, str], timeouts: tuple[float, float]
) -> str | None:
    """POST a JSON body once; redirects are not followed.

    Parameters
    ----------
    url : str
        Where to.
    body : mapping
        What.
    headers : mapping of str to str
        More headers.
    timeouts : tuple of float
        Seconds to wait for the connection, and for an answer.

    Returns
    -------
    str or None
        What went wrong, without the URL and the headers (they may hold secrets); None
        if the answer was 200 or 204.
    """
    with requests.Session() as session:
        session.trust_env = not _is_loopback(url)
        session.auth = _no_auth
        try:
            with session.post(
                url,
                json=body,
                headers=dict(headers),
                timeout=timeouts,
                allow_redirects=False,
                stream=True,
            ) as answer:
                status = answer.status_code
        except (requests.RequestException, ValueError) as error:
            return type(error).__name__
    return None if status in _DELIVERED else f"it was answered with {status}"


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from looking up a password in a .netrc file."""
    return request


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"


def _is_loopback(url: str) -> bool:
    host = _host(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
