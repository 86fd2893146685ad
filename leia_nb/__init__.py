"""LEIA in the notebook: models, documents, annotations, jobs, applications and workers.

``leia = leia_nb.connect()`` is where everything starts. Without an address it
starts an embedded LEIA service, which really stores, trains and predicts.

Importing this package loads neither pandas nor widgets nor the service, opens no
connection and starts no thread; each part loads with its first use.
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
    """Connect to LEIA: to the service at an address, or to one of your own.

    Without `url`, and without ``LEIA_API_URL`` in the environment, the embedded
    service of the data folder is used. It is started if it does not run yet, is
    shared by every kernel that uses that folder, survives a kernel restart, and
    leaves by itself after half an hour without anything to do. One printed line says
    where it listens and where its data lie.

    Nothing is sent to a service at an address before the first call; then the client
    logs in (LEIA operation: `login_application_post`).

    Parameters
    ----------
    url : str, optional
        The service's base address, e.g. ``"https://api.leia.io/leia/1.0.0"``;
        default: ``LEIA_API_URL``, else the embedded service.
    api_key : str, optional
        The key of an application; default: ``LEIA_API_KEY``, else the system's
        keyring, else a prompt. The embedded service needs none.
    data_dir : path, optional
        The data folder of the embedded service; default: ``LEIA_NB_HOME``, else the
        user's own data folder. Only without `url`.

    Returns
    -------
    Leia
        ``leia``, with `.models`, `.documents`, `.annotations`, `.jobs`, `.applications`,
        `.workers` and `.forms`.

    Raises
    ------
    InvalidInput
        If both `url` and `data_dir` are given, or one of the three is unusable.
    MissingExtra
        If the embedded service is wanted and ``leia_nb[local]`` is not installed.
    ServiceStartFailed
        If the embedded service does not start; the error shows why.

    Examples
    --------
    >>> import leia_nb
    >>> leia = leia_nb.connect()
    LEIA runs embedded at http://127.0.0.1:.../leia/1.0.0 (its data: ...).
    >>> leia.whoami().application_type
    <ApplicationType.ADMIN: 'admin'>
    """
    if url is not None and data_dir is not None:
        raise InvalidInput(
            "connect() got both url and data_dir. The data folder belongs to the embedded service: "
            "leave out one of the two.",
            field="data_dir",
        )
    address = url if url is not None or data_dir else os.environ.get("LEIA_API_URL") or None
    return (
        _connect_to(address, api_key)
        if address is not None
        else _connect_embedded(data_dir, api_key)
    )


def login_form(url: str | None = None) -> LoginForm:
    """Open the form that connects to LEIA; the API key typed into it is kept nowhere.

    Parameters
    ----------
    url : str, optional
        The service's base address to begin with; default: ``LEIA_API_URL``, else
        empty, which means the embedded service.

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
    from leia_nb.transport.request import usable_key

    if api_key is not None:
        usable_key(api_key)
    return Leia(url, (lambda: api_key) if api_key else (lambda: find_api_key(url)))


def _connect_embedded(data_dir: Path | str | None, api_key: str | None) -> Leia:
    from leia_nb import embedded
    from leia_nb.leia import Leia
    from leia_nb.transport.request import usable_key

    if api_key is not None:
        usable_key(api_key)
    folder = embedded.data_folder(data_dir)
    address, _ = embedded.find_or_start(folder)
    print(f"LEIA runs embedded at {address.url} (its data: {_shown(folder)}).")  # noqa: T201 - promised
    return Leia(
        address.url,
        lambda: api_key or embedded.admin_key(folder) or _key_given_to(folder),
        revive=lambda: embedded.find_or_start(folder)[0].url,
        connect_code=f"leia_nb.connect(data_dir={str(data_dir)!r})"
        if data_dir
        else "leia_nb.connect()",
    )


def _key_given_to(folder: Path) -> str:
    """Return the key of a data folder that `leia-nb serve` set up with one of its own."""
    if key := os.environ.get("LEIA_API_KEY"):
        return key
    raise InvalidInput(
        f"The data folder {folder} has no file admin.key: its service was first started with a key "
        "of its own, in LEIA_API_KEY. Pass that one as api_key=…, or set LEIA_API_KEY.",
        field="api_key",
    )


def _shown(folder: Path) -> Path:
    """Return the folder as people write it, below their home."""
    home = Path.home()
    return Path("~") / folder.relative_to(home) if folder.is_relative_to(home) else folder


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
