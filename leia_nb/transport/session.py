"""The only module of the client that speaks HTTP: login, time limits, retries.

Reads (GET) and the login are sent again when LEIA does not answer properly. What
changes something is sent once: if nothing was sent at all the error is
`ConnectionFailed`, and if nobody can say what became of it, `OutcomeUnknown`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NoReturn

import requests
import urllib3
from requests.adapters import HTTPAdapter

from leia_nb.errors import (
    LeiaError,
    NotLoggedIn,
    UnexpectedAnswer,
)
from leia_nb.records.records import Application
from leia_nb.transport import response
from leia_nb.transport.request import Clock, Request, RetryPolicy, Upload, base_address, is_loopback
from leia_nb.transport.response import Response
from leia_nb.transport.streams import BLOCK, Stream
from leia_nb.transport.transport_errors import (
    TransportFailure,
    broken,
    nothing_sent,
    read_body,
    translate,
    unclear,
)
from leia_nb.version import __version__

_CONNECTIONS = 32
_STALE = 3.0  # seconds; a connection idle for longer may be dead without our knowing


@dataclass(frozen=True)
class _Login:
    token: str = field(repr=False)
    application: Application


class Session:
    """A login at one LEIA service, which several threads may use at once.

    Parameters
    ----------
    url : str
        The base address, e.g. ``"https://api.leia.io/leia/1.0.0"``.
    api_key_source : callable
        Returns the API key; called at each login, never before it is needed.
    revive : callable, optional
        Called when the connection is refused; starts the service again and returns
        its address.
    patience : RetryPolicy, optional
        Time limits and retries.
    key_in_address : bool
        Whether to log in the older way, with the API key as part of the address.

    Raises
    ------
    InvalidInput
        If the address is none.
    """

    def __init__(
        self,
        url: str,
        api_key_source: Callable[[], str],
        *,
        revive: Callable[[], str] | None = None,
        patience: RetryPolicy | None = None,
        key_in_address: bool = False,
    ) -> None:
        self._key_in_address = key_in_address
        self._url = base_address(url)
        self._api_key_source = api_key_source
        self._revive = revive
        self._patience = patience or RetryPolicy()
        self._login: _Login | None = None
        self._login_lock = threading.Lock()
        self._revive_lock = threading.Lock()
        self._last_used = 0.0
        self._http = _http()

    @property
    def url(self) -> str:
        """The base address; it changes when the embedded service was started again."""
        return self._url

    @property
    def application(self) -> Application:
        """Who is logged in.

        LEIA operation, on first use: `login_application_post`, or `login_application`.
        """
        return self._logged_in().application

    @property
    def known_application(self) -> Application | None:
        """Who is logged in, without asking; None before the first login."""
        return self._login.application if self._login else None

    def __repr__(self) -> str:
        return f"Session({self.url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A LEIA login cannot be pickled or copied: it holds a token. Connect anew where you "
            "need it, with leia_nb.connect()."
        )

    def call(self, name: str, values: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """Return the JSON of `answer`, which has the same parameters; None if there is none."""
        return self.answer(name, values, **options).content

    def answer(
        self,
        name: str,
        values: Mapping[str, Any] | None = None,
        *,
        content: Any = None,
        upload: Upload | None = None,
        within: float | None = None,
        empty_on_404: bool = False,
    ) -> Response:
        """Call an operation and return the whole answer, whose body is JSON or empty.

        Parameters
        ----------
        name : str
            LEIA's name of the operation.
        values : mapping, optional
            Path and query parameters by LEIA's names; None is left out.
        content : optional
            A JSON body; None sends none.
        upload : Upload, optional
            A file as body.
        within : float, optional
            Seconds that a read may take, all tries together.
        empty_on_404 : bool
            Take a 404 with ``Content-Range: 0-0/0`` as an empty listing.

        Returns
        -------
        Response
            Status, headers, and a body that is JSON or empty.

        Raises
        ------
        LeiaError
            Of the class that says what is wrong.
        """
        order = Request.of(name, values, content=content, upload=upload, within=within)
        outcome = self._exchange(order)
        if isinstance(outcome, Stream):
            raise TypeError(f"{name} answers with a file: use stream().")
        if outcome.status < 300:
            return outcome
        if empty_on_404 and outcome.status == 404 and outcome.total == 0:
            return replace(outcome, status=200, body=b"[]")
        raise self._refusal(order, outcome)

    def stream(
        self,
        name: str,
        values: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Stream:
        """Call an operation that answers with a file.

        Parameters
        ----------
        name, values
            As for `answer`.
        headers : mapping, optional
            Further headers, e.g. ``Range``.

        Returns
        -------
        Stream
            The open answer; to be used in a ``with`` block.
        """
        order = Request.of(name, values, headers=headers, stream=True)
        outcome = self._exchange(order)
        if isinstance(outcome, Stream):
            return outcome
        raise self._refusal(order, outcome)

    def logout(self) -> None:
        """End the token, if there is one (LEIA operation: `logout_application`)."""
        with self._login_lock:
            login, self._login = self._login, None
        if login is None:
            return
        order = Request.of("logout_application")
        outcome = self._attempt(order, self._url, login, Clock(self._patience, order))
        if isinstance(outcome, TransportFailure):
            raise outcome.error

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._http.close()

    def _exchange(self, order: Request) -> Response | Stream:
        """Send until there is an answer that holds: log in, revive the service, try again."""
        clock = Clock(self._patience, order)
        renewed = revived = False
        while True:
            login = None if order.anonymous else self._logged_in()
            address = self._url
            outcome = self._attempt(order, address, login, clock)
            if isinstance(outcome, TransportFailure):
                if outcome.nothing_sent and self._revive is not None and not revived:
                    revived = True
                    self._start_again(address)
                elif not self._again(order, outcome.error, clock):
                    raise outcome.error
            elif isinstance(outcome, Stream):
                return outcome
            elif outcome.status == 401 and login is not None and not renewed:
                renewed = True
                self._forget(login)
            elif outcome.status not in response.RETRYABLE or not self._again(
                order, self._refusal(order, outcome), clock
            ):
                return outcome

    @staticmethod
    def _again(order: Request, error: LeiaError, clock: Clock) -> bool:
        return order.repeatable and error.retryable and clock.sleep(error.retry_after)

    def _attempt(
        self, order: Request, address: str, login: _Login | None, clock: Clock
    ) -> Response | Stream | TransportFailure:
        """Send once. Errors of the libraries below end here: they may hold secrets."""
        try:
            return self._send(order, address, login, clock)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as caught:
            if order.upload is not None and order.upload.failure is not None:
                return TransportFailure(order.upload.failure)
            trouble = TransportFailure(translate(caught, order, address), nothing_sent(caught))
        return trouble

    def _send(
        self, order: Request, address: str, login: _Login | None, clock: Clock
    ) -> Response | Stream | TransportFailure:
        headers = {**order.headers, **({"token": login.token} if login else {})}
        if order.upload is not None:
            order.upload.rewind()
        body: Any = order.upload if order.upload is not None else order.body
        http = self._pool(order)
        request = http.prepare_request(
            requests.Request(
                order.operation.method, address + order.target, headers=headers, data=body
            )
        )
        response = http.send(
            request, timeout=clock.timeouts(), allow_redirects=False, **self._surroundings(address)
        )
        self._last_used = time.monotonic()
        if response.status_code >= 500 and self._http is http:
            self._http = _http()  # a service may hang up after such an answer
        if order.stream and response.status_code in (200, 206):
            return Stream(response, lambda caught: translate(caught, order, address))
        with response:
            body = read_body(response.raw, clock)
        answer = Response(response.status_code, response.headers, body)
        if response.status_code >= 300 or not answer.is_json:
            # such a page may show what it was sent
            answer = answer.without(login.token if login is not None else order.secret)
        return self._whole(order, answer, address)

    def _pool(self, order: Request) -> requests.Session:
        """Return the connections to use: for a change, none that may have died unnoticed."""
        if not order.repeatable and time.monotonic() - self._last_used > _STALE:
            self._last_used = time.monotonic()
            self._http = _http()  # other threads may still use the old ones
        return self._http

    def _whole(self, order: Request, answer: Response, address: str) -> Response | TransportFailure:
        """Pass on an answer that is complete and, if it is a success, JSON."""
        if answer.status >= 300 or (order.operation.answers_nothing and not answer.body.strip()):
            return answer
        if answer.is_json:
            return answer
        if answer.is_cut_off:
            return TransportFailure(broken(order, f"The answer of {address} was cut off"))
        return TransportFailure(response.not_json(order.operation, answer, address))

    def _surroundings(self, address: str) -> dict[str, Any]:
        """Return proxies and certificates as the environment says; loopback uses no proxy."""
        settings = self._http.merge_environment_settings(address, {}, True, None, None)
        if is_loopback(address):
            settings["proxies"] = {}
        return dict(settings)

    def _refusal(self, order: Request, answer: Response) -> LeiaError:
        error = response.error(order.operation, answer, self._url)
        if not order.repeatable and response.is_unclear(answer):
            return unclear(order, f"{self._url} answered with status {answer.status}")
        if isinstance(error, NotLoggedIn) and order.operation.name.startswith("admin_"):
            error.args = (f"{error} An admin call needs the login of an admin application.",)
        return error

    def _logged_in(self) -> _Login:
        if (login := self._login) is not None:
            return login
        with self._login_lock:
            if self._login is None:
                self._login = self._new_login()
            return self._login

    def _forget(self, login: _Login) -> None:
        with self._login_lock:
            if self._login is login:
                self._login = None

    def _new_login(self) -> _Login:
        order = Request.login(self._api_key_source(), in_address=self._key_in_address)
        outcome = self._exchange(order)
        assert isinstance(outcome, Response)  # noqa: S101 - only a file is streamed
        if outcome.status >= 300:
            raise response.login_error(order.operation, outcome, self._url)
        told = outcome.content
        token = told.get("token") if isinstance(told, dict) else None
        if not (isinstance(token, str) and token.isascii() and token.isprintable() and token):
            raise UnexpectedAnswer(f"{self._url} answered the login without a usable token.")
        return _Login(token, Application.from_json(told.get("application")))

    def _start_again(self, address: str) -> None:
        with self._revive_lock:
            if self._url == address and self._revive is not None:
                self._url = base_address(self._revive())


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, blocksize=BLOCK)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from looking into .netrc: the token is the only credential."""
    return request


def _http() -> requests.Session:
    http = requests.Session()
    adapter = _Adapter(pool_connections=4, pool_maxsize=_CONNECTIONS)
    http.mount("http://", adapter)
    http.mount("https://", adapter)
    http.auth = _no_auth
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    http.headers["User-Agent"] = f"leia_nb/{__version__}"
    http.headers["Accept-Encoding"] = "gzip"
    return http
