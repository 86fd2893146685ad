"""`Leia`: the client and everything built on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from leia_nb.client import Client

if TYPE_CHECKING:
    from leia_nb.widgets import Forms


class Leia(Client):
    """What `leia_nb.connect` returns: the client, and its forms.

    Parameters
    ----------
    url : str
        The service's base address.
    api_key_source : callable
        Returns the API key; called when a login is needed.
    revive : callable, optional
        Brings a service that does not answer back to life; returns its address.
    connect_code : str, optional
        The call of `leia_nb.connect` that makes such a connection, without any key;
        default: the one with the address.

    Attributes
    ----------
    connect_code : str
        That call.

    Examples
    --------
    >>> form = leia.forms.edit("digits-v1")
    >>> form.values["model"]
    'digits-v1'
    """

    def __init__(
        self,
        url: str,
        api_key_source: Callable[[], str],
        *,
        revive: Callable[[], str] | None = None,
        connect_code: str | None = None,
    ) -> None:
        super().__init__(url, api_key_source, revive=revive)
        self.connect_code = connect_code or f"leia_nb.connect({url!r})"

    @cached_property
    def forms(self) -> Forms:
        """The forms: `create`, `apply`, `train`, `edit`, and the views `models` and `jobs`."""
        from leia_nb.widgets import Forms

        return Forms(self)
