"""For whom a form works: an admin may work for another application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Whose = Callable[[], Mapping[str, Any]]
"""Returns the keywords that say for whom: ``application_id``, or the plain call."""


def everybody() -> Mapping[str, Any]:
    """Return the keywords for all objects that the login may see."""
    return {}


def own() -> Mapping[str, Any]:
    """Return the keywords for the connected application's own objects.

    An admin's listings show everybody's; these do not.
    """
    return {"scope": "plain"}
