"""`leia.applications`: the accounts of LEIA, for admins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leia_nb.enums import ApplicationType
from leia_nb.errors import InvalidInput
from leia_nb.records.records import Application
from leia_nb.resources.application_listings import ApplicationListings
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import references
from leia_nb.resources.parameters.schedules import schedule


class Applications(ApplicationListings):
    """All applications. Only an admin may ask for them; others get `Forbidden`."""

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
        """Create an application; its API key is told this once and never again.

        The key is in `Application.api_key` of what this returns. Nothing shows it by
        itself, so that it does not get into a saved notebook: hand it on
        (``connect(url, api_key=application.api_key)``) or put it into a safe place.

        LEIA operation: `admin_create_application`.

        Parameters
        ----------
        email : str
            The e-mail address, which no other application has.
        first_name, last_name : str
            Whose it is.
        application_name : str, optional
            What it is called.
        application_type : ApplicationType or str
            ``"developer"``, or ``"admin"``, who may do everything to everybody's things.
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
        content = {
            **_named(application_name, email, first_name, last_name, default_job_callback_url),
            **_workers(dedicated_workers, dedicated_workers_ttl, dedicated_workers_max_models),
            "application_type": validators.one_of(
                "application_type", application_type, ApplicationType, needed=True
            ),
        }
        for name in ("email", "first_name", "last_name"):
            validators.text(name, content[name], needed=True)
        told = self._call(
            "create_application",
            {},
            content={name: value for name, value in content.items() if value is not None},
        )
        return Application.from_json(told)

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
        """Change an application, or give it a schedule of always-on workers.

        None leaves a value as it is. The ``always_on_…`` parameters together add one
        schedule to those it has; `delete_schedule` takes one away.

        LEIA operation: `admin_edit_application`.

        Parameters
        ----------
        %(application)s
        application_name, email, first_name, last_name : str, optional
            The new texts.
        %(workers)s
        reduce_callback_payloads : bool, optional
            Whether its callbacks leave out what is large.
        always_on_number : int, optional
            How many workers are always on during the schedule; at least 1.
        always_on_start_days : sequence of int, optional
            On which days: 1 is Monday, 7 is Sunday.
        always_on_start_hour, always_on_stop_hour : int, optional
            From and until which hour, 0 to 23.
        always_on_start_minute, always_on_stop_minute : int, optional
            From and until which minute of it, 0 to 59; it stops after it starts.
        always_on_workers_model_ids : ids or objects, optional
            The models to load at the start: ids, records, a DataFrame or its column.

        Returns
        -------
        Application
            The application as it is now.

        Raises
        ------
        %(NoChanges)s
        %(UnknownApplication)s
        %(EmailTaken)s
        BadRequest
            If the schedule is not whole for LEIA (the embedded service wants days and both
            hours), or names a model that does not exist.
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
        models = always_on_workers_model_ids
        values = {
            **_named(application_name, email, first_name, last_name, default_job_callback_url),
            **_workers(dedicated_workers, dedicated_workers_ttl, dedicated_workers_max_models),
            "reduce_callback_payloads": validators.yes_no(
                "reduce_callback_payloads", reduce_callback_payloads
            ),
            **schedule(
                number=always_on_number,
                start_days=always_on_start_days,
                start_hour=always_on_start_hour,
                stop_hour=always_on_stop_hour,
                start_minute=always_on_start_minute,
                stop_minute=always_on_stop_minute,
                model_ids=None if models is None else [m.id for m in references(models, "model")],
            ),
        }
        return Application.from_json(
            self._on("edit_application", application, validators.changes(values))
        )

    def delete(self, application: Any) -> None:
        """Delete an application, and with it what it owns.

        LEIA operation: `admin_delete_application`.

        Parameters
        ----------
        %(application)s

        Raises
        ------
        %(UnknownApplication)s
        Forbidden
            If it is this login's own, or this login is no admin's.

        Examples
        --------
        >>> application = leia.applications.create("eve@example.org", "Eve", "Dropper")
        >>> leia.applications.delete(application)
        """
        self._on("delete_application", application)

    def reset_api_key(self, application: Any) -> Application:
        """Give an application a new API key, told this once; the old one is worth nothing then.

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
            If there is no such application, or it is no id at all.
        Forbidden
            If it is this login's own, or this login is no admin's.

        Examples
        --------
        >>> application = leia.applications.create("pat@example.org", "Pat", "Forgetful")
        >>> leia.applications.reset_api_key(application).api_key != application.api_key
        True
        >>> leia.applications.delete(application)
        """
        return Application.from_json(self._on("reset_api_key", application))

    def delete_schedule(self, application: Any, schedule: str | Mapping[str, Any]) -> None:
        """Take a schedule of always-on workers away from an application.

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
            If there is no such application or schedule.
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
        found = schedule.get("id") if isinstance(schedule, Mapping) else schedule
        if not isinstance(found, str):
            raise InvalidInput(
                f"schedule is {validators.shown(schedule)}. Give its id, or an entry of the "
                "application's always_on_schedules.",
                field="always_on_schedule_id",
            )
        values = {"always_on_schedule_id": validators.tag(found, "always_on_schedule_id")}
        self._on("delete_always_on_schedule", application, values)


def _named(
    application_name: str | None,
    email: str | None,
    first_name: str | None,
    last_name: str | None,
    default_job_callback_url: str | None,
) -> dict[str, Any]:
    return {
        "application_name": validators.text("application_name", application_name),
        "email": validators.text("email", email, needed=email is not None),
        "first_name": validators.text("first_name", first_name),
        "last_name": validators.text("last_name", last_name),
        "default_job_callback_url": validators.web_address(
            "default_job_callback_url", default_job_callback_url
        ),
    }


def _workers(on: bool | None, ttl: int | None, max_models: int | None) -> dict[str, Any]:
    return {
        "dedicated_workers": validators.yes_no("dedicated_workers", on),
        "dedicated_workers_ttl": validators.whole_number("dedicated_workers_ttl", ttl),
        "dedicated_workers_max_models": validators.whole_number(
            "dedicated_workers_max_models", max_models, least=1
        ),
    }
