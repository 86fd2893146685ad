"""The jobs of LEIA, live."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary, ref

import ipywidgets

from leia_nb.enums import JobStatus, known
from leia_nb.errors import LeiaError, NotFound, NotReady
from leia_nb.records import humanize
from leia_nb.resources.job import polling
from leia_nb.widgets.common.actions import error_message
from leia_nb.widgets.common.background import Repeater
from leia_nb.widgets.forms.result_panel import as_html
from leia_nb.widgets.views.cells import plain
from leia_nb.widgets.views.panels import Drawer
from leia_nb.widgets.views.table import Column, Row, Tone
from leia_nb.widgets.views.view import View

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client

SECONDS = 2.0
"""Seconds between two readings."""
QUIET_SECONDS = 900.0
"""Seconds without a change before the view pauses, so that an idle service can stop."""

_COLUMNS = (
    Column("type", "job_type", whole=True),
    Column("stage", "status", whole=True),
    Column("age", whole=True),
    Column("model"),
    Column("documents"),
    Column("reason"),
)


class JobsView(View):
    """The jobs of this application, read again every two seconds while the view is open.

    It stops when it is closed. It pauses when a newer view of the jobs is opened, and when no
    job is running and nothing has changed for 15 minutes; "Refresh" resumes it.

    LEIA operations: `get_jobs`, and those of its buttons.

    Parameters
    ----------
    leia : Client
        The client that the view uses.

    Attributes
    ----------
    result : object
        The result opened last; None before.

    Examples
    --------
    >>> view = JobsView(leia)
    >>> first = leia.jobs.list(job_type="train", limit=1)
    >>> _ = view.fill(job_id=first.index[0])
    >>> view.refresh()["job_type"].unique().tolist()
    ['train']
    >>> view.select(view.frame).open_result().short_name
    'digits-v1'
    >>> view.close()
    """

    title = "Jobs"
    lead = "Running and finished jobs of LEIA; the list is updated every two seconds."
    resource_name = "job"

    _newest: ClassVar[WeakKeyDictionary[Client, ref[JobsView]]] = WeakKeyDictionary()
    _newest_lock: ClassVar[Any] = threading.Lock()

    def __init__(self, leia: Client) -> None:
        super().__init__(leia, _COLUMNS)
        self.result: Any = None
        self._model_names: dict[str, str] = {}
        self._repeater = Repeater(self._tick, "leia-jobs-live")
        self._changed_at = time.monotonic()
        button = self.actions.button
        self.cancel_button = button("Cancel", "Cancel the selected jobs", self.cancel)
        self.start_button = button("Start", "Start selected jobs that are BLOCKED", self.start)
        self.result_button = button(
            "Open result", "Show the selected job's result", self.open_result
        )
        self.buttons.children = [self.cancel_button, self.start_button, self.result_button]
        self.drawer = self.panels.add(Drawer(self._close_result))
        self.refresh_button.on_click(lambda _button: self.resume())
        self._pause_older()
        self.resume()

    # -- live --------------------------------------------------------------------

    @property
    def live(self) -> bool:
        """Whether the view is kept up to date."""
        return self._repeater.is_running

    def resume(self) -> None:
        """Keep the view up to date from now on."""
        self._changed_at = time.monotonic()
        self._repeater.start()

    def pause(self, message: str = "Paused. Select Refresh to resume.") -> None:
        """Stop updating the view, after a reading under way, and show a message."""
        self._repeater.stop()
        self.show_message(message)

    def close(self) -> None:
        """Stop reading and close the view; the jobs continue."""
        self._repeater.stop()
        super().close()

    def _pause_older(self) -> None:
        with self._newest_lock:
            newest = self._newest.get(self.leia)
            self._newest[self.leia] = ref(self)
        older = newest() if newest else None
        if older is not None and older.live:
            older.pause("Paused: a newer view of the jobs is open. Select Refresh to resume.")

    def _tick(self) -> float | None:
        before = _statuses(self._frame)
        self._read_quietly()
        statuses = _statuses(self._frame)
        if statuses != before or any(map(_is_running, statuses.values())):
            self._changed_at = time.monotonic()
        if time.monotonic() - self._changed_at < QUIET_SECONDS:
            return SECONDS
        self.show_message("Paused: nothing has changed for a while. Select Refresh to resume.")
        return None

    def _unread(self, error: Exception) -> None:
        super()._unread(error)
        self.show_message(f"{error_message(error)} The list is out of date; retrying …", "failed")

    # -- table -------------------------------------------------------------------

    def row(self, row_id: str, values: Any) -> Row:
        """Return a job as the table shows it."""
        kind, status = plain(values["job_type"]), plain(values["status"])
        model = self._name_of_model(plain(values["model_id"])) or _trained_model(values["result"])
        cells = (
            kind,
            status,
            humanize.age(values["creation_time"].to_pydatetime()),
            model,
            str(len(values["document_ids"])),
            plain(values["reason"]),
        )
        tone: Tone = "failed" if status == JobStatus.FAILED else ""
        return Row(row_id, f"{kind} {model} {status}", cells, tone)

    def _name_of_model(self, model_id: str) -> str:
        """Return a model's name, requested once; its id if it no longer exists."""
        if model_id and model_id not in self._model_names:
            try:
                self._model_names[model_id] = self.leia.models.get(model_id).name
            except NotFound:
                self._model_names[model_id] = model_id
            except LeiaError:  # requested again with the next reading
                return model_id
        return self._model_names.get(model_id, "")

    def names(self, rows: pd.DataFrame) -> list[str]:
        """Return the names of jobs for messages."""
        return [f"job {job_id}" for job_id in rows.index]

    # -- actions ------------------------------------------------------------------

    def cancel(self) -> None:
        """Cancel the selected jobs; their results are discarded.

        Raises
        ------
        InvalidInput
            If no job is selected.
        JobOver
            If one has already finished.
        """
        rows = self.require_selection("cancel")
        self.run_for_each("canceling", "Canceled", rows, self.resource.cancel)

    def start(self) -> None:
        """Start the selected jobs that were submitted with ``block_processing=True``."""
        rows = self.require_selection("start")
        self.run_for_each("starting", "Started", rows, self.resource.start)

    def open_result(self) -> Any:
        """Show the selected job's result below the table, and return it.

        Returns
        -------
        pandas.DataFrame, Model, Document or object
            As `leia_nb.resources.job.handle.Job.result` returns it.

        Raises
        ------
        NotReady
            If the job has not finished.
        JobFailed, JobCanceled
            If the job ended without a result.
        """
        job = self.resource.get(self.require_one("open"))
        if not polling.is_over(job.record.status):
            raise NotReady(
                f"Job {job.id} is {job.record.status} and has no result yet. Open it when it is "
                "PROCESSED."
            )
        self.result = job.result(progress=False)
        self.show_message("")
        self.drawer.fill(ipywidgets.HTML(as_html(self.result)))
        self.panels.show(self.drawer)
        return self.result

    def _close_result(self) -> None:
        self.panels.show()
        self.drawer.empty()


def _trained_model(result: Any) -> str:
    """Return the name of the model that a training job created."""
    return str(result.get("name", "")) if isinstance(result, dict) else ""


def _statuses(frame: pd.DataFrame | None) -> dict[str, str]:
    return {} if frame is None else {str(job): str(value) for job, value in frame["status"].items()}


def _is_running(status: str) -> bool:
    """Whether the status of a job changes by itself."""
    return status != JobStatus.BLOCKED and not polling.is_over(known(JobStatus, status))
