"""The field for the job that another one waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from leia_nb.enums import JobStatus, JobType, ResultType
from leia_nb.errors import InvalidInput, NotFound
from leia_nb.records import humanize
from leia_nb.records.records import JobRecord
from leia_nb.resources.parameters.references import reference
from leia_nb.widgets.fields.background_reader import BackgroundReader
from leia_nb.widgets.fields.listed import ListedField

if TYPE_CHECKING:
    from leia_nb.client import Client

MOST_LISTED = 500
"""Number of jobs among which unfinished ones are offered, the newest first."""


class JobField(ListedField):
    """One unfinished job, or any job by its id; the value is the id."""

    placeholder = "a running job, or the id of any job"
    refresh_tooltip = "Read the list of jobs again"

    def __init__(self, name: str, leia: Client, **about: Any) -> None:
        self._ids: dict[str, str] = {}
        self._on_known: Callable[[], None] = lambda: None
        self._chosen: BackgroundReader[JobRecord | None] = BackgroundReader(
            self._read_job, None, self._describe_choice
        )
        super().__init__(name, leia, **about)
        self.control.continuous_update = False
        self.on_change(self._look_up)

    def refresh(self) -> None:
        """Read the list of jobs, and the chosen one, again, in the background."""
        super().refresh()
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
        """The chosen job; None if it is not known."""
        return self._chosen.value if self.value else None

    @property
    def pages(self) -> int | None:
        """The number of pages that a `page_range` can select from, if it is known."""
        return None if self.job is None else pages_of(self.job)

    def check(self) -> str | None:
        """Return a message if the job does not exist, or can no longer be PROCESSED."""
        job, job_id = self.job, self.value
        if job_id is None:
            return super().check()
        if isinstance(self._chosen.error, InvalidInput):
            return str(self._chosen.error)
        if isinstance(self._chosen.error, NotFound):
            return f"There is no job {job_id!r}. Choose one from the list, or enter another id."
        if job is not None and job.status in (JobStatus.FAILED, JobStatus.CANCELED):
            return (
                f"Job {job_id} is {job.status}, so a job that waits for it would fail. "
                "Choose another job."
            )
        return None

    def on_known(self, callback: Callable[[], None]) -> None:
        """Call back whenever the chosen job has been read, or none is chosen."""
        self._on_known = callback

    def _look_up(self) -> None:
        if self.value:
            self._chosen.start()
        else:
            self.hint(None)
            self._on_known()

    def _read_job(self) -> JobRecord | None:
        job_id = self.value
        return self._leia.jobs.get(job_id).record if job_id else None

    def _read(self) -> list[str]:
        frame = self._leia.jobs.list(
            sort="-creation_time", limit=MOST_LISTED, progress=False, scope="plain"
        )
        unfinished = frame[[not JobStatus(status).is_over for status in frame["status"]]]
        labels = {_label(str(job_id), row): str(job_id) for job_id, row in unfinished.iterrows()}
        self._ids |= labels
        return list(labels)

    def _offer(self) -> None:
        self.control.options = self._reading.known

    def _describe_choice(self) -> None:
        self.hint(describe(self._chosen.known) if self._chosen.known else None)
        self._on_known()


def pages_of(job: JobRecord) -> int | None:
    """Return the number of pages that a job produces; None if it is not known yet."""
    if job.result_type == ResultType.DOCUMENTS:
        return len(job.result or ())
    if job.result_type == ResultType.DOCUMENT:
        return 1
    # Documents of a job that waits for another are known once it starts.
    is_settled = job.execute_after_id is None or job.starting_time is not None
    if job.job_type == JobType.PREDICT and is_settled:
        return len(job.document_ids)
    return None


def describe(job: JobRecord) -> str:
    """Return a job's type, status, age and pages for a hint."""
    pages = pages_of(job)
    page_count = "" if pages is None else f", {humanize.count(pages, 'page')}"
    return f"{job.job_type} job, {job.status}, {humanize.age(job.creation_time)} old{page_count}"


def _label(job_id: str, row: Any) -> str:
    age = humanize.age(row["creation_time"].to_pydatetime())
    return f"{row['job_type']} · {row['status']} · {age} old · {job_id}"
