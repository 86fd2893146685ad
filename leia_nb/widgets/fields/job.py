"""The field for the job that another one waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.enums import JobStatus, JobType, ResultType
from leia_nb.errors import InvalidInput, NotFound
from leia_nb.records import humanize
from leia_nb.records.records import JobRecord
from leia_nb.resources.parameters.references import reference
from leia_nb.widgets.fields.background_reader import Reading
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.label_layout import beside, refresh_button

if TYPE_CHECKING:
    from leia_nb.client import Client

MOST_LISTED = 500
"""Jobs that are looked through for those that are not over, the newest first."""


class JobField(Field):
    """One job that is not over yet, or any job by its id; the value is the id.

    Parameters
    ----------
    name : str
        The parameter's name: ``"execute_after_id"``.
    leia : Client
        Where the jobs are.
    **about
        Label, tooltip and so on, as for `Field`.
    """

    def __init__(self, name: str, leia: Client, **about: Any) -> None:
        self._leia = leia
        control = ipywidgets.Combobox(
            placeholder="a running job, or the id of any job",
            ensure_option=False,
            continuous_update=False,
        )
        super().__init__(name, control, **about)
        self._ids: dict[str, str] = {}
        self._tell: Callable[[], None] = lambda: None
        self._listing: Reading[dict[str, str]] = Reading(self._list, {}, self._offer)
        self._chosen: Reading[JobRecord | None] = Reading(self._ask, None, self._describe_choice)
        button = refresh_button(self.refresh, "Read the list of jobs again")
        self.row.children = [beside(control, button), *self.row.children[1:]]
        self.on_change(self._look_up)
        self.refresh()

    def refresh(self) -> None:
        """Read the list of jobs, and the chosen one, again, in the background."""
        self._listing.start()
        if self.value:
            self._chosen.start()

    @property
    def value(self) -> str | None:
        """The job's id."""
        text = self.control.value.strip()
        return self._ids.get(text, text) or None

    def fill(self, value: Any) -> None:
        """Choose a job: an id, a handle, a record, or a listing of one row."""
        self.control.value = "" if value is None else reference(value, "job").id

    @property
    def job(self) -> JobRecord | None:
        """The chosen job, once LEIA has told of it."""
        return self._chosen.value if self.value else None

    @property
    def pages(self) -> int | None:
        """How many pages a `page_range` can pick from, if that is known."""
        return None if self.job is None else pages_of(self.job)

    def check(self) -> str | None:
        """Say that there is no such job, or that it will never be PROCESSED."""
        job, wanted = self.job, self.value
        if wanted is None:
            return super().check()
        if isinstance(self._chosen.error, InvalidInput):
            return str(self._chosen.error)
        if isinstance(self._chosen.error, NotFound):
            return f"There is no job {wanted!r}. Choose one from the list, or paste another id."
        if job is not None and job.status in (JobStatus.FAILED, JobStatus.CANCELED):
            return (
                f"Job {wanted} is {job.status}, so a job that waits for it fails too. "
                "Choose another one."
            )
        return None

    def on_known(self, callback: Callable[[], None]) -> None:
        """Call back whenever LEIA has told of the chosen job, or none is chosen."""
        self._tell = callback

    def _look_up(self) -> None:
        if self.value:
            self._chosen.start()
        else:
            self.hint(None)
            self._tell()

    def _ask(self) -> JobRecord | None:
        wanted = self.value
        return self._leia.jobs.get(wanted).record if wanted else None

    def _list(self) -> dict[str, str]:
        frame = self._leia.jobs.list(
            sort="-creation_time", limit=MOST_LISTED, progress=False, scope="plain"
        )
        rows = ((str(index), row) for index, row in frame.iterrows())
        return {_label(index, row): index for index, row in rows if not _over(row["status"])}

    def _offer(self) -> None:
        self._ids |= self._listing.known
        self.control.options = list(self._listing.known)

    def _describe_choice(self) -> None:
        self.hint(in_short(self._chosen.known) if self._chosen.known else None)
        self._tell()


def pages_of(job: JobRecord) -> int | None:
    """Return how many pages a job leaves to the one that waits for it.

    Parameters
    ----------
    job : JobRecord
        The job.

    Returns
    -------
    int or None
        None if only its end will tell.
    """
    if job.result_type == ResultType.DOCUMENTS:
        return len(job.result or ())
    if job.result_type == ResultType.DOCUMENT:
        return 1
    settled = job.execute_after_id is None or job.starting_time is not None
    if job.job_type == JobType.PREDICT and settled:
        return len(job.document_ids)
    return None


def in_short(job: JobRecord) -> str:
    """Return in words what a job is and how far it has come."""
    pages = pages_of(job)
    counted = "" if pages is None else f", {humanize.count(pages, 'page')}"
    return f"{job.job_type} job, {job.status}, {humanize.age(job.creation_time)} old{counted}"


def _label(job_id: str, row: Any) -> str:
    age = humanize.age(row["creation_time"].to_pydatetime())
    return f"{row['job_type']} · {row['status']} · {age} old · {job_id}"


def _over(status: Any) -> bool:
    return str(status) in {one for one in JobStatus if one.is_over}
