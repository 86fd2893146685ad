"""Secrets among what is filled in: known by name or look, kept out of state and code.

A field shows `HIDDEN` in a secret's place and keeps the secret in Python, so that it is
neither in the widget's state (and the notebook) nor in the form's code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

HIDDEN = "•••"
"""What stands in a secret's place."""

_NAME = re.compile(
    r"(?i:authori[sz]ation|(^|[-_.])auth([-_.]|$)|cookie|secret|passw|passphrase|credential"
    r"|signature|api[-_.]?key|bearer|(^|[-_.])(token|key|pwd|jwt|sig|hmac)$)"
    r"|[a-z0-9]Key$|[A-Za-z0-9]Token$"
)
_SCHEME = re.compile(r"(?i:bearer)\s+\S+$|(?i:basic|token)\s+(?=\S*[A-Z0-9=])\S{8,}$")
_RANDOM = re.compile(
    r"(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])(?=(?:[A-Za-z]*[0-9]){2})[A-Za-z0-9]{24,}"
)
_PASSWORD = re.compile(r"^(?P<before>[^:/?#]+://(?:[^/?#@:]*:)?)(?P<secret>[^/?#]+)(?=@)")
_PLACE = re.compile(r"(?P<before>(?<!/)/)(?P<secret>[^/?#]+)")
_QUERY = re.compile(r"(?P<before>[?&#;](?P<name>[^=&#;]+)=)(?P<secret>[^&#;]+)")

_MARK = "\0"

Path = tuple[str, ...]
Secrets = dict[Path, str]
Change = Callable[[Path, str], Any]


class FromEnvironment:
    """A secret in a form's code: its place in the environment.

    Parameters
    ----------
    name : str
        The variable.

    Examples
    --------
    >>> FromEnvironment("MY_TOKEN")
    os.environ['MY_TOKEN']
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"os.environ[{self.name!r}]"


def variable(field: str, path: Path) -> str:
    """Return the environment's name for a secret.

    Examples
    --------
    >>> variable("callback_headers", ("Authorization",))
    'CALLBACK_HEADERS_AUTHORIZATION'
    """
    return re.sub(r"[^A-Z0-9]+", "_", "_".join([field, *path]).upper()).strip("_")


def is_secret(text: str) -> bool:
    """Whether a text looks like a secret, whatever it is called.

    That is what begins like the value of an Authorization header, and what has two dozen
    letters, small and capital ones, and digits in a row; ids of LEIA have small ones only.

    Examples
    --------
    >>> is_secret("Bearer 4711"), is_secret("d41d8cd98f00b204e9800998ecf8427e")
    (True, False)
    """
    return text == HIDDEN or bool(_SCHEME.match(text) or _RANDOM.search(text))


def in_json(value: Any, change: Change, path: Path = ()) -> Any:
    """Return JSON in which each secret is replaced by what `change` makes of it.

    Examples
    --------
    >>> in_json({"X-Api-Key": "k", "X-Project": "digits"}, lambda _path, _secret: HIDDEN)
    {'X-Api-Key': '•••', 'X-Project': 'digits'}
    """
    if isinstance(value, dict):
        return {key: in_json(one, change, (*path, key)) for key, one in value.items()}
    if isinstance(value, list):
        return [in_json(one, change, (*path, str(at))) for at, one in enumerate(value)]
    if isinstance(value, str) and value and (any(map(_NAME.search, path)) or is_secret(value)):
        return change(path, value)
    return value


def in_address(text: str, change: Change) -> str:
    """Return an address in which its password and other secrets are replaced.

    Examples
    --------
    >>> in_address("https://me:pw@example.org/?token=t&page=1", lambda _path, _secret: HIDDEN)
    'https://me:•••@example.org/?token=•••&page=1'
    """

    def changed(found: re.Match[str]) -> str:
        name = found.groupdict().get("name", "password")
        secret = found["secret"]
        hide = _NAME.search(name) or is_secret(secret)
        return found["before"] + (change((name,), secret) if hide else secret)

    def placed(found: re.Match[str]) -> str:
        secret = found["secret"]
        path = ("path", str(found.string.count("/", 0, found.start("secret"))))
        return found["before"] + (change(path, secret) if is_secret(secret) else secret)

    rest = _PASSWORD.sub(changed, text)
    address, mark, query = rest.partition("?")
    return _QUERY.sub(changed, _PLACE.sub(placed, address) + mark + query)


def address_source(field: str, masked: str) -> str:
    """Return the Python expression of an address whose secrets are hidden.

    Examples
    --------
    >>> address_source("callback_url", "https://me:•••@example.org")
    "'https://me:' + os.environ['CALLBACK_URL_PASSWORD'] + '@example.org'"
    """
    names: list[str] = []

    def mark(path: Path, _secret: str) -> str:
        names.append(variable(field, path))
        return _MARK

    first, *others = in_address(masked, mark).split(_MARK)
    pieces = [repr(first)]
    for name, other in zip(names, others, strict=True):
        pieces += [repr(FromEnvironment(name)), *([repr(other)] if other else [])]
    return " + ".join(pieces)
