"""Follow a job inside a form: its stage, a cancel button, its result."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from leia_nb.errors import LeiaError, NotReady
from leia_nb.resources.job import polling
from leia_nb.resources.job.handle import Job, status_reader

if TYPE_CHECKING:
    from leia_nb.widgets.forms.result_panel import ResultPanel

_TICK = 0.5


def follow(
    job: Job,
    outcome: ResultPanel,
    closed: threading.Event,
    woken: threading.Event | None = None,
) -> Any:
    """Show a job's stages until it is over; return its result.

    Parameters
    ----------
    job : Job
        The job.
    outcome : ResultPanel
        Where to show it.
    closed : threading.Event
        Set when nobody looks any more.
    woken : threading.Event, optional
        Set when the job has been changed here, so that LEIA is asked at once.

    Raises
    ------
    JobFailed, JobCanceled
        If it has no result.
    NotReady
        If nobody looks any more; the job goes on.
    """
    woken = woken or threading.Event()
    outcome.on_cancel(lambda: in_background(_cancel, job, outcome, woken))
    statuses: polling.Statuses = {job.id: ""}
    for pause in polling.watch(status_reader([job]), statuses):
        _pass_time(pause, statuses[job.id], outcome, woken, closed)
        if closed.is_set():
            raise NotReady(
                f"The form was closed while job {job.id} was going on. The job goes on; wait for "
                f"it with {polling.resume_line([job.id])}"
            )
    return job.wait(progress=False)  # asks for the result only: the job is over


def _pass_time(
    seconds: float,
    status: Any,
    outcome: ResultPanel,
    woken: threading.Event,
    closed: threading.Event,
) -> None:
    end = time.monotonic() + seconds
    while not closed.is_set():
        outcome.stage(status)
        left = end - time.monotonic()
        if left <= 0 or woken.wait(min(left, _TICK)):
            break
    woken.clear()


def _cancel(job: Job, outcome: ResultPanel, woken: threading.Event) -> None:
    try:
        job.cancel()
    except LeiaError as error:
        outcome.say(str(error))
        outcome.cancel_button.disabled = False
    woken.set()


def in_background(function: Callable[..., object], *arguments: Any) -> None:
    """Call a function in a thread, so that the kernel stays free."""
    threading.Thread(target=function, args=arguments, daemon=True).start()
