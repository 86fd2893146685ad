"""Record which LEIA operation each HTTP request calls, and which client method sent it.

The requests go to a real service; `record_calls` wraps the method that sends them.
"""

import inspect
import re
from contextlib import contextmanager
from dataclasses import dataclass

from requests.adapters import HTTPAdapter

from .operation_lookup import operation_of

_DOCUMENTED = re.compile(r"LEIA operations?\b[^:\n]*:(.*?)(?:\n\s*\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A request: its operation, the client method that sent it, and the response status."""

    operation: str | None
    method: str
    documented: bool  # whether the method's docstring names the operation
    parameters: frozenset[str]  # of the method
    status: int


class CallRecorder:
    """Collects calls; `wrap` makes an object report which of its methods is running."""

    def __init__(self):
        self.calls = []
        self._running = ("", None)

    def wrap(self, target, name):
        """Return a proxy that forwards every method call and reports the method's name."""
        return _Proxy(self, target, name)

    @contextmanager
    def running(self, name, method):
        """Report that a method is running; methods that it calls itself are not reported."""
        outer = self._running
        if not outer[0]:
            self._running = (name, method)
        try:
            yield
        finally:
            self._running = outer

    def add(self, request, status):
        operation = operation_of(request.method, request.url)
        name, method = self._running
        parameters = frozenset(inspect.signature(method).parameters if method else ())
        documented = _documents(method, operation)
        self.calls.append(Call(operation, name, documented, parameters, status))


class _Proxy:
    def __init__(self, recorder, target, name):
        self._recorder, self._target, self._name = recorder, target, name

    def __getattr__(self, attribute):
        value, name = getattr(self._target, attribute), f"{self._name}.{attribute}"
        if not callable(value):
            return _Proxy(self._recorder, value, name)

        def call(*args, **kwargs):
            with self._recorder.running(name, value):
                return value(*args, **kwargs)

        return call


def _documents(method, operation):
    """Return whether a method's docstring names this operation, or its plain counterpart."""
    match = _DOCUMENTED.search(getattr(method, "__doc__", None) or "")
    names = set(re.findall(r"`(\w+)`", match[1])) if match else set()
    return operation is not None and not names.isdisjoint(
        {operation, operation.removeprefix("admin_")}
    )


@contextmanager
def record_calls():
    """Record all requests of this process."""
    recorder, send = CallRecorder(), HTTPAdapter.send

    def recording_send(self, request, *args, **kwargs):
        response = send(self, request, *args, **kwargs)
        recorder.add(request, response.status_code)
        return response

    HTTPAdapter.send = recording_send
    try:
        yield recorder
    finally:
        HTTPAdapter.send = send
