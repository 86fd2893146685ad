"""LEIA in the notebook: models, documents, annotations, jobs, applications and workers.

``leia = leia_nb.connect()`` returns the client. Without a URL it starts an embedded LEIA
service, which stores, trains and predicts on this machine.

The import stays light: pandas, the widgets and the service load when they are first used.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.version import __version__

if TYPE_CHECKING:
    from leia_nb.client import Client
    from leia_nb.leia import Leia
    from leia_nb.widgets.forms.login import LoginForm

__all__ = ["Client", "InvalidInput", "Leia", "LeiaError", "__version__", "connect", "login_form"]


def connect(
    url: str | None = None,
    api_key: str | None = None,
    *,
    data_dir: Path | str | None = None,
) -> Leia:
    """Connect to the LEIA service at a URL, or to an embedded service on this machine.

    Without `url` and without ``LEIA_API_URL`` in the environment, the client connects to
    the embedded service of the data folder, which is started if it is not running. All
    kernels that use the same folder share it; it survives a kernel restart and exits after
    half an hour without requests and jobs. One line is printed, with its URL and its data
    folder.

    A service at a URL is first contacted by the first call, which logs in (LEIA operation:
    `login_application_post`).

    Parameters
    ----------
    url : str, optional
        The base URL of the service, e.g. ``"https://api.leia.io/leia/1.0.0"``;
        default: ``LEIA_API_URL``, else the embedded service.
    api_key : str, optional
        The API key of an application; default: ``LEIA_API_KEY``, else the system's
        keyring, else a prompt. The embedded service needs none.
    data_dir : path, optional
        The data folder of the embedded service; default: ``LEIA_NB_HOME``, else a folder
        in the user's home. Cannot be combined with `url`.

    Returns
    -------
    Leia
        ``leia``, with `.models`, `.documents`, `.annotations`, `.jobs`, `.applications`,
        `.workers` and `.forms`.

    Raises
    ------
    InvalidInput
        If both `url` and `data_dir` are given, or one of the three is not valid.
    MissingExtra
        If the embedded service is needed and ``leia_nb[local]`` is not installed.
    ServiceStartFailed
        If the embedded service does not start; the message shows the end of its log.

    Examples
    --------
    >>> import leia_nb
    >>> leia = leia_nb.connect()
    Connected to the embedded LEIA service at http://127.0.0.1:.../leia/1.0.0 (data folder: ...).
    >>> leia.whoami().application_type
    <ApplicationType.ADMIN: 'admin'>
    """
    from leia_nb.transport.credentials import check_api_key

    if url is not None and data_dir is not None:
        raise InvalidInput(
            "connect() got both url and data_dir. Only the embedded service has a data folder: "
            "give one of the two.",
            field="data_dir",
        )
    if api_key is not None:
        check_api_key(api_key)
    if url is None and not data_dir:
        url = os.environ.get("LEIA_API_URL") or None
    return _connect_embedded(data_dir, api_key) if url is None else _connect_to(url, api_key)


def login_form(url: str | None = None) -> LoginForm:
    """Open the form that connects to LEIA; it does not store the API key typed into it.

    Parameters
    ----------
    url : str, optional
        The base URL that the form shows first; default: ``LEIA_API_URL``, else empty,
        which means the embedded service.

    Returns
    -------
    LoginForm
        The form; after a login, its `leia` is the client.

    Examples
    --------
    >>> import leia_nb
    >>> leia_nb.login_form("https://api.leia.io/leia/1.0.0").values
    {'url': 'https://api.leia.io/leia/1.0.0'}
    """
    from leia_nb.widgets.forms.login import LoginForm

    return LoginForm(connect, url)


def _connect_to(url: str, api_key: str | None) -> Leia:
    from leia_nb.leia import Leia
    from leia_nb.transport.credentials import find_api_key

    return Leia(url, api_key or (lambda: find_api_key(url)))


def _connect_embedded(data_dir: Path | str | None, api_key: str | None) -> Leia:
    from leia_nb import embedded
    from leia_nb.leia import Leia

    folder = embedded.data_folder(data_dir)
    url = embedded.find_or_start(folder).url
    home = Path.home()
    shown = Path("~") / folder.relative_to(home) if folder.is_relative_to(home) else folder
    print(f"Connected to the embedded LEIA service at {url} (data folder: {shown}).")  # noqa: T201
    return Leia(
        url,
        api_key or (lambda: embedded.admin_key(folder)),
        restart=lambda: embedded.find_or_start(folder).url,
        connect_code=f"leia_nb.connect(data_dir={str(data_dir)!r})"
        if data_dir
        else "leia_nb.connect()",
    )


def __getattr__(name: str) -> object:
    if name == "Client":
        from leia_nb.client import Client

        return Client
    if name == "Leia":
        from leia_nb.leia import Leia

        return Leia
    raise AttributeError(f"module 'leia_nb' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "errors"])
