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
from leia_nb.transport.request import usable_key
from leia_nb.transport.session import Session

if TYPE_CHECKING:
    from leia_nb.transport.request import RetryPolicy


class Client:
    """LEIA, as a notebook uses it. `leia_nb.connect` makes one.

    It logs in with its first call, and may be used by several threads at once. Besides the
    errors that a method lists, any of them raises `InvalidInput` for what cannot be sent,
    `LoginFailed` if the API key is not accepted, and `ConnectionFailed`, `RequestTimeout`,
    `ServiceFault` or `UnexpectedAnswer` if LEIA does not answer as it should.

    Parameters
    ----------
    url : str
        The service's base address, e.g. ``"https://api.leia.io/leia/1.0.0"``.
    api_key : str or callable
        The application's key, or what returns it when it is needed.
    revive : callable, optional
        Called when the connection is refused; starts the service again and returns
        its address.
    patience : RetryPolicy, optional
        Time limits and retries.
    key_in_address : bool
        Whether to log in the older way, for a service that knows no other: the API key
        is then part of an address, which logs may keep.
    connect_code : str, optional
        The Python call that makes such a connection, without any key; default:
        ``leia_nb.connect`` with the address.

    Attributes
    ----------
    connect_code : str
        That call; the code of a form begins with it.
    models : Models
        Create, list, train, apply … models.
    documents : Documents
        Upload, list, download, transform … documents.
    annotations : Annotations
        Say what is right about documents.
    jobs : Jobs
        List jobs, wait for them, make them depend on results.
    applications : Applications
        Create, list, edit … applications (admin).
    workers : Workers
        See what runs the jobs.

    Raises
    ------
    InvalidInput
        If `url` is no address.

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
        revive: Callable[[], str] | None = None,
        patience: RetryPolicy | None = None,
        key_in_address: bool = False,
        connect_code: str | None = None,
    ) -> None:
        key = api_key if callable(api_key) else usable_key(api_key)
        source = key if callable(key) else lambda: key
        self._session = Session(
            url, source, revive=revive, patience=patience, key_in_address=key_in_address
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
            "A LEIA client cannot be pickled or copied: it holds a login. Connect anew where you "
            f"need it: {self.connect_code}."
        )

    @property
    def url(self) -> str:
        """The service's base address."""
        return self._session.url

    @property
    def application(self) -> Application:
        """Who is logged in, as the login said."""
        return self._session.application

    def whoami(self) -> Application:
        """Ask who is logged in; this also keeps the login alive.

        LEIA operation: `who_am_i`.

        Returns
        -------
        Application
            The connected application.

        Raises
        ------
        LoginFailed
            If the API key is not accepted.

        Examples
        --------
        >>> leia.whoami().is_admin
        True
        """
        return Application.from_json(self._session.call("who_am_i"))

    def health(self) -> dict[str, Any]:
        """Ask whether the service is well; needs no login.

        LEIA operation: `health_check`.

        Returns
        -------
        dict
            What it says of itself; empty if it says nothing.

        Raises
        ------
        ServiceFault
            If it is not well.
        ConnectionFailed
            If it cannot be reached.

        Examples
        --------
        >>> leia.health()["status"]
        'ok'
        """
        told = self._session.call("health_check")
        return told if isinstance(told, dict) else {}

    def logout(self) -> None:
        """End the login; the next call logs in again.

        LEIA operation: `logout_application`.

        Raises
        ------
        ConnectionFailed
            If LEIA cannot be reached; here, the login is ended all the same.

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
