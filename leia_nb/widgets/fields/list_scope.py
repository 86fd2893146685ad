"""Whose objects a form lists: an admin may use those of another application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

ListScope = Callable[[], Mapping[str, Any]]
"""Returns the keywords of a listing: ``application_id``, or the scope of the plain operation."""


def any_scope() -> Mapping[str, Any]:
    """Return the keywords for all objects that the login may see."""
    return {}


def own_scope() -> Mapping[str, Any]:
    """Return the keywords for the connected application's own objects.

    An admin's listings show the objects of all applications; these do not.
    """
    return {"scope": "plain"}
