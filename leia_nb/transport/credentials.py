"""Where the API key of a LEIA service comes from when none is given."""

from __future__ import annotations

import getpass
import importlib.util
import os
import warnings

from leia_nb.errors import InvalidInput


def find_api_key(url: str) -> str:
    """Return the API key for an address.

    Looked for in this order: the environment variable ``LEIA_API_KEY``; the system's
    keyring, service ``leia_nb`` and the address as user name (if the package
    ``keyring`` is installed); a prompt that does not show what is typed.

    Parameters
    ----------
    url : str
        The service's address.

    Returns
    -------
    str
        The key.

    Raises
    ------
    InvalidInput
        If there is none and nobody can be asked (a notebook run without a person).
    """
    key = os.environ.get("LEIA_API_KEY") or _from_keyring(url) or _from_prompt(url)
    if key:
        return key
    raise InvalidInput(
        f"No API key for {url}. Pass api_key=…, set the environment variable LEIA_API_KEY, "
        f"or store it once with keyring.set_password('leia_nb', {url!r}, …).",
        field="api_key",
    )


def _from_keyring(url: str) -> str | None:
    if importlib.util.find_spec("keyring") is None:
        return None
    import keyring
    import keyring.errors

    try:
        found: str | None = keyring.get_password("leia_nb", url)
    except keyring.errors.KeyringError:
        return None
    return found


def _from_prompt(url: str) -> str:
    """Ask a person; without a terminal or a kernel that can ask, return nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show the key
            return getpass.getpass(f"API key for {url}: ").strip()
    except (EOFError, OSError, NotImplementedError, getpass.GetPassWarning):
        return ""
