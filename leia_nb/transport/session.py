"""A login at a LEIA service, and the one place that decides about retries.

Reads (GET) and the login are sent again when LEIA does not respond properly. A change is
sent once: if it was never sent the error is `ConnectionFailed`, and if its outcome is
unclear, `OutcomeUnknown`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, NoReturn, cast

from leia_nb.errors import UnexpectedAnswer
from leia_nb.records.records import Application
from leia_nb.transport.connection import Connection, Stream
from leia_nb.transport.credentials import check_api_key, check_base_url
from leia_nb.transport.request import Request
from leia_nb.transport.response import Response
from leia_nb.transport.retry_policy import Attempts, RetryPolicy
from leia_nb.transport.transport_errors import Failure, response_error


@dataclass(frozen=True)
class _Login:
    token: str = field(repr=False)
    application: Application


class Session:
    """A login at one LEIA service, which several threads may use at once.

    `api_key` may be a function, which is called at each login. `restart` is called when no
    connection can be made; it starts the service and returns its URL.
    """

    def __init__(
        self,
        url: str,
        api_key: str | Callable[[], str],
        *,
        restart: Callable[[], str] | None = None,
        retry_policy: RetryPolicy | None = None,
        key_in_url: bool = False,
    ) -> None:
        self._url = check_base_url(url)
        self._get_api_key = _getter(api_key)
        self._key_in_url = key_in_url
        self._restart = restart
        self._retry_policy = retry_policy or RetryPolicy()
        self._login: _Login | None = None
        self._login_lock = threading.Lock()
        self._restart_lock = threading.Lock()
        self._connection = Connection()

    @property
    def url(self) -> str:
        """The base URL; it changes when the embedded service restarts."""
        return self._url

    @property
    def application(self) -> Application:
        """The logged-in application.

        LEIA operation, on first use: `login_application_post`, or `login_application`.
        """
        return self._logged_in().application

    @property
    def known_application(self) -> Application | None:
        """The logged-in application, without a request; None before the first login."""
        return self._login.application if self._login else None

    def __repr__(self) -> str:
        return f"Session({self.url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A LEIA login cannot be pickled or copied: it holds a token. Connect again where you "
            "need it, with leia_nb.connect()."
        )

    def call(self, name: str, values: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """Return the JSON of `request`, which takes the same parameters; None if there is none."""
        return self.request(name, values, **options).content

    def request(
        self, name: str, values: Mapping[str, Any] | None = None, **options: Any
    ) -> Response:
        """Call an operation; options are the keywords of `Request.build`."""
        response = self._send(Request.build(name, values, **options))
        if response.status < 300:
            return response
        return replace(response, status=200, body=b"[]")  # `empty_on_404`

    def stream(self, name: str, values: Mapping[str, Any], headers: Mapping[str, str]) -> Stream:
        """Call an operation whose response is a file."""
        return cast("Stream", self._send(Request.build(name, values, headers=headers, stream=True)))

    def logout(self) -> None:
        """End the login, if there is one (LEIA operation: `logout_application`)."""
        with self._login_lock:
            login, self._login = self._login, None
        if login is None:
            return
        request = Request.build("logout_application")
        attempts = Attempts(self._retry_policy, request)
        result = self._connection.send(request, self._url, login.token, attempts)
        if isinstance(result, Failure):
            raise result.error
        # An error status means that the token is not valid any more.
        if result.status < 300 and (error := response_error(request, result, self._url)):
            raise error

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._connection.close()

    def _send(self, request: Request) -> Response:
        """Send a request until it succeeds or its error is final."""
        attempts = Attempts(self._retry_policy, request)
        renewed = restarted = False
        while True:
            login = None if request.anonymous else self._logged_in()
            url = self._url
            # Do not bind the token to a local variable: a traceback with locals would show it.
            result = self._connection.send(request, url, login.token if login else None, attempts)
            if isinstance(result, Failure):
                error = result.error
                if not (result.connected or restarted) and self._restart is not None:
                    restarted = True
                    self._restart_service(url)
                    continue
            else:
                problem = response_error(request, result, url)
                if problem is None:
                    return result
                if result.status == HTTPStatus.UNAUTHORIZED and login and not renewed:
                    renewed = True
                    self._forget(login)
                    continue
                error = problem
            if not (error.retryable and attempts.pause(error.retry_after)):
                raise error

    def _logged_in(self) -> _Login:
        if (login := self._login) is not None:
            return login
        with self._login_lock:
            if self._login is None:
                self._login = self._log_in()
            return self._login

    def _log_in(self) -> _Login:
        request = Request.login(self._get_api_key(), key_in_url=self._key_in_url)
        content = self._send(request).content
        payload = content if isinstance(content, dict) else {}
        if not _is_usable_token(payload.get("token")):
            raise UnexpectedAnswer(f"{self._url} answered the login without a valid token.")
        return _Login(payload["token"], Application.from_json(payload.get("application")))

    def _forget(self, login: _Login) -> None:
        with self._login_lock:
            if self._login is login:
                self._login = None

    def _restart_service(self, url: str) -> None:
        with self._restart_lock:
            if self._url == url and self._restart is not None:  # else another thread was faster
                self._url = check_base_url(self._restart())


def _getter(api_key: str | Callable[[], str]) -> Callable[[], str]:
    if callable(api_key):
        return api_key
    key = check_api_key(api_key)
    return lambda: key


def _is_usable_token(token: Any) -> bool:
    return isinstance(token, str) and token.isascii() and token.isprintable() and bool(token)
