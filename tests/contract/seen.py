"""What goes over the wire while a client is used, and which of its methods sent it.

The requests are real ones to a real service: `seeing` only looks on at the place where
requests hands them to the network.
"""

import inspect
import re
from contextlib import contextmanager
from dataclasses import dataclass

from requests.adapters import HTTPAdapter

from .paths import operation_of

_NAMED = re.compile(r"LEIA operations?\b[^:\n]*:(.*?)(?:\n\s*\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Call:
    """One request: its operation, the client's method and what that takes, the answer's status."""

    operation: str | None
    method: str
    named: bool
    takes: frozenset[str]
    status: int


class Seen:
    """Keeps the calls; `named` makes a client tell what it is doing."""

    def __init__(self):
        self.calls = []
        self._doing = ("", None)

    def named(self, target, name):
        """Return a stand-in for an object that passes every call on and notes its name."""
        return _Named(self, target, name)

    @contextmanager
    def doing(self, name, method):
        """Note that a method is at work; one that it calls itself does not count."""
        before = self._doing
        if not before[0]:
            self._doing = (name, method)
        try:
            yield
        finally:
            self._doing = before

    def note(self, request, status):
        """Keep one request."""
        operation = operation_of(request.method, request.url)
        name, method = self._doing
        takes = frozenset(inspect.signature(method).parameters if method else ())
        self.calls.append(Call(operation, name, _names(method, operation), takes, status))


class _Named:
    def __init__(self, seen, target, name):
        self._seen, self._target, self._name = seen, target, name

    def __getattr__(self, attribute):
        value, name = getattr(self._target, attribute), f"{self._name}.{attribute}"
        if not callable(value):
            return _Named(self._seen, value, name)

        def call(*given, **options):
            with self._seen.doing(name, value):
                return value(*given, **options)

        return call


def _names(method, operation):
    """Whether a method's docstring says that it calls this operation, or its admin twin."""
    found = _NAMED.search(getattr(method, "__doc__", None) or "")
    said = re.findall(r"`(\w+)`", found[1]) if found else []
    return (
        operation is not None and {operation, operation.removeprefix("admin_")} & set(said) != set()
    )


@contextmanager
def seeing():
    """Look on at every request of this process."""
    seen, send = Seen(), HTTPAdapter.send

    def look_on(self, request, *given, **options):
        response = send(self, request, *given, **options)
        seen.note(request, response.status_code)
        return response

    HTTPAdapter.send = look_on
    try:
        yield seen
    finally:
        HTTPAdapter.send = send
