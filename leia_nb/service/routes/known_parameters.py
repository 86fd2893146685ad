"""Which parameters a call has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel


def known(request: Request, place: str) -> list[str]:
    """Return the names of a call's parameters.

    Parameters
    ----------
    request : fastapi.Request
        A request of this call.
    place : str
        ``"query"`` or ``"body"``.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return []
    fields = route.dependant.query_params if place == "query" else route.dependant.body_params
    return [name for field in fields for name in _names(field)]


def _names(field: Any) -> Iterator[str]:
    """Yield the fields of a model that collects parameters, or the name of a single one."""
    kind = field.field_info.annotation
    kinds = [one for one in (kind, *get_args(kind)) if isinstance(one, type)]
    models = [one for one in kinds if issubclass(one, BaseModel)]
    if not models:
        yield field.alias
    for model in models:
        yield from model.model_fields
