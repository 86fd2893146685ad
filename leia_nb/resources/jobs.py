"""`leia.jobs`: the jobs of LEIA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from datetime import date
from typing import TYPE_CHECKING, Any

from leia_nb.enums import JobStatus, JobType
from leia_nb.records import frames
from leia_nb.records.records import JobRecord
from leia_nb.resources.conditional_jobs import ConditionalJobs
from leia_nb.resources.job import waiting
from leia_nb.resources.job.handle import Job, read_statuses, status_reader
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import Reference, optional_id, reference, references

if TYPE_CHECKING:
    import pandas as pd

Handles = list[Job]


class Jobs(ConditionalJobs):
    """The jobs that this application submitted or owns; all jobs for admins."""

    def list(
        self,
        *,
        job_id: Any = None,
        submitter_id: Any = None,
        application_id: Any = None,
        job_type: JobType | str | None = None,
        model_id: Any = None,
        document_id: Any = None,
        execute_after_id: Any = None,
        parent_job_id: Any = None,
        status: JobStatus | str | None = None,
        created_after: date | str | None = None,
        created_before: date | str | None = None,
        sort: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        progress: bool = True,
        scope: str | None = None,
    ) -> pd.DataFrame:
        """List jobs, from all pages.

        LEIA operation: `get_jobs`.

        Parameters
        ----------
        job_id, model_id, document_id, execute_after_id, parent_job_id : str or object, optional
            Only the jobs with this id, model, document, preceding job or parent.
        submitter_id : str or object, optional
            Only those that this application submitted (admin login only).
        application_id : str or object, optional
            Only those that belong to this application.
        job_type : JobType or str, optional
            Only those of this type.
        status : JobStatus or str, optional
            Only those with this status.
        %(created)s
        sort : str, optional
            Fields separated by commas, ``-`` in front for descending: ``submitter_id``,
            ``application_id``, ``creation_time``, ``starting_time``, ``finished_time``,
            ``job_type``, ``model_id``, ``document_ids``, ``status``, ``parent_job_id``;
            default: ``"creation_time"``.
        %(paging)s
        %(scope)s

        Returns
        -------
        pandas.DataFrame
            Index ``id`` (string); columns ``job_type`` (category), ``status``
            (category), ``reason`` (string), ``model_id`` (string), ``document_ids``
            (tuple), ``creation_time`` (datetime64[ns, UTC]), ``starting_time``
            (datetime64[ns, UTC]), ``finished_time`` (datetime64[ns, UTC]),
            ``execute_after_id`` (string), ``parent_job_id`` (string), ``result_type``
            (category), ``result`` (object), ``callback_url`` (string),
            ``application_id`` (string).

        Raises
        ------
        %(InvalidInput)s

        Examples
        --------
        >>> leia.jobs.list(status="FAILED").index.name
        'id'
        """
        return self._list("get_jobs", frames.JOBS, locals())

    def get(self, job: Any, *, submitter_id: Any = None, scope: str | None = None) -> Job:
        """Get the handle of a job, also of one that another kernel submitted.

        LEIA operation: `get_job`.

        Parameters
        ----------
        %(job)s
        submitter_id : str or object, optional
            The application that submitted it (admin login only); default: this application.
        %(scope)s

        Returns
        -------
        Job
            The handle.

        Raises
        ------
        %(UnknownJob)s

        Examples
        --------
        >>> leia.jobs.get(leia.jobs.list(job_type="train").index[0]).status
        <JobStatus.PROCESSED: 'PROCESSED'>
        """
        found = reference(job, "job")
        owner = optional_id(submitter_id, "application") or found.application_id
        record = JobRecord.from_json(
            self._call("get_job", {"job_id": found.id}, owner=owner, scope=scope)
        )
        return Job(self._session, Reference(found.id, owner), record, scope=scope)

    def statuses(
        self, jobs: Any, *, submitter_id: Any = None, scope: str | None = None
    ) -> dict[str, JobStatus | str]:
        """Get the statuses of many jobs, 100 per call.

        LEIA operation: `get_job_statuses`.

        Parameters
        ----------
        %(jobs)s
        submitter_id : str or object, optional
            The application that submitted them (admin login only); default: as the objects say,
            else this application.
        %(scope)s

        Returns
        -------
        dict
            The statuses by id, in the same order.

        Raises
        ------
        %(UnknownJob)s

        Examples
        --------
        >>> trained = leia.jobs.list(job_type="train")
        >>> set(leia.jobs.statuses(trained).values())
        {<JobStatus.PROCESSED: 'PROCESSED'>}
        """
        found = references(jobs, "job")
        if submitter_id is not None:
            submitter = reference(submitter_id, "application").id
            found = [Reference(job.id, submitter) for job in found]
        statuses = read_statuses(self._session, found, scope=scope)
        return {job.id: statuses[job.id] for job in found if job.id in statuses}

    def wait(
        self,
        jobs: Any,
        timeout: float | None = None,
        progress: bool = True,
        *,
        scope: str | None = None,
    ) -> Handles:
        """Wait until all of these jobs have ended, with or without a result.

        The bar shows how many are done and failed. An interrupt stops only the waiting
        and prints the line that resumes it.

        LEIA operation: `get_job_statuses`.

        Parameters
        ----------
        %(jobs)s
        %(timeout)s
        progress : bool
            Whether to show the bar.
        scope : "admin" or "plain", optional
            Which of LEIA's two calls to use for ids; default: the one that matches the login.
            Handles use their own.

        Returns
        -------
        list of Job
            Their handles, in the same order. `Job.result` returns the result or
            raises `JobFailed`.

        Raises
        ------
        WaitTimeout
            If not all have finished in time; they keep running.
        %(UnknownJob)s

        Examples
        --------
        >>> {job.status.value for job in leia.jobs.wait(leia.jobs.list(job_type="train"))}
        {'PROCESSED'}
        """
        handles = self._handles(jobs, scope)
        unique = {job.id: job for job in handles}
        ask = status_reader(unique.values())
        waiting.wait(ask, unique, timeout=timeout, progress=progress)
        return [unique[job.id] for job in handles]

    def cancel(self, job: Any, *, submitter_id: Any = None, scope: str | None = None) -> None:
        """Cancel a job; see `Job.cancel`.

        LEIA operation: `cancel_job`.

        Parameters
        ----------
        %(job)s
        %(submitter_id)s
        %(scope_of_job)s

        Raises
        ------
        %(JobOver)s
        %(UnknownJob)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> job = leia.models.apply("digits-v1", first, block_processing=True)
        >>> leia.jobs.cancel(job)
        >>> job.status
        <JobStatus.CANCELED: 'CANCELED'>
        """
        self._handle(job, submitter_id, scope).cancel()

    def start(self, job: Any, *, submitter_id: Any = None, scope: str | None = None) -> Job:
        """Start a job that was submitted with ``block_processing=True``.

        LEIA operation: `start_job`.

        Parameters
        ----------
        %(job)s
        %(submitter_id)s
        %(scope_of_job)s

        Returns
        -------
        Job
            Its handle.

        Raises
        ------
        %(JobOver)s
        %(UnknownJob)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> job = leia.models.apply("digits-v1", first, block_processing=True)
        >>> len(leia.jobs.start(job).wait(progress=False))
        1
        """
        return self._handle(job, submitter_id, scope).start()

    def _handle(self, job: Any, submitter_id: Any = None, scope: str | None = None) -> Job:
        if isinstance(job, Job) and submitter_id is None and scope in (None, job.scope):
            return job
        found = reference(job, "job")
        owner = optional_id(submitter_id, "application") or found.application_id
        return Job(self._session, Reference(found.id, owner), scope=scope)

    def _handles(self, jobs: Any, scope: str | None) -> Handles:
        if isinstance(jobs, Job):
            return [jobs]
        if isinstance(jobs, Iterable) and not isinstance(jobs, str | Mapping | validators.Table):
            jobs = jobs if isinstance(jobs, Sized) else list(jobs)  # a generator yields only once
            if any(isinstance(job, Job | list | tuple) for job in jobs):
                return [handle for job in jobs for handle in self._handles(job, scope)]
        return [Job(self._session, found, scope=scope) for found in references(jobs, "job")]
