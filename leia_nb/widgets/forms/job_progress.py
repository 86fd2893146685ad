"""Follow a job in a form: its status, a cancel button, its result."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from leia_nb.errors import LeiaError, NotReady
from leia_nb.resources.job import polling
from leia_nb.resources.job.handle import Job, status_reader
from leia_nb.widgets.common.background import in_thread

if TYPE_CHECKING:
    from leia_nb.widgets.forms.result_panel import ResultPanel

_REDRAW = 0.5  # seconds


def follow(
    job: Job, panel: ResultPanel, closed: threading.Event, job_changed: threading.Event
) -> Any:
    """Show a job's status until it has finished; return its result.

    `closed` is set when the form is closed, which raises `NotReady`; `job_changed` is set when
    the form has changed the job, so that its status is read at once.
    """

    def cancel() -> None:
        try:
            job.cancel()
        except LeiaError as error:
            panel.show_error(str(error))
            panel.cancel_button.disabled = False
        job_changed.set()

    panel.offer_cancel(lambda: in_thread(cancel, name="leia: cancel job"))
    statuses: polling.Statuses = {job.id: ""}
    for pause in polling.watch(status_reader([job]), statuses):
        end = time.monotonic() + pause
        while not closed.is_set():
            panel.show_status(statuses[job.id])
            remaining = end - time.monotonic()
            if remaining <= 0 or job_changed.wait(min(remaining, _REDRAW)):
                break
        job_changed.clear()
        if closed.is_set():
            raise NotReady(
                f"The form was closed before job {job.id} had finished. The job continues; wait "
                f"for it with {polling.resume_line([job.id])}"
            )
    return job.wait(progress=False)  # only reads the result: the job has finished
