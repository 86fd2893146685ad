"""How often to request the statuses of jobs, which errors to survive, when to stop.

`watch` is a generator of pauses, so that a thread, ``await`` and a form poll by the same code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from leia_nb.enums import JobStatus
from leia_nb.errors import LeiaError, UnknownJob, WaitTimeout

MAX_IDS = 100
"""Most ids in one status call."""

Statuses = dict[str, JobStatus | str]
Ask = Callable[[list[str], float | None], Statuses]
"""Takes at most `MAX_IDS` ids and the seconds the call may take; returns their statuses."""


@dataclass(frozen=True)
class PollingPolicy:
    """The pauses between two requests, and the longest outage to survive, in seconds."""

    first: float = 0.1
    longest: float = 5.0
    growth: float = 1.4
    outage: float = 900.0


def is_over(status: JobStatus | str | None) -> bool:
    """Return whether this status is final.

    Examples
    --------
    >>> is_over(JobStatus.FAILED), is_over("A_NEW_ONE"), is_over(None)
    (True, False, False)
    """
    return isinstance(status, JobStatus) and status.is_over


def watch(
    ask: Ask,
    statuses: Statuses,
    *,
    timeout: float | None = None,
    policy: PollingPolicy | None = None,
) -> Iterator[float]:
    """Update `statuses` until all jobs have ended; yield the pause before each next request.

    Raises
    ------
    WaitTimeout
        If jobs have not ended in time; they keep running.
    UnknownJob
        If LEIA does not know one of the jobs.
    LeiaError
        If LEIA rejects the request, or stays unreachable for longer than `PollingPolicy.outage`.
    """
    policy = policy or PollingPolicy()
    deadline = None if timeout is None else time.monotonic() + timeout
    pause, outage_start = policy.first, None
    while pending := _pending(statuses):
        before = dict(statuses)
        within = None if deadline is None else max(0.05, deadline - time.monotonic())
        try:
            for batch in batches(pending):
                statuses.update(_complete(ask(batch, within), batch))
            outage_start = None
        except LeiaError as error:
            outage_start = outage_start or time.monotonic()
            if not error.retryable or time.monotonic() - outage_start > policy.outage:
                raise
        pending = _pending(statuses)
        if not pending:
            return
        # A single job that moves on will soon move again; many jobs always move.
        moved = len(statuses) == 1 and statuses != before
        pause = policy.first if moved else min(pause * policy.growth, policy.longest)
        if deadline is not None:
            if time.monotonic() >= deadline:
                raise _timed_out(pending, statuses, timeout)
            pause = min(pause, max(0.0, deadline - time.monotonic()))
        yield pause


def _pending(statuses: Statuses) -> list[str]:
    return [job_id for job_id, status in statuses.items() if not is_over(status)]


def resume_line(job_ids: list[str]) -> str:
    """Return the line of Python that resumes waiting for these jobs.

    Examples
    --------
    >>> resume_line(["5f"])
    "leia.jobs.get('5f').wait()"
    """
    if len(job_ids) == 1:
        return f"leia.jobs.get({job_ids[0]!r}).wait()"
    return f"leia.jobs.wait({job_ids!r})"


def how_to_resume(statuses: Statuses) -> str:
    """Return the advice for an interrupted wait; "" if all jobs have ended.

    Examples
    --------
    >>> how_to_resume({"5f": JobStatus.PROCESSING})
    "The job keeps running. To resume waiting: leia.jobs.get('5f').wait()"
    """
    pending = _pending(statuses)
    if not pending:
        return ""
    state = "The job keeps running" if len(pending) == 1 else f"{len(pending)} jobs keep running"
    blocked = [job_id for job_id in pending if statuses[job_id] == JobStatus.BLOCKED]
    if blocked:
        state = f"Blocked until leia.jobs.start({blocked[0]!r})"
    return f"{state}. To resume waiting: {resume_line(pending)}"


def batches(ids: list[str]) -> Iterable[list[str]]:
    """Split ids into as many lists as calls are needed."""
    return (ids[start : start + MAX_IDS] for start in range(0, len(ids), MAX_IDS))


def _complete(statuses: Statuses, requested: list[str]) -> Statuses:
    missing = [job_id for job_id in requested if job_id not in statuses]
    if missing:
        raise UnknownJob(
            f"LEIA returned no status for job {missing[0]!r}. Check the id, and whether this "
            "application may see the job.",
            code="unknown_job",
        )
    return {job_id: statuses[job_id] for job_id in requested}


def _timed_out(pending: list[str], statuses: Statuses, timeout: float | None) -> WaitTimeout:
    subject, stage = f"{len(pending)} jobs have", ""
    if len(pending) == 1:
        subject, stage = f"Job {pending[0]} has", f" ({statuses[pending[0]]})"
    return WaitTimeout(
        f"{subject} not finished after {timeout:g} s{stage}. {how_to_resume(statuses)}",
        job_ids=tuple(pending),
    )
