"""Waiting for jobs: how often to ask, what to survive, when to stop.

One function decides; it is a generator of pauses, so that waiting in a thread and
waiting with ``await`` are the same code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from leia_nb.enums import JobStatus
from leia_nb.errors import LeiaError, UnknownJob, WaitTimeout

MOST_IDS = 100
"""Ids that one status call asks for at most."""

Statuses = dict[str, JobStatus | str]
Ask = Callable[[list[str], float | None], Statuses]


@dataclass(frozen=True)
class PollingPolicy:
    """How often to ask. All times in seconds.

    Parameters
    ----------
    first, longest : float
        The first pause, and the longest one.
    growth : float
        By what a pause is longer than the one before.
    outage : float
        How long LEIA may be unreachable without a break before the waiting gives up.
    """

    first: float = 0.1
    longest: float = 5.0
    growth: float = 1.4
    outage: float = 900.0


def is_over(status: JobStatus | str | None) -> bool:
    """Whether a job in this status never changes again.

    Examples
    --------
    >>> is_over(JobStatus.FAILED), is_over("A_NEW_ONE"), is_over(None)
    (True, False, False)
    """
    return isinstance(status, JobStatus) and status.is_over


def watch(
    ask: Ask,
    known: Statuses,
    *,
    timeout: float | None = None,
    rhythm: PollingPolicy | None = None,
) -> Iterator[float]:
    """Ask until every job is over; give the pause to make before each next question.

    Parameters
    ----------
    ask : callable
        Takes at most 100 ids and the seconds that it may take (None: as long as it
        likes), returns their statuses.
    known : dict
        The jobs' statuses so far, by id; it is kept up to date.
    timeout : float, optional
        Seconds after which to stop; default: never.
    rhythm : PollingPolicy, optional
        How often to ask.

    Yields
    ------
    float
        Seconds to wait now.

    Raises
    ------
    WaitTimeout
        If jobs are not over in time. They go on.
    UnknownJob
        If LEIA does not know one of the jobs.
    LeiaError
        If LEIA refuses, or cannot be reached for a long time.
    """
    rhythm = rhythm or PollingPolicy()
    end = None if timeout is None else time.monotonic() + timeout
    pause, silent_since = rhythm.first, None
    while pending := [job_id for job_id, status in known.items() if not is_over(status)]:
        before = dict(known)
        left = None if end is None else max(0.05, end - time.monotonic())
        try:
            for some in _portions(pending):
                known.update(_answered(ask(some, left), some))
            silent_since = None
        except LeiaError as error:
            silent_since = silent_since or time.monotonic()
            if not error.retryable or time.monotonic() - silent_since > rhythm.outage:
                raise
        pending = [job_id for job_id in pending if not is_over(known[job_id])]
        if not pending:
            return
        moved = len(known) == 1 and known != before
        pause = rhythm.first if moved else min(pause * rhythm.growth, rhythm.longest)
        if end is not None:
            if time.monotonic() >= end:
                raise _timed_out(pending, known, timeout)
            pause = min(pause, max(0.0, end - time.monotonic()))
        yield pause


def resume_line(job_ids: list[str]) -> str:
    """Return the line of Python that goes on waiting for these jobs.

    Examples
    --------
    >>> resume_line(["5f"])
    "leia.jobs.get('5f').wait()"
    """
    if len(job_ids) == 1:
        return f"leia.jobs.get({job_ids[0]!r}).wait()"
    return f"leia.jobs.wait({job_ids!r})"


def goes_on(pending: list[str], known: Statuses) -> str:
    """Say what becomes of jobs that nobody waits for any more, and how to wait again.

    Examples
    --------
    >>> goes_on(["5f"], {"5f": JobStatus.PROCESSING})
    "The job goes on. To wait again: leia.jobs.get('5f').wait()"
    >>> goes_on(["5f"], {"5f": JobStatus.BLOCKED})
    "The job is blocked until leia.jobs.start('5f'). To wait again: leia.jobs.get('5f').wait()"
    """
    again = f"To wait again: {resume_line(pending)}"
    blocked = [job_id for job_id in pending if known.get(job_id) == JobStatus.BLOCKED]
    if blocked:
        which = "The job is" if len(pending) == 1 else f"{len(blocked)} of the jobs are"
        return f"{which} blocked until leia.jobs.start({blocked[0]!r}). {again}"
    which = "The job goes" if len(pending) == 1 else f"{len(pending)} jobs go"
    return f"{which} on. {again}"


def _portions(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS))


def _answered(statuses: Statuses, asked: list[str]) -> Statuses:
    missing = [job_id for job_id in asked if job_id not in statuses]
    if missing:
        raise UnknownJob(
            f"LEIA says nothing of job {missing[0]!r}. Check the id, and that this application may "
            "see the job.",
            code="unknown_job",
        )
    return {job_id: statuses[job_id] for job_id in asked}


def _timed_out(pending: list[str], known: Statuses, timeout: float | None) -> WaitTimeout:
    which = f"Job {pending[0]} is" if len(pending) == 1 else f"{len(pending)} jobs are"
    stage = f" ({known[pending[0]]})" if len(pending) == 1 else ""
    return WaitTimeout(
        f"{which} not over after {timeout:g} s{stage}. {goes_on(pending, known)}",
        job_ids=tuple(pending),
    )
