"""The call that applies a model to documents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.orm import Session

from leia_nb import page_range
from leia_nb.enums import FormatType, JobType, ModelType
from leia_nb.service import modules, queue
from leia_nb.service.refusals import Refusal, bad, forbidden, unknown
from leia_nb.service.routes import asking
from leia_nb.service.routes.context import Caller, caller_of, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.routes.models import ModelId
from leia_nb.service.routes.pairs import Pair
from leia_nb.service.routes.values import clean_url, split_ids
from leia_nb.service.storage import documents, models, tables
from leia_nb.service.storage.wire import job_json

pair = Pair("model")


class ApplyQuery(asking.AskingQuery):
    """What an apply may be asked in the query."""

    tag: str | None = Field(
        None,
        description="Work on the documents made from the one document that carry this tag.",
    )
    format_type: FormatType | None = Field(None, description="The form of the result.")
    page_range: str | None = Field(
        None, description="Which pages of the previous job: Python slices, e.g. 0,2:5,-1."
    )
    block_processing: bool | None = Field(
        None, description="Keep the job BLOCKED until it is started."
    )


class ApplyBody(asking.AskingBody):
    """What an apply may be asked in the body."""

    tag: str | None = None
    format_type: FormatType | None = None
    page_range: str | None = None
    block_processing: bool | None = None


@pair.both("POST", "/model/{model_id}/apply/{document_ids}", "apply_model_async")
def apply_model(
    request: Request,
    model_id: ModelId,
    document_ids: Annotated[str, Path(description="Ids separated by commas.")],
    query: Annotated[ApplyQuery, Query()],
    body: ApplyBody | None = None,
) -> Response:
    """Apply a model to documents; return the job that does it."""
    service, caller = service_of(request), caller_of(request)
    asked = asking.merged(query, body)
    params = asking.members(request, query, body)
    ids = split_ids(document_ids)
    _check_words(asked, ids)
    with service.database.read() as session:
        model = models.require_visible(session, caller.owner_id, model_id)
        _check_model(model, asked, params)
        if asked["execute_after_id"]:
            require_job(session, caller, asked["execute_after_id"], "execute_after_id")
        else:
            _check_documents(session, caller, model, ids, asked["tag"])
    job = queue.submit(service.database, _job(caller, model, ids, asked, params))
    service.wake()
    return JSONResponse(job_json(job))


def _job(
    caller: Caller,
    model: tables.Model,
    ids: list[str],
    asked: dict[str, Any],
    params: dict[str, Any],
) -> tables.Job:
    after = asked["execute_after_id"] or None
    blocked = bool(asked["block_processing"])
    return tables.Job(
        id=tables.new_id(),
        application_id=caller.owner_id,
        submitter_id=caller.login_id,
        job_type=JobType.PREDICT,
        model_id=model.id,
        document_ids=ids,
        status=asking.first_status(block_processing=blocked, execute_after_id=after),
        execute_after_id=after,
        callback_url=clean_url(asked["callback_url"]),
        request={
            "tag": asked["tag"] or None,
            "page_range": asked["page_range"] or None,
            "format_type": asked["format_type"],
            "model_params": params,
            "callback_headers": asking.clean_headers(asked["callback_headers"]),
        },
    )


def _check_words(asked: dict[str, Any], ids: list[str]) -> None:
    if not ids:
        raise bad("invalid_parameter", "document_ids names no document.", "document_ids")
    if asked["tag"] and len(ids) != 1:
        raise bad(
            "tag_needs_one_document",
            f"With tag, document_ids names exactly one document, and here are {len(ids)}. "
            "Name the one that the tagged documents were made from.",
            "tag",
        )
    if asked["page_range"]:
        _check_page_range(asked["page_range"], asked["execute_after_id"])
    clean_url(asked["callback_url"])


def _check_page_range(text: str, execute_after_id: str | None) -> None:
    if not execute_after_id:
        raise bad(
            "page_range_without_job",
            "page_range picks pages out of the previous job's results, so it needs "
            "execute_after_id. Give that too, or leave page_range out.",
            "page_range",
        )
    try:
        page_range.parse(text)
    except page_range.PageRangeError as error:
        raise bad("page_range_malformed", str(error), "page_range") from None


def _check_model(model: tables.Model, asked: dict[str, Any], params: dict[str, Any]) -> None:
    classifies = model.model_type == ModelType.CLASSIFICATION
    if asked["format_type"] == FormatType.CLASSIFICATION and not classifies:
        raise forbidden(
            "not_a_classifier",
            f"The model {model.name!r} ({model.id}) is no classifier but of type "
            f"{model.model_type}, so its result cannot be a Classification. "
            "Leave format_type out.",
            "format_type",
        )
    trainer = modules.trainer(model.model_module)
    if trainer is None:
        known = ", ".join(modules.names())
        advice = f"The model {model.id} cannot be applied without it. There are: {known}."
        raise unknown("model module", model.model_module, advice, "model_id")
    try:
        trainer.read_apply_parameters(params)
    except modules.InvalidParameters as error:
        raise bad(error.code, error.message, "model_params") from None


def _check_documents(
    session: Session, caller: Caller, model: tables.Model, ids: list[str], tag: str | None
) -> None:
    found = documents.require_own_all(session, caller.owner_id, ids)
    if tag:
        found = documents.made_from(session, caller.owner_id, ids[0], tag)
        if not found:
            raise Refusal(
                404,
                "no_documents",
                f"No document made from {ids[0]!r} carries the tag {tag!r}. Check the tag.",
                "tag",
            )
    for row in found:
        if not modules.accepts(model.input_types, row.mime_type):
            raise bad(
                "unusable_documents",
                f"The model {model.name!r} reads {', '.join(model.input_types)}, but document "
                f"{row.id} ({row.filename}) is {row.mime_type}. Leave that document out.",
                "document_ids",
            )
