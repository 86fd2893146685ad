"""How many rows a listing has in all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from leia_nb.errors import LeiaError
from leia_nb.resources.base import Resource

if TYPE_CHECKING:
    from leia_nb.transport.response import Response


class _Listening:
    """A session that notes how many rows LEIA counts."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.total: int | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def request(self, *args: Any, **options: Any) -> Response:
        """Send a request, and note the total."""
        response: Response = self._session.request(*args, **options)
        self.total = response.total
        return response


def total(resource: Any, filters: Mapping[str, Any]) -> int | None:
    """Return how many rows a listing has in all, by reading one of them.

    Parameters
    ----------
    resource : Models or Jobs
        What lists.
    filters : mapping of str to object
        What its `list` takes.

    Returns
    -------
    int or None
        None if LEIA does not say.

    Examples
    --------
    >>> total(leia.models, {"tags": ["digits"]})
    1
    """
    if not isinstance(resource, Resource):
        return None
    listening = _Listening(resource._session)
    kind: Any = type(resource)
    try:
        kind(listening).list(**filters, limit=1, progress=False)
    except LeiaError:
        return None
    return listening.total
