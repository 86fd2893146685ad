"""The form that logs in to a LEIA service."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.transport.credentials import check_base_url
from leia_nb.widgets.fields.api_key import ApiKeyField
from leia_nb.widgets.fields.secret import UrlField
from leia_nb.widgets.forms.field_factory import make_field
from leia_nb.widgets.forms.form import Form

if TYPE_CHECKING:
    from leia_nb.client import Client

    Connect = Callable[[str | None, str | None], Client]


class LoginForm(Form):
    """Log in to a LEIA service without storing the API key in the notebook.

    The key is sent to the kernel once, and is not part of any widget's state, code or message.
    The connected client keeps it in memory, to log in again when the token expires.

    LEIA operation: `login_application_post`.

    Parameters
    ----------
    connect : callable
        `leia_nb.connect`, which takes a URL and an API key; both may be None.
    url : str, optional
        The initial base URL of the service; default: ``LEIA_API_URL``, else empty, which means
        the embedded service.

    Attributes
    ----------
    leia : Client or None
        The connected client, also the `result`; None before the login.

    Examples
    --------
    >>> import leia_nb
    >>> form = leia_nb.login_form().fill(url=leia.url, api_key="not the key")
    >>> print(form.code)
    import leia_nb
    <BLANKLINE>
    # The API key comes from LEIA_API_KEY, the system's keyring, or a prompt.
    leia = leia_nb.connect('http://127.0.0.1:.../leia/1.0.0')
    >>> form.submit(wait=True)
    Traceback (most recent call last):
    leia_nb.errors.LoginFailed: http://127.0.0.1:... rejected the API key. ...
    """

    title = "Log in"
    lead = "Connect to a LEIA service. The API key is not stored in the notebook."
    verb = "Log in"

    def __init__(self, connect: Connect, url: str | None = None) -> None:
        self._connect = connect
        self._address = make_field(ServiceField, "url", form="login")
        self._key = make_field(ApiKeyField, "api_key", form="login")
        self._address.fill(url or os.environ.get("LEIA_API_URL"))
        super().__init__(cast("Client", None), [self._address, self._key])
        self._key.on_enter(self._clicked)

    @property
    def code(self) -> str:
        """The Python program that connects to the same service, without the key."""
        if self._address.value is None:
            return "import leia_nb\n\nleia = leia_nb.connect()"
        address = "'https://…'" if self._address.check() else self._address.literal()
        begin = "import os\n\nimport leia_nb" if "os.environ" in address else "import leia_nb"
        return (
            f"{begin}\n\n"
            "# The API key comes from LEIA_API_KEY, the system's keyring, or a prompt.\n"
            f"leia = leia_nb.connect({address})"
        )

    def check_combination(self) -> dict[str, str]:
        """Require a key for a service at a URL."""
        if self._address.value is None or self._key.is_there:
            return {}
        return {"api_key": "API key is empty. A service at a URL requires one. Enter it."}

    def call(self, values: dict[str, Any]) -> Client:
        """Connect, and log in at once to verify the key."""
        if self._key.is_in_browser:
            raise InvalidInput(
                "The API key was entered in the browser. Press Log in there to use it."
            )
        try:
            self.leia = self._logged_in(values.get("url"))
        except LeiaError as caught:
            error = caught.with_traceback(None)  # its frames may hold the key
        else:
            return self.leia
        if error.field is None and "url" in values:
            error.field = "url"
        raise error

    def _logged_in(self, url: str | None) -> Client:
        leia = self._connect(url, self._key.take())
        leia.whoami()
        return leia

    def _before_submit(self) -> None:
        """Fetch the key from the browser if the other values are valid."""
        if not self.check():
            self._key.fetch()


class ServiceField(UrlField):
    """The base URL of a service; empty = None."""

    def check(self) -> str | None:
        """Return why the text is not a valid URL."""
        if self.value is None:
            return None
        try:
            check_base_url(self.control.value)
        except InvalidInput as error:
            return str(error)
        return None
