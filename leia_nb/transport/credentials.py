"""What a connection needs: a valid base URL and an API key."""

from __future__ import annotations

import getpass
import importlib.util
import os
import re
import warnings
from typing import Any
from urllib.parse import urlsplit

from leia_nb.errors import InvalidInput

_PATH = re.compile(r"[/~.\\]|[A-Za-z]:[\\/]")  # how a path begins, but never a URL
_EXAMPLE = "'https://api.leia.io/leia/1.0.0'"


def check_base_url(url: Any) -> str:
    """Return a base URL without a trailing slash; raise `InvalidInput` if it is not valid."""
    if not isinstance(url, str):
        problem = f"url must be a string such as {_EXAMPLE}, got {type(url).__name__}."
    elif reason := _invalid_because(url.strip()):
        problem = (
            f"The URL {_without_secrets(url.strip())!r} {reason}. Give a base URL such as "
            f"{_EXAMPLE}, and the key as api_key."
        )
    else:
        return url.strip().rstrip("/")
    is_path = isinstance(url, os.PathLike) or (isinstance(url, str) and _PATH.match(url.strip()))
    advice = " For a data folder, use connect(data_dir=…)." if is_path else ""
    raise InvalidInput(problem + advice, field="url")


def _invalid_because(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        hostname, _ = parts.hostname, parts.port
        url.encode()
    except ValueError:
        return "is malformed"
    if parts.username is not None or parts.password is not None:
        return "contains a user name or password"
    if parts.scheme not in ("http", "https") or not hostname or not url.isprintable():
        return "is not a valid HTTP(S) URL"
    return "has a query or a fragment" if parts.query or parts.fragment else None


def _without_secrets(url: str) -> str:
    """Return a URL without a password or a key in its query."""
    before, sign, rest = url.rpartition("@")
    scheme = before.partition("://")[0] + "://" if "://" in before else ""
    return f"{scheme}***@{rest}".split("?")[0].split("#")[0] if sign else re.split("[?#]", url)[0]


def check_api_key(api_key: Any) -> str:
    """Return the API key; raise `InvalidInput`, without showing the key, if it is not valid."""
    if not isinstance(api_key, str):
        raise InvalidInput(
            f"api_key must be a string, got {type(api_key).__name__}.", field="api_key"
        )
    if any("\ud800" <= character <= "\udfff" for character in api_key):
        raise InvalidInput(
            "api_key contains a lone surrogate. Copy the key again.", field="api_key"
        )
    return api_key


def find_api_key(url: str) -> str:
    """Return the API key for a URL: from LEIA_API_KEY, else the keyring, else a prompt."""
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
        password: str | None = keyring.get_password("leia_nb", url)
    except keyring.errors.KeyringError:
        return None
    return password


def _from_prompt(url: str) -> str:
    """Prompt for the key; return "" where no terminal or kernel can prompt."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would echo the key
            return getpass.getpass(f"API key for {url}: ").strip()
    except (EOFError, OSError, NotImplementedError, getpass.GetPassWarning):
        return ""
