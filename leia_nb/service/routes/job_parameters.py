"""What the calls that start jobs share: optional things come in the query, the body, or both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from fastapi import Request
from pydantic import ConfigDict, Field

from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.routes.parameter_types import Words, clean_json, clean_url


class CallbackQuery(Words):
    """What every job may be asked in the query."""

    model_config = ConfigDict(protected_namespaces=())

    callback_url: str | None = Field(None, description="Where the Job is POSTed when it is over.")


class CallbackBody(Words):
    """What every job may be asked in the body; an unknown member is refused.

    The body keeps JSON's types: the text "true" is no truth.
    """

    model_config = ConfigDict(extra="forbid", protected_namespaces=(), strict=True)

    callback_url: str | None = None
    callback_headers: dict[str, str] | None = None


class AskingQuery(CallbackQuery):
    """What apply, train and transform may be asked in the query.

    `MEMBERS` names the parameter that is an object: query parameters that LEIA does not
    know are members of it.
    """

    MEMBERS: ClassVar[str]

    execute_after_id: str | None = Field(
        None, description="The job that must be PROCESSED before this one starts."
    )


class AskingBody(CallbackBody):
    """What apply, train and transform may be asked in the body."""

    execute_after_id: str | None = None


class ModelAskingQuery(AskingQuery):
    """What apply and train may be asked in the query."""

    MEMBERS: ClassVar[str] = "model_params"

    model_params: str | None = Field(
        None,
        description="Parameters of the trainer: one query parameter per member "
        "(name=value), or all of them here as a JSON object.",
    )


class ModelAskingBody(AskingBody):
    """What apply and train may be asked in the body."""

    model_params: dict[str, Any] | None = None


class PagesAskingQuery(AskingQuery):
    """What apply and transform may be asked in the query."""

    page_range: str | None = Field(
        None, description="Which pages of the previous job: Python slices, e.g. 0,2:5,-1."
    )
    block_processing: bool | None = Field(
        None, description="Keep the job BLOCKED until it is started."
    )


class PagesAskingBody(AskingBody):
    """What apply and transform may be asked in the body."""

    page_range: str | None = None
    block_processing: bool | None = None


def merged(query: CallbackQuery, body: CallbackBody | None) -> dict[str, Any]:
    """Return what was asked in the query or the body; None where in neither.

    The callback's URL and headers are checked; without headers they are an empty dict.

    Raises
    ------
    ApiError
        400 if both say different things of the same parameter, or no callback can be sent so.
    """
    left_out = {query.MEMBERS} if isinstance(query, AskingQuery) else set()
    asked = query.model_dump(exclude=left_out)
    said = {} if body is None else body.model_dump(exclude=left_out, exclude_none=True)
    for name, value in said.items():
        if asked.get(name) is not None and asked[name] != value:
            raise _contradiction(name)
        asked[name] = value
    asked["callback_url"] = clean_url(asked["callback_url"])
    asked["callback_headers"] = clean_headers(asked.get("callback_headers"))
    return asked


def members(request: Request, query: AskingQuery, body: AskingBody | None) -> dict[str, Any]:
    """Return the members of `model_params` or `transform_params`, from wherever they came.

    Unknown query parameters are members, as text; a name given several times is a
    list. Members in the body keep their JSON types.

    Raises
    ------
    ApiError
        400 if two places say different things, or the parameter is no JSON object.
    """
    owner = query.MEMBERS
    found: dict[str, Any] = {}
    for name in request.query_params:
        if name not in type(query).model_fields:
            values = request.query_params.getlist(name)
            found[name] = values[0] if len(values) == 1 else values
    places = [_object(getattr(query, owner), owner), (body and getattr(body, owner)) or {}]
    for place in places:
        for name, value in place.items():
            if name in found and found[name] != value:
                raise _contradiction(f"{owner}.{name}")
            found[name] = value
    return dict(clean_json(found, owner))


def _object(text: str | None, name: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise bad(
            "invalid_parameter",
            f"{name} is no JSON object. Send each member as a query parameter of its own, "
            'or an object such as {"top": 3}.',
            name,
        )
    return value


def clean_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Return the callback headers without blanks around, or refuse what no header can be."""
    for name, value in (headers or {}).items():
        plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
        if not plain or not value.isprintable() or not value.isascii():
            raise bad(
                "invalid_parameter",
                f"callback_headers has {name[:40]!r}, which cannot be a header. Use letters, "
                "digits and '-' in names and printable ASCII in values.",
                "callback_headers",
            )
    return {name: value.strip() for name, value in (headers or {}).items()}


def _contradiction(name: str) -> ApiError:
    return bad(
        "invalid_parameter",
        f"{name} is given twice, with different values. Give it once.",
        name.partition(".")[0],
    )
