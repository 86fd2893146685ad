"""Waiting for jobs: asking for the statuses of many at once, until all are over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leia_nb.enums import JobStatus, known
from leia_nb.errors import UnexpectedAnswer
from leia_nb.records.progress import jobs_bar, sleep_with
from leia_nb.resources.base import Resource
from leia_nb.resources.job import polling
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import Reference

if TYPE_CHECKING:
    from leia_nb.resources.job.handle import Job
    from leia_nb.transport.session import Session


def wait_for(
    session: Session,
    jobs: list[Job],
    *,
    timeout: float | None = None,
    progress: bool = True,
    rhythm: polling.PollingPolicy | None = None,
) -> polling.Statuses:
    """Wait until all of these jobs are over.

    Parameters
    ----------
    session : Session
        The login that they are asked with.
    jobs : list of Job
        The jobs.
    timeout : float, optional
        Seconds after which to stop; default: never.
    progress : bool
        Whether to show a bar.
    rhythm : PollingPolicy, optional
        How often to ask.

    Returns
    -------
    dict
        How each ended, by id.

    Raises
    ------
    InvalidInput
        If `timeout` is no number.
    WaitTimeout
        If they are not over in time; they go on.
    """
    statuses: polling.Statuses = {job.id: "" for job in jobs}
    limit = validators.seconds("timeout", timeout)
    steps = polling.watch(asker(session, jobs), statuses, timeout=limit, rhythm=rhythm)
    with resumable(statuses):
        pause = next(steps, None)  # what is refused here leaves no empty bar
        with jobs_bar(list(statuses), progress=progress) as bar:
            while pause is not None:
                bar.show(statuses)
                if progress:
                    sleep_with(bar, pause)
                else:
                    time.sleep(pause)
                pause = next(steps, None)
            bar.show(statuses)
    for job in jobs:
        job._seen = statuses[job.id]
    return statuses


def read_statuses(
    session: Session,
    found: Iterable[Reference],
    *,
    scope: str | None = None,
    within: float | None = None,
) -> polling.Statuses:
    """Ask for the statuses of jobs, at most 100 ids a call.

    LEIA operation: `get_job_statuses`.

    Parameters
    ----------
    session : Session
        The login that they are asked with.
    found : iterable of Reference
        The jobs.
    scope : "admin" or "plain", optional
        Which call to use; default: what the login is.
    within : float, optional
        Seconds that each call may take.

    Returns
    -------
    dict
        The statuses by id.
    """
    owners: dict[str | None, list[str]] = {}
    for one in found:
        owners.setdefault(one.application_id, []).append(one.id)
    statuses: polling.Statuses = {}
    for owner, ids in owners.items():
        for start in range(0, len(ids), polling.MOST_IDS):
            some = ids[start : start + polling.MOST_IDS]
            told = Resource(session)._call(
                "get_job_statuses", {"job_ids": some}, owner=owner, scope=scope, within=within
            )
            if not isinstance(told, dict):
                raise UnexpectedAnswer("LEIA answered get_job_statuses with no map of statuses.")
            statuses |= {str(i): known(JobStatus, str(status)) for i, status in told.items()}
    return statuses


def asker(session: Session, jobs: list[Job]) -> polling.Ask:
    """Return what asks for the statuses of these jobs, each with the call that is its own."""
    handles = {job.id: job for job in jobs}

    def ask(ids: list[str], within: float | None) -> polling.Statuses:
        asked = [handles[one] for one in ids]
        statuses: polling.Statuses = {}
        for scope in dict.fromkeys(job.scope for job in asked):
            some = [job.reference for job in asked if job.scope == scope]
            statuses |= read_statuses(session, some, scope=scope, within=within)
        return statuses

    return ask


@contextmanager
def resumable(statuses: polling.Statuses) -> Iterator[None]:
    """Print the line that goes on waiting, if the waiting is interrupted."""
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError):
        pending = [job_id for job_id, status in statuses.items() if not polling.is_over(status)]
        if pending:
            print(polling.goes_on(pending, statuses))  # noqa: T201 - promised
        raise
