"""Secrets in the values of fields: recognized by name or pattern, kept out of state and code.

A field shows `HIDDEN` in a secret's place and keeps the secret in Python, so that it is
neither in the widget's state (and the notebook) nor in the form's code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

HIDDEN = "•••"
"""What is shown in place of a secret."""

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
_SEGMENT = re.compile(r"(?P<before>(?<!/)/)(?P<secret>[^/?#]+)")
_QUERY = re.compile(r"(?P<before>[?&#;](?P<name>[^=&#;]+)=)(?P<secret>[^&#;]+)")

_MARK = "\0"

Path = tuple[str, ...]
Secrets = dict[Path, str]
Change = Callable[[Path, str], Any]


class FromEnvironment:
    """A secret in a form's code: the environment variable that holds it.

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
    """Return the name of the environment variable for a secret.

    Examples
    --------
    >>> variable("callback_headers", ("Authorization",))
    'CALLBACK_HEADERS_AUTHORIZATION'
    """
    return re.sub(r"[^A-Z0-9]+", "_", "_".join([field, *path]).upper()).strip("_")


def is_secret(text: str) -> bool:
    """Whether a text looks like a secret, whatever its name.

    That is a value of an Authorization header, or 24 letters of both cases and digits in a row;
    LEIA's ids have lowercase letters only.

    Examples
    --------
    >>> is_secret("Bearer 4711"), is_secret("d41d8cd98f00b204e9800998ecf8427e")
    (True, False)
    """
    return text == HIDDEN or bool(_SCHEME.match(text) or _RANDOM.search(text))


def in_json(value: Any, change: Change, path: Path = ()) -> Any:
    """Return JSON with each secret replaced by the result of `change`.

    Examples
    --------
    >>> in_json({"X-Api-Key": "k", "X-Project": "digits"}, lambda _path, _secret: HIDDEN)
    {'X-Api-Key': '•••', 'X-Project': 'digits'}
    """
    if isinstance(value, dict):
        return {key: in_json(item, change, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [in_json(item, change, (*path, str(i))) for i, item in enumerate(value)]
    if isinstance(value, str) and value and (any(map(_NAME.search, path)) or is_secret(value)):
        return change(path, value)
    return value


def in_address(text: str, change: Change) -> str:
    """Return a URL with its password and other secrets replaced.

    Examples
    --------
    >>> in_address("https://me:pw@example.org/?token=t&page=1", lambda _path, _secret: HIDDEN)
    'https://me:•••@example.org/?token=•••&page=1'
    """

    def named(match: re.Match[str]) -> str:
        name = match.groupdict().get("name", "password")
        secret = match["secret"]
        hide = _NAME.search(name) or is_secret(secret)
        return match["before"] + (change((name,), secret) if hide else secret)

    def segment(match: re.Match[str]) -> str:
        secret = match["secret"]
        path = ("path", str(match.string.count("/", 0, match.start("secret"))))
        return match["before"] + (change(path, secret) if is_secret(secret) else secret)

    base, mark, query = _PASSWORD.sub(named, text).partition("?")
    return _QUERY.sub(named, _SEGMENT.sub(segment, base) + mark + query)


def address_source(field: str, masked: str) -> str:
    """Return the Python expression of a URL whose secrets are hidden.

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
