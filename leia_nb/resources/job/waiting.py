"""Waiting for jobs, in a thread or with ``await``, with a bar."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from leia_nb.records.progress import jobs_progress_bar, sleep_and_refresh
from leia_nb.resources.job import polling
from leia_nb.resources.parameters import validators


def wait(
    ask: polling.Ask,
    job_ids: Iterable[str],
    *,
    timeout: float | None = None,
    progress: bool = True,
) -> polling.Statuses:
    """Wait until all jobs have ended; return their statuses, or raise `WaitTimeout`."""
    statuses: polling.Statuses = dict.fromkeys(job_ids, "")
    steps = polling.watch(ask, statuses, timeout=validators.seconds("timeout", timeout))
    with _resumable(statuses):
        pause = next(steps, None)  # before the bar opens: an error leaves no empty bar
        with jobs_progress_bar(list(statuses), progress=progress) as bar:
            while pause is not None:
                bar.show(statuses)
                if progress:
                    sleep_and_refresh(bar, pause)
                else:
                    time.sleep(pause)
                pause = next(steps, None)
            bar.show(statuses)
    return statuses


async def wait_async(ask: polling.Ask, job_ids: Iterable[str]) -> polling.Statuses:
    """Do the same as `wait` without blocking the event loop."""
    statuses: polling.Statuses = dict.fromkeys(job_ids, "")
    steps = polling.watch(ask, statuses)
    with _resumable(statuses):
        pause = await asyncio.to_thread(next, steps, None)
        with jobs_progress_bar(list(statuses)) as bar:
            while pause is not None:
                bar.show(statuses)
                await asyncio.sleep(pause)
                pause = await asyncio.to_thread(next, steps, None)
            bar.show(statuses)
    return statuses


@contextmanager
def _resumable(statuses: polling.Statuses) -> Iterator[None]:
    """Print the line that resumes an interrupted wait."""
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError):
        if message := polling.how_to_resume(statuses):
            print(message)  # noqa: T201 - promised
        raise
