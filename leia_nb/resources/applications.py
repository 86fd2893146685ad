"""`leia.applications`: the applications (accounts) of LEIA, for admins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leia_nb.enums import ApplicationType
from leia_nb.records.records import Application
from leia_nb.resources.application_listings import ApplicationListings
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.checks import checked
from leia_nb.resources.parameters.schedules import schedule


class Applications(ApplicationListings):
    """All applications, for admins; other logins get `Forbidden`."""

    def create(
        self,
        email: str,
        first_name: str,
        last_name: str,
        *,
        application_name: str | None = None,
        application_type: ApplicationType | str = ApplicationType.DEVELOPER,
        default_job_callback_url: str | None = None,
        dedicated_workers: bool | None = None,
        dedicated_workers_ttl: int | None = None,
        dedicated_workers_max_models: int | None = None,
    ) -> Application:
        """Create an application; only this call returns its API key.

        The key is `Application.api_key` of the returned record. The record is displayed
        without it, so that it does not get into a saved notebook: use it
        (``connect(url, api_key=application.api_key)``) or store it in a safe place.

        LEIA operation: `admin_create_application`.

        Parameters
        ----------
        email : str
            The e-mail address; no other application may have it.
        first_name, last_name : str
            The name of its owner.
        application_name : str, optional
            Its name.
        application_type : ApplicationType or str
            ``"developer"``, or ``"admin"``, which has access to everything.
        %(workers)s

        Returns
        -------
        Application
            The new application, with its API key.

        Raises
        ------
        %(InvalidInput)s
        %(EmailTaken)s
        %(Forbidden)s

        Examples
        --------
        >>> application = leia.applications.create("ada@example.org", "Ada", "Lovelace")
        >>> application.application_type, application.api_key is not None
        (<ApplicationType.DEVELOPER: 'developer'>, True)
        >>> leia.applications.delete(application)
        """
        for name, value in (("email", email), ("first_name", first_name), ("last_name", last_name)):
            validators.text(name, value, required=True)
        content = checked(
            application_name=application_name,
            email=email,
            first_name=first_name,
            last_name=last_name,
            default_job_callback_url=default_job_callback_url,
            dedicated_workers=dedicated_workers,
            dedicated_workers_ttl=dedicated_workers_ttl,
            dedicated_workers_max_models=dedicated_workers_max_models,
        )
        content["application_type"] = validators.one_of(
            "application_type", application_type, ApplicationType, required=True
        )
        payload = self._call(
            "create_application",
            {},
            content={name: value for name, value in content.items() if value is not None},
        )
        return Application.from_json(payload)

    def edit(
        self,
        application: Any,
        *,
        application_name: str | None = None,
        email: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        default_job_callback_url: str | None = None,
        dedicated_workers: bool | None = None,
        dedicated_workers_ttl: int | None = None,
        dedicated_workers_max_models: int | None = None,
        reduce_callback_payloads: bool | None = None,
        always_on_number: int | None = None,
        always_on_start_days: Sequence[int] | None = None,
        always_on_start_hour: int | None = None,
        always_on_stop_hour: int | None = None,
        always_on_start_minute: int | None = None,
        always_on_stop_minute: int | None = None,
        always_on_workers_model_ids: Any = None,
    ) -> Application:
        """Change an application, or add a schedule of always-on workers.

        None keeps a value. The ``always_on_…`` parameters together add one schedule to
        the existing ones; `delete_schedule` deletes one.

        LEIA operation: `admin_edit_application`.

        Parameters
        ----------
        %(application)s
        application_name, email, first_name, last_name : str, optional
            The new values.
        %(workers)s
        reduce_callback_payloads : bool, optional
            Whether its callbacks omit large fields.
        always_on_number : int, optional
            The number of workers during the schedule; at least 1.
        always_on_start_days : sequence of int, optional
            The days, from 1 (Monday) to 7 (Sunday).
        always_on_start_hour, always_on_stop_hour : int, optional
            The hours at which it starts and stops, 0 to 23.
        always_on_start_minute, always_on_stop_minute : int, optional
            The minutes of these hours, 0 to 59; it must stop after it starts.
        always_on_workers_model_ids : ids or objects, optional
            The models to load at the start: ids, records, a DataFrame or its column.

        Returns
        -------
        Application
            The updated application.

        Raises
        ------
        %(NoChanges)s
        %(UnknownApplication)s
        %(EmailTaken)s
        BadRequest
            If the schedule is incomplete (the embedded service requires days and both
            hours), or one of its models does not exist.
        %(Forbidden)s

        Examples
        --------
        >>> application = leia.applications.create("bob@example.org", "Bob", "Cat")
        >>> edited = leia.applications.edit(
        ...     application, always_on_number=1, always_on_start_days=[1, 2],
        ...     always_on_start_hour=8, always_on_stop_hour=18)
        >>> len(edited.always_on_schedules)
        1
        >>> leia.applications.delete_schedule(application, edited.always_on_schedules[0])
        >>> leia.applications.delete(application)
        """
        values = {
            **checked(
                application_name=application_name,
                email=email,
                first_name=first_name,
                last_name=last_name,
                default_job_callback_url=default_job_callback_url,
                dedicated_workers=dedicated_workers,
                dedicated_workers_ttl=dedicated_workers_ttl,
                dedicated_workers_max_models=dedicated_workers_max_models,
                reduce_callback_payloads=reduce_callback_payloads,
            ),
            **schedule(
                always_on_number=always_on_number,
                always_on_start_days=always_on_start_days,
                always_on_start_hour=always_on_start_hour,
                always_on_stop_hour=always_on_stop_hour,
                always_on_start_minute=always_on_start_minute,
                always_on_stop_minute=always_on_stop_minute,
                always_on_workers_model_ids=always_on_workers_model_ids,
            ),
        }
        validators.text("email", email, required=email is not None)
        return Application.from_json(
            self._on("edit_application", application, **validators.changes(values))
        )

    def delete(self, application: Any) -> None:
        """Delete an application and everything that it owns.

        LEIA operation: `admin_delete_application`.

        Parameters
        ----------
        %(application)s

        Raises
        ------
        %(UnknownApplication)s
        Forbidden
            If it is the logged-in application, or this is not an admin login.

        Examples
        --------
        >>> application = leia.applications.create("eve@example.org", "Eve", "Dropper")
        >>> leia.applications.delete(application)
        """
        self._on("delete_application", application)

    def reset_api_key(self, application: Any) -> Application:
        """Replace the API key of an application; only this call returns the new one.

        LEIA operation: `admin_reset_api_key`.

        Parameters
        ----------
        %(application)s

        Returns
        -------
        Application
            The application, with its new API key in `Application.api_key`.

        Raises
        ------
        UnknownApplication, BadRequest
            If the application does not exist, or its id is malformed.
        Forbidden
            If it is the logged-in application, or this is not an admin login.

        Examples
        --------
        >>> application = leia.applications.create("pat@example.org", "Pat", "Forgetful")
        >>> leia.applications.reset_api_key(application).api_key != application.api_key
        True
        >>> leia.applications.delete(application)
        """
        return Application.from_json(self._on("reset_api_key", application))

    def delete_schedule(self, application: Any, schedule: str | Mapping[str, Any]) -> None:
        """Delete a schedule of always-on workers of an application.

        LEIA operation: `admin_delete_always_on_schedule`.

        Parameters
        ----------
        %(application)s
        schedule : str or mapping
            The schedule's id, or one of `Application.always_on_schedules`.

        Raises
        ------
        InvalidInput
            If `schedule` is neither; nothing was sent.
        UnknownApplication, UnknownSchedule
            If the application or the schedule does not exist.
        %(Forbidden)s

        Examples
        --------
        >>> application = leia.applications.create("amy@example.org", "Amy", "Early")
        >>> edited = leia.applications.edit(
        ...     application, always_on_number=1, always_on_start_days=[1],
        ...     always_on_start_hour=8, always_on_stop_hour=18)
        >>> leia.applications.delete_schedule(application, edited.always_on_schedules[0])
        >>> leia.applications.get(application).always_on_schedules
        ()
        >>> leia.applications.delete(application)
        """
        name = "always_on_schedule_id"
        schedule_id = schedule.get("id") if isinstance(schedule, Mapping) else schedule
        if not isinstance(schedule_id, str):
            expected = "the id of a schedule, or an entry of the application's always_on_schedules"
            raise validators.invalid(name, expected, schedule)
        values = {name: validators.tag(schedule_id, name)}
        self._on("delete_always_on_schedule", application, **values)
