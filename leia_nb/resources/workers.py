"""`leia.workers`: the workers that run the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leia_nb.enums import JobType
from leia_nb.errors import Forbidden, NoWorker, UnexpectedAnswer
from leia_nb.records import frames
from leia_nb.records.records import Worker
from leia_nb.resources.base import Resource
from leia_nb.resources.parameters import validators

if TYPE_CHECKING:
    import pandas as pd


class Workers(Resource):
    """The workers of the service, by the type of job that they run."""

    def list(self) -> pd.DataFrame:
        """List the workers.

        LEIA operation: `get_workers`.

        Returns
        -------
        pandas.DataFrame
            Index ``job_type`` (string); columns ``number`` (Int64), ``statuses`` (tuple:
            the status of each, e.g. ``"IDLE"``). Empty without workers.

        Raises
        ------
        %(NoWorkerMode)s

        Examples
        --------
        >>> leia.workers.list().columns.tolist()
        ['number', 'statuses']
        """
        twin, filled = self._twin("get_workers", {})
        try:
            rows = self._session.request(twin, filled, empty_on_404=True).content
        except NoWorker:
            rows = []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UnexpectedAnswer("get_workers: expected a JSON list of workers.")
        return frames.listing(rows, frames.WORKERS, index="job_type")

    def get(self, job_type: JobType | str) -> Worker:
        """Get the workers that run jobs of one type.

        LEIA operation: `get_worker`.

        Parameters
        ----------
        %(job_type)s

        Returns
        -------
        Worker
            Their number and the status of each.

        Raises
        ------
        %(NoWorker)s
        %(NoWorkerMode)s

        Examples
        --------
        >>> leia.workers.get("predict").number > 0
        True
        """
        return Worker.from_json(self._call("get_worker", {"job_type": _job_type(job_type)}))

    def kill(self, job_type: JobType | str) -> None:
        """Stop one worker that runs jobs of a type, after its current job.

        LEIA operation: `kill_worker` (admin).

        Parameters
        ----------
        %(job_type)s

        Raises
        ------
        %(Forbidden)s
        %(NoWorker)s
        %(NoWorkerMode)s

        Examples
        --------
        >>> leia.workers.kill("pdf-images")  # doctest: +IGNORE_EXCEPTION_DETAIL
        Traceback (most recent call last):
        NoWorker: …
        """
        kind = _job_type(job_type)
        if not self._session.application.is_admin:
            raise Forbidden(
                "Only admin applications may stop workers. Connect with the API key of an admin.",
                code="admin_only",
            )
        self._call("kill_worker", {"job_type": kind})


def _job_type(value: Any) -> str | None:
    return validators.one_of("job_type", value, JobType, required=True)
