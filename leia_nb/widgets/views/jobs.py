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
from leia_nb.widgets.views.job_filters import job_filters, job_sorting
from leia_nb.widgets.views.panels import Drawer
from leia_nb.widgets.views.table import Column, Row, Tone
from leia_nb.widgets.views.view import View

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client

SECONDS = 2.0
"""Pause between two readings."""
QUIET_SECONDS = 900.0
"""How long nothing may happen before the view pauses; so that an idle service can leave."""

_COLUMNS = (
    Column("type", "job_type", whole=True),
    Column("stage", "status", whole=True),
    Column("age", whole=True),
    Column("model"),
    Column("documents"),
    Column("reason"),
)


class JobsView(View):
    """The jobs of this application, read again every two seconds while it is open.

    It stops when it is closed. It pauses when a newer one is opened, and when no job
    goes on and nothing has changed for a quarter of an hour; "Refresh" goes on.

    LEIA operations: `get_jobs`, and those of its buttons.

    Parameters
    ----------
    leia : Client
        Where the jobs are.

    Attributes
    ----------
    result : object
        The result that was opened last; None before.

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
    lead = "What LEIA is working on and has done; this list keeps itself up to date."
    thing = "job"

    _open_ones: ClassVar[WeakKeyDictionary[Client, ref[JobsView]]] = WeakKeyDictionary()
    _opening: ClassVar[Any] = threading.Lock()

    def __init__(self, leia: Client) -> None:
        super().__init__(leia, job_filters(), _COLUMNS, job_sorting())
        self.result: Any = None
        self._names: dict[str, str] = {}
        self._beat = Repeater(self._tick, "leia-jobs-live")
        self._changed_at = time.monotonic()
        button = self.actions.button
        self.cancel_button = button("Cancel", "Stop the ticked jobs", self.cancel)
        self.start_button = button("Start", "Start ticked jobs that are BLOCKED", self.start)
        self.result_button = button("Open result", "Show the ticked job's result", self.open_result)
        self.buttons.children = [self.cancel_button, self.start_button, self.result_button]
        self.drawer = self.panels.add(Drawer(self._close_result))
        self.refresh_button.on_click(lambda _button: self.resume())
        self._replace()
        self.resume()

    # -- live --------------------------------------------------------------------

    @property
    def live(self) -> bool:
        """Whether it keeps itself up to date."""
        return self._beat.is_running

    def resume(self) -> None:
        """Keep it up to date from now on."""
        self._changed_at = time.monotonic()
        self._beat.start()

    def pause(self, message: str = "Paused. Refresh goes on.") -> None:
        """Leave it as it is; a reading under way is finished.

        Parameters
        ----------
        message : str
            What to say of it.
        """
        self._beat.stop()
        self.say(message)

    def close(self) -> None:
        """Stop reading and take the view off the screen; the jobs go on."""
        self._beat.stop()
        super().close()

    def _replace(self) -> None:
        with self._opening:
            newest = self._open_ones.get(self.leia)
            self._open_ones[self.leia] = ref(self)
        older = newest() if newest else None
        if older is not None and older.live:
            older.pause("Paused, because a newer view of the jobs is open. Refresh goes on.")

    def _tick(self) -> float | None:
        before = _stages(self._frame)
        self._read_quietly()
        stages = _stages(self._frame)
        if stages != before or any(map(_goes_on, stages.values())):
            self._changed_at = time.monotonic()
        if time.monotonic() - self._changed_at < QUIET_SECONDS:
            return SECONDS
        self.say("Paused, because nothing has changed for a while. Refresh goes on.")
        return None

    def _unread(self, error: Exception) -> None:
        super()._unread(error)
        self.say(f"{error_message(error)} What you see is older; trying again …", "failed")

    # -- what it shows -----------------------------------------------------------

    @property
    def resource(self) -> Any:
        """What lists the jobs."""
        return self.leia.jobs

    def read(self, *, offset: int, limit: int) -> pd.DataFrame:
        """List jobs, as filters and sorting say."""
        return self.leia.jobs.list(
            **self.filters.values, sort=self.sort, offset=offset, limit=limit, progress=False
        )

    def row(self, row_id: str, values: Any) -> Row:
        """Return what the table shows of a job."""
        kind, status = plain(values["job_type"]), plain(values["status"])
        model = self._called(plain(values["model_id"])) or _made(values["result"])
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

    def _called(self, model_id: str) -> str:
        """Return a model's name, asked for once; its id if it is gone."""
        if model_id and model_id not in self._names:
            try:
                self._names[model_id] = self.leia.models.get(model_id).name
            except NotFound:
                self._names[model_id] = model_id
            except LeiaError:  # asked for again with the next reading
                return model_id
        return self._names.get(model_id, "")

    def names(self, some: pd.DataFrame) -> list[str]:
        """Return what these jobs are called."""
        return [f"job {job_id}" for job_id in some.index]

    # -- what it does ------------------------------------------------------------

    def cancel(self) -> None:
        """Cancel the ticked jobs; what they have done is thrown away.

        Raises
        ------
        InvalidInput
            If none is ticked.
        JobOver
            If one has ended already.
        """
        self.each("canceling", "Canceled", self.some("cancel"), self.leia.jobs.cancel)

    def start(self) -> None:
        """Start the ticked jobs that were submitted with ``block_processing=True``."""
        self.each("starting", "Started", self.some("start"), self.leia.jobs.start)

    def open_result(self) -> Any:
        """Show the ticked job's result below, and return it.

        Returns
        -------
        pandas.DataFrame, Model, Document or object
            As `leia_nb.resources.job.handle.Job.result` returns it.

        Raises
        ------
        NotReady
            If it is not over yet.
        JobFailed, JobCanceled
            If it has none.
        """
        job = self.leia.jobs.get(self.one("open"))
        if not polling.is_over(job.record.status):
            raise NotReady(
                f"Job {job.id} is {job.record.status} and has no result yet. Open it when it is "
                "PROCESSED."
            )
        self.result = job.result(progress=False)
        self.say("")
        self.drawer.fill(ipywidgets.HTML(as_html(self.result)))
        self.panels.show(self.drawer)
        return self.result

    def _close_result(self) -> None:
        self.panels.show()
        self.drawer.empty()


def _made(result: Any) -> str:
    """Return the name of the model that a training made."""
    return str(result.get("name", "")) if isinstance(result, dict) else ""


def _stages(frame: pd.DataFrame | None) -> dict[str, str]:
    if frame is None:
        return {}
    return {str(job_id): str(stage) for job_id, stage in frame["status"].items()}


def _goes_on(stage: str) -> bool:
    """Whether a job in this stage changes by itself."""
    return stage != JobStatus.BLOCKED and not polling.is_over(known(JobStatus, stage))
