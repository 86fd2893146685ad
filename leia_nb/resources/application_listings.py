"""The listing of applications, and single ones."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from leia_nb.enums import ApplicationType
from leia_nb.records import frames
from leia_nb.records.records import Application
from leia_nb.resources.base import Resource
from leia_nb.resources.parameters.references import reference

if TYPE_CHECKING:
    import pandas as pd


class ApplicationListings(Resource):
    """The part of `Applications` that only reads."""

    def list(
        self,
        *,
        application_id: Any = None,
        email: str | None = None,
        application_name: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        application_type: ApplicationType | str | None = None,
        created_after: date | str | None = None,
        created_before: date | str | None = None,
        dedicated_workers: bool | None = None,
        sort: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        progress: bool = True,
    ) -> pd.DataFrame:
        """List applications, from all pages.

        LEIA operation: `admin_get_applications`.

        Parameters
        ----------
        application_id : str or object, optional
            Only the application with this id.
        email, application_name, first_name, last_name : str, optional
            Only those with exactly this value.
        application_type : ApplicationType or str, optional
            Only those of this type, ``"admin"`` or ``"developer"``.
        %(created)s
        dedicated_workers : bool, optional
            Only those with, or only those without, dedicated workers.
        sort : str, optional
            Fields separated by commas, ``-`` in front for descending:
            ``application_name``, ``application_type``, ``creation_time``,
            ``first_name``, ``last_name``, ``email``, ``dedicated_workers``; default:
            ``"creation_time"``.
        %(paging)s

        Returns
        -------
        pandas.DataFrame
            Index ``id`` (string); columns ``application_name`` (string),
            ``application_type`` (category), ``email`` (string), ``first_name``
            (string), ``last_name`` (string), ``creation_time`` (datetime64[ns, UTC]),
            ``default_job_callback_url`` (string), ``reduce_callback_payloads``
            (boolean), ``dedicated_workers`` (boolean), ``dedicated_workers_ttl`` (Int64,
            seconds), ``dedicated_workers_max_models`` (Int64), ``always_on_schedules``
            (tuple), ``job_counts`` (object).

        Raises
        ------
        %(InvalidInput)s
        %(Forbidden)s

        Examples
        --------
        >>> leia.applications.list(application_type="admin")["application_type"].tolist()
        ['admin']
        """
        return self._list("get_applications", frames.APPLICATIONS, locals())

    def get(self, application: Any) -> Application:
        """Get an application.

        LEIA operation: `admin_get_application`.

        Parameters
        ----------
        %(application)s

        Returns
        -------
        Application
            The record, without its API key.

        Raises
        ------
        %(UnknownApplication)s
        %(Forbidden)s

        Examples
        --------
        >>> leia.applications.get(leia.application).is_admin
        True
        """
        return Application.from_json(self._on("get_application", application))

    def _on(self, operation: str, value: Any, *_: Any, content: Any = None, **values: Any) -> Any:
        found = reference(value, "application")
        return self._call(operation, values, application_id=found.id, content=content)
