"""`Leia`: the client and its forms."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from leia_nb.client import Client

if TYPE_CHECKING:
    from leia_nb.widgets import Forms


class Leia(Client):
    """The client and its forms; `leia_nb.connect` returns it. Parameters as for `Client`.

    Examples
    --------
    >>> form = leia.forms.edit("digits-v1")
    >>> form.values["model"]
    'digits-v1'
    """

    @cached_property
    def forms(self) -> Forms:
        """The forms: `create`, `apply`, `train`, `edit`, and the views `models` and `jobs`."""
        from leia_nb.widgets import Forms

        return Forms(self)
