"""What the calls that start jobs share: their options, their documents, and submitting."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from leia_nb.enums import JobType
from leia_nb.service import trainers, transforms
from leia_nb.service.api_errors import ApiError, bad, invalid
from leia_nb.service.queue import commands
from leia_nb.service.routes.context import Caller, Service
from leia_nb.service.schemas.job_requests import CallbackOptions, JobBody, ParamsQuery
from leia_nb.service.schemas.types import check_json, split_ids
from leia_nb.service.storage import documents, tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.job_inputs import input_document
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
    model: tables.Model | None = None,
) -> Response:
    """Put a job in the queue and return it; its row keeps `request`."""
    job = tables.Job(
        id=tables.new_id(),
        application_id=caller.owner_id,
        submitter_id=caller.login_id,
        job_type=job_type,
        model_id=model and model.id,
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


def check_tag_of_one(ids: list[str], tag: str | None, name: str = "tag") -> None:
    """Refuse a tag together with any other number of documents than one with 400."""
    if tag and len(ids) != 1:
        raise bad(
            "tag_needs_one_document",
            f"With {name}, expected one document in document_ids, got {len(ids)}. Name the "
            "document that the tagged documents were created from.",
            name,
        )


def read_ids(text: str, options: dict[str, Any], tag_name: str) -> list[str]:
    """Return the ids in a path; refuse options that need others, or a previous job, with 400."""
    ids = split_ids(text)
    if not ids:
        raise invalid(
            "expected at least one id in document_ids, got none. Add the ids of documents.",
            "document_ids",
        )
    check_tag_of_one(ids, options[tag_name], tag_name)
    if options["page_range"] and not options["execute_after_id"]:
        raise bad(
            "page_range_without_job",
            "page_range selects pages of the previous job's results, so it needs "
            "execute_after_id. Add that, or leave page_range out.",
            "page_range",
        )
    return ids


def find_documents(
    session: Session, caller: Caller, ids: list[str], tag: str | None, name: str = "tag"
) -> list[tables.Document]:
    """Return the documents named or, with a tag, those created from the one named; 404, 403."""
    rows = documents.require_own_all(session, caller.owner_id, ids, forbids=True)
    if not tag:
        return rows
    rows = documents.made_from(session, caller.owner_id, ids[0], tag)
    if not rows:
        message = f"No document created from {ids[0]!r} has the tag {tag!r}. Check the tag."
        raise ApiError(404, "no_documents", message, name)
    return rows


def check_readable(model: tables.Model, rows: list[tables.Document]) -> None:
    """Refuse documents that a model cannot read with 400 ``unusable_documents``."""
    for row in rows:
        if not trainers.accepts(model.input_types, row.mime_type):
            raise bad(
                "unusable_documents",
                f"The model {model.name!r} reads {', '.join(model.input_types)}, but document "
                f"{row.id} ({row.filename}) is {row.mime_type}. "
                + trainers.transform_advice(model.input_types, row.mime_type, "leave it out"),
                "document_ids",
            )


@contextmanager
def trainer_errors(field: str) -> Iterator[None]:
    """Turn an error of a trainer or transform into a 400 that names this parameter."""
    try:
        yield
    except (trainers.InvalidParameters, trainers.UnusableDocuments) as error:
        raise bad(error.code, error.message, field) from None


def check_transformable(blobs: Blobs, output_type: str, rows: list[tables.Document]) -> None:
    """Refuse documents that a transform cannot convert with 400 ``unusable_documents``."""
    with trainer_errors("document_ids"):
        transforms.check(output_type, [input_document(blobs, row) for row in rows])


def _parse_object(text: str | None, name: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise invalid(
            f'{name}: expected a JSON object such as {{"top": 3}}, got {text[:80]!r}. Or send '
            "each member as a query parameter.",
            name,
        )
    return value


def _contradiction(name: str) -> ApiError:
    message = f"expected one value for {name}, got two different ones. Send it once."
    return invalid(message, name.partition(".")[0])
