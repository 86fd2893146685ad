"""The handle of one job: its status, its result."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

from leia_nb.enums import JobStatus, known
from leia_nb.errors import UnexpectedAnswer
from leia_nb.records import html_repr
from leia_nb.records.records import JobRecord
from leia_nb.resources.base import Resource, owner_of
from leia_nb.resources.job import polling, waiting
from leia_nb.resources.job.results import read_result
from leia_nb.resources.parameters.references import Handle, Reference

if TYPE_CHECKING:
    from leia_nb.transport.session import Session


class Job(Handle, Resource, called="job"):
    """A job of LEIA, which runs in the service, independently of this handle.

    ``await job`` waits like `wait` does, without blocking the event loop.

    Parameters
    ----------
    session : Session
        The login.
    reference : Reference
        The job and its owner.
    record : JobRecord, optional
        The last known state of the job.
    scope : "admin" or "plain", optional
        Which of LEIA's two calls to use; default: the one that matches the login.

    Attributes
    ----------
    scope : str or None
        Which of LEIA's two calls it uses.
    reference : Reference
        The job's id and owner.

    Examples
    --------
    >>> documents = leia.documents.list(tags=["digits-test"], limit=2)
    >>> job = leia.models.apply("digits-v1", documents, format_type="classification")
    >>> job.wait(progress=False).columns.tolist()
    ['category', 'score', 'accuracy']
    >>> job.status
    <JobStatus.PROCESSED: 'PROCESSED'>
    """

    def __init__(
        self,
        session: Session,
        reference: Reference,
        record: JobRecord | None = None,
        *,
        scope: str | None = None,
    ) -> None:
        Handle.__init__(self, reference)
        Resource.__init__(self, session)
        self.scope = scope
        self._record = record
        self._status = record.status if record is not None else ""

    def __repr__(self) -> str:
        kind = f", job_type={str(self._record.job_type)!r}" if self._record is not None else ""
        status = f", status={str(self._status)!r}" if self._status else ""
        return f"Job(id={self.id!r}{kind}{status})"

    def _repr_html_(self) -> str:
        if self._record is None:
            return html_repr.card("Job", self.id, [("status", "unknown")])
        return html_repr.job(self._record)

    @property
    def id(self) -> str:
        """The id of the job."""
        return self.reference.id

    @property
    def record(self) -> JobRecord:
        """The job as LEIA last reported it."""
        return self._record if self._record is not None else self.refresh()

    @property
    def status(self) -> JobStatus | str:
        """The status; it is requested from LEIA unless the job has ended.

        LEIA operation: `get_job`.
        """
        return self._status if polling.is_over(self._status) else self.refresh().status

    def refresh(self) -> JobRecord:
        """Get the current state of the job.

        LEIA operation: `get_job`.

        Returns
        -------
        JobRecord
            The current state.

        Raises
        ------
        %(UnknownJob)s

        Examples
        --------
        >>> job = leia.jobs.get(leia.jobs.list(job_type="train").index[0])
        >>> job.refresh().result_type
        <ResultType.MODEL: 'model'>
        """
        return self._take("get_job")

    def start(self) -> Job:
        """Start a job that was submitted with ``block_processing=True``.

        LEIA operation: `start_job`.

        Returns
        -------
        Job
            This job.

        Raises
        ------
        %(JobOver)s
        %(UnknownJob)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> job = leia.models.apply("digits-v1", first, block_processing=True)
        >>> len(job.start().result(progress=False))
        1
        """
        self._take("start_job")
        return self

    def cancel(self) -> None:
        """Cancel the job, which then ends without a result.

        LEIA operation: `cancel_job`.

        Raises
        ------
        %(JobOver)s
        %(UnknownJob)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> job = leia.models.apply("digits-v1", first, block_processing=True)
        >>> job.cancel()
        >>> job.status
        <JobStatus.CANCELED: 'CANCELED'>
        """
        self._do("cancel_job")
        self._record, self._status = None, ""

    def wait(self, timeout: float | None = None, progress: bool = True) -> Any:
        """Wait until the job has ended and return its result.

        An interrupt (Ctrl-C, the stop button) stops only the waiting and prints the line
        that resumes it.

        LEIA operations: `get_job_statuses`, `get_job`.

        Parameters
        ----------
        %(timeout)s
        %(progress_stage)s

        Returns
        -------
        pandas.DataFrame, Model, Document or dict
            Apply: a frame with index ``document_id``, one row per document, and the columns
            ``category`` (string), ``score`` and ``accuracy`` (float64), or one column per
            key, followed by ``<key>_score`` if there are scores. Image extraction: a frame
            of the extracted documents, like a listing, with a column ``prediction``.
            Training: the new Model. Transform: the created Document, or a frame of several.
            Conditional job: a dict with, for each rule that ran, the list of its jobs'
            results.

        Raises
        ------
        JobFailed
            If the job failed; with LEIA's reason.
        JobCanceled
            If the job was canceled.
        %(WaitTimeout)s
        %(UnknownJob)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.models.apply("digits-v1", first).wait(progress=False).index.name
        'document_id'
        """
        if not polling.is_over(self._status):
            waiting.wait(status_reader([self]), [self.id], timeout=timeout, progress=progress)
        return read_result(self._final())

    def result(self, timeout: float | None = None, progress: bool = True) -> Any:
        """Return the result, after waiting for it; the same as `wait`.

        LEIA operations: `get_job_statuses`, `get_job`.

        Parameters
        ----------
        %(timeout)s
        %(progress_stage)s

        Returns
        -------
        pandas.DataFrame, Model, Document or dict
            As for `wait`.

        Raises
        ------
        JobFailed, JobCanceled
            If the job ended without a result.
        %(WaitTimeout)s
        %(UnknownJob)s

        Examples
        --------
        >>> leia.jobs.get(leia.jobs.list(job_type="train").index[0]).result().short_name
        'digits-v1'
        """
        return self.wait(timeout, progress)

    def __await__(self) -> Generator[Any, None, Any]:
        return self._wait_async().__await__()

    async def _wait_async(self) -> Any:
        if not polling.is_over(self._status):
            await waiting.wait_async(status_reader([self]), [self.id])
        return read_result(await asyncio.to_thread(self._final))

    def _final(self) -> JobRecord:
        record = self._record
        return record if record is not None and record.is_over else self.refresh()

    def _take(self, name: str) -> JobRecord:
        record = JobRecord.from_json(self._do(name))
        self._record, self._status = record, record.status
        return record

    def _do(self, name: str) -> Any:
        owner = owner_of(self.reference, None)
        return self._call(name, {"job_id": self.id}, scope=self.scope, **owner)


def status_reader(jobs: Iterable[Job]) -> polling.Ask:
    """Return a function that reads the statuses of these jobs and updates their handles."""
    handles = {job.id: job for job in jobs}

    def ask(ids: list[str], within: float | None) -> polling.Statuses:
        requested = [handles[job_id] for job_id in ids]
        statuses: polling.Statuses = {}
        for session, scope in dict.fromkeys((job._session, job.scope) for job in requested):
            batch = [
                job.reference for job in requested if (job._session, job.scope) == (session, scope)
            ]
            statuses |= read_statuses(session, batch, scope=scope, within=within)
        for job in requested:
            job._status = statuses.get(job.id, job._status)
        return statuses

    return ask


def read_statuses(
    session: Session,
    jobs: Iterable[Reference],
    *,
    scope: str | None = None,
    within: float | None = None,
) -> polling.Statuses:
    """Return the statuses by id, with at most 100 ids per call of `get_job_statuses`."""
    by_owner: dict[str | None, list[str]] = {}
    for job in jobs:
        by_owner.setdefault(job.application_id, []).append(job.id)
    statuses: polling.Statuses = {}
    for owner, ids in by_owner.items():
        for batch in polling.batches(ids):
            payload = Resource(session)._call(
                "get_job_statuses", {"job_ids": batch}, owner=owner, scope=scope, deadline=within
            )
            if not isinstance(payload, dict):
                raise UnexpectedAnswer("get_job_statuses: expected a JSON object of statuses.")
            statuses |= {str(i): known(JobStatus, str(status)) for i, status in payload.items()}
    return statuses
