"""What the calls that start jobs share: merging query and body, and submitting the job."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from leia_nb.enums import JobType
from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.queue import commands
from leia_nb.service.routes.context import Caller, Service
from leia_nb.service.schemas.job_requests import CallbackOptions, JobBody, ParamsQuery
from leia_nb.service.schemas.types import check_json
from leia_nb.service.storage import tables
from leia_nb.service.storage.serializers import job_json


def merge_options(query: CallbackOptions, body: JobBody | None) -> dict[str, Any]:
    """Return the options of query and body, None if in neither; 400 if the two differ."""
    excluded = {query.PARAMS} if isinstance(query, ParamsQuery) else set()
    options = query.model_dump(exclude=excluded)
    in_body = {} if body is None else body.model_dump(exclude=excluded, exclude_none=True)
    for name, value in in_body.items():
        if options.get(name) is not None and options[name] != value:
            raise _contradiction(name)
        options[name] = value
    return options


def merge_params(request: Request, query: ParamsQuery, body: JobBody | None) -> dict[str, Any]:
    """Return the members of `model_params` or `transform_params`; 400 if two places differ.

    Unknown query parameters are members, as strings or lists of strings; members in the
    body keep their JSON types.
    """
    owner = query.PARAMS
    params: dict[str, Any] = {}
    for name in request.query_params:
        if name not in type(query).model_fields:
            values = request.query_params.getlist(name)
            params[name] = values[0] if len(values) == 1 else values
    for members in (_parse_object(getattr(query, owner), owner), getattr(body, owner, None) or {}):
        for name, value in members.items():
            if name in params and params[name] != value:
                raise _contradiction(f"{owner}.{name}")
            params[name] = value
    return dict(check_json(params, owner))


def submit(
    service: Service,
    caller: Caller,
    job_type: JobType,
    options: Mapping[str, Any],
    *,
    document_ids: Sequence[str],
    request: Mapping[str, Any],
    model_id: str | None = None,
) -> Response:
    """Put a job in the queue and return it; its row keeps `request`."""
    job = tables.Job(
        id=tables.new_id(),
        application_id=caller.owner_id,
        submitter_id=caller.login_id,
        job_type=job_type,
        model_id=model_id,
        document_ids=list(document_ids),
        execute_after_id=options.get("execute_after_id") or None,
        callback_url=options["callback_url"] or None,
        priority=options.get("priority") or 0,
        request={**request, "callback_headers": options.get("callback_headers") or {}},
    )
    blocked = bool(options.get("block_processing"))
    job = commands.submit(service.database, job, block_processing=blocked)
    service.wake()
    return JSONResponse(job_json(job))


def _parse_object(text: str | None, name: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise bad(
            "invalid_parameter",
            f'{name}: expected a JSON object such as {{"top": 3}}, got {text[:80]!r}. Or send '
            "each member as a query parameter.",
            name,
        )
    return value


def _contradiction(name: str) -> ApiError:
    message = f"{name} is given twice, with different values. Give it once."
    return bad("invalid_parameter", message, name.partition(".")[0])
