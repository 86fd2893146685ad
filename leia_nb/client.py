"""The client: one attribute per resource of LEIA."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from leia_nb.records import html_repr
from leia_nb.records.records import Application
from leia_nb.resources.annotations import Annotations
from leia_nb.resources.applications import Applications
from leia_nb.resources.documents import Documents
from leia_nb.resources.jobs import Jobs
from leia_nb.resources.models import Models
from leia_nb.resources.workers import Workers
from leia_nb.transport.session import Session

if TYPE_CHECKING:
    from leia_nb.transport.retry_policy import RetryPolicy


class Client:
    """A client of one LEIA service; `leia_nb.connect` returns one.

    It logs in with its first call and can be used by several threads at once. Besides the
    errors that a method lists, every method raises `InvalidInput` for values that cannot be
    sent, `LoginFailed` if the API key is rejected, and `ConnectionFailed`, `RequestTimeout`,
    `ServiceFault` or `UnexpectedAnswer` if LEIA does not respond as expected.

    Parameters
    ----------
    url : str
        The base URL of the service, e.g. ``"https://api.leia.io/leia/1.0.0"``.
    api_key : str or callable
        The API key of the application, or a function that returns it when it is needed.
    restart : callable, optional
        Called when no connection can be made; starts the service and returns its URL.
    retry_policy : RetryPolicy, optional
        Timeouts and retries.
    key_in_url : bool, default False
        Whether to log in with the API key in the URL, which logs may keep; for older
        services that offer no other login.
    connect_code : str, optional
        The Python call that makes such a connection, without any key; default:
        ``leia_nb.connect`` with the URL.

    Attributes
    ----------
    connect_code : str
        That call; the code of a form begins with it.
    models : Models
        Create, list, train, apply … models.
    documents : Documents
        Upload, list, download, transform … documents.
    annotations : Annotations
        Label documents.
    jobs : Jobs
        List jobs, wait for them, make them depend on results.
    applications : Applications
        Create, list, edit … applications (admin).
    workers : Workers
        List the workers that run the jobs.

    Raises
    ------
    InvalidInput
        If `url` is not a valid base URL.

    Examples
    --------
    >>> leia.whoami().application_type
    <ApplicationType.ADMIN: 'admin'>
    """

    def __init__(
        self,
        url: str,
        api_key: str | Callable[[], str],
        *,
        restart: Callable[[], str] | None = None,
        retry_policy: RetryPolicy | None = None,
        key_in_url: bool = False,
        connect_code: str | None = None,
    ) -> None:
        self._session = Session(
            url, api_key, restart=restart, retry_policy=retry_policy, key_in_url=key_in_url
        )
        self.connect_code = connect_code or f"leia_nb.connect({url!r})"
        self.models = Models(self._session)
        self.documents = Documents(self._session)
        self.annotations = Annotations(self._session)
        self.jobs = Jobs(self._session)
        self.applications = Applications(self._session)
        self.workers = Workers(self._session)

    def __repr__(self) -> str:
        application = self._session.known_application
        if application is None:
            return f"Client({self.url!r}, not logged in yet)"
        name = application.application_name or application.email
        return f"Client({self.url!r}, application {name!r})"

    def _repr_html_(self) -> str:
        return html_repr.service(type(self).__name__, self.url, self._session.known_application)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A LEIA client cannot be pickled or copied: it holds a login. Connect again where you "
            f"need it: {self.connect_code}."
        )

    @property
    def url(self) -> str:
        """The base URL of the service."""
        return self._session.url

    @property
    def application(self) -> Application:
        """The logged-in application, from the login."""
        return self._session.application

    def whoami(self) -> Application:
        """Get the logged-in application; this also keeps the login alive.

        LEIA operation: `who_am_i`.

        Returns
        -------
        Application
            The logged-in application.

        Raises
        ------
        LoginFailed
            If the API key is rejected.

        Examples
        --------
        >>> leia.whoami().is_admin
        True
        """
        return Application.from_json(self._session.call("who_am_i"))

    def health(self) -> dict[str, Any]:
        """Check that the service is up; no login is needed.

        LEIA operation: `health_check`.

        Returns
        -------
        dict
            The status that the service reports; empty if it reports nothing.

        Raises
        ------
        ServiceFault
            If the service reports a fault.
        ConnectionFailed
            If the service cannot be reached.

        Examples
        --------
        >>> leia.health()["status"]
        'ok'
        """
        payload = self._session.call("health_check")
        return payload if isinstance(payload, dict) else {}

    def trainers(self) -> list[dict[str, Any]]:
        """List what the service can train, with its parameters; the embedded service only.

        LEIA operation: none (`get_trainers` of the embedded service).

        Returns
        -------
        list of dict
            One per `model_module`; ``training_parameters`` and ``apply_parameters`` are the JSON
            Schemas of the `model_params` of a training and of an apply.

        Raises
        ------
        NotFound
            If the service does not have this operation.

        Examples
        --------
        >>> trainer = next(t for t in leia.trainers() if t["model_module"] == "image_classifier")
        >>> trainer["training_parameters"]["properties"]["folds"]["maximum"]
        20
        """
        payload = self._session.call("get_trainers")
        trainers = payload.get("trainers") if isinstance(payload, dict) else None
        return trainers if isinstance(trainers, list) else []

    def logout(self) -> None:
        """End the login; the next call logs in again.

        LEIA operation: `logout_application`.

        Raises
        ------
        ConnectionFailed
            If LEIA cannot be reached; the client forgets the login nevertheless.

        Examples
        --------
        >>> leia.logout()
        >>> leia.whoami().is_admin
        True
        """
        self._session.logout()

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._session.close()
