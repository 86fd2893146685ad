"""The call that applies a model to documents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import Field

from leia_nb.enums import FormatType, JobType, ModelType
from leia_nb.service import trainers
from leia_nb.service.api_errors import bad, forbidden, unknown
from leia_nb.service.routes import job_documents, job_parameters, job_submission
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import caller_of, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.routes.models import ModelId
from leia_nb.service.routes.parameter_types import Seconds, split_ids
from leia_nb.service.storage import models, tables

pair = RoutePair("model")


class ApplyQuery(job_parameters.ModelAskingQuery, job_parameters.PagesAskingQuery):
    """What an apply may be asked in the query."""

    tag: str | None = Field(
        None,
        description="Work on the documents made from the one document that carry this tag.",
    )
    format_type: FormatType | None = Field(None, description="The form of the result.")
    save_result: bool | None = Field(None, description="Keep the result as a JSON document, too.")
    priority: Seconds | None = Field(
        None, description="Jobs with a higher one start first; 0 if not given."
    )


class ApplyBody(job_parameters.ModelAskingBody, job_parameters.PagesAskingBody):
    """What an apply may be asked in the body."""

    tag: str | None = None
    format_type: FormatType | None = Field(None, strict=False)  # JSON has no enumerations
    save_result: bool | None = None
    priority: Seconds | None = None


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
    asked = job_parameters.merged(query, body)
    params = job_parameters.members(request, query, body)
    ids = split_ids(document_ids)
    job_documents.check_ids(ids)
    job_documents.check_tag_of_one(ids, asked["tag"])
    job_documents.check_page_range(asked["page_range"], asked["execute_after_id"])
    with service.database.read() as session:
        model = models.require_visible(session, caller.owner_id, model_id, forbids=True)
        check_model(model, asked["format_type"], params)
        if asked["execute_after_id"]:
            require_job(session, caller, asked["execute_after_id"], "execute_after_id")
        else:
            found = job_documents.find(session, caller, ids, asked["tag"])
            job_documents.check_readable(model, found)
    kept = {
        "tag": asked["tag"] or None,
        "page_range": asked["page_range"] or None,
        "format_type": asked["format_type"],
        "model_params": params,
        "save_result": bool(asked["save_result"]),
    }
    return job_submission.submit(
        service, caller, JobType.PREDICT, asked, document_ids=ids, request=kept, model_id=model.id
    )


def check_model(model: tables.Model, format_type: str | None, params: dict[str, Any]) -> None:
    """Refuse what a model cannot be asked.

    Raises
    ------
    Refusal
        403 ``not_a_classifier``, 404 ``unknown_model_module``, 400
        ``invalid_model_params``.
    """
    classifies = model.model_type == ModelType.CLASSIFICATION
    if format_type == FormatType.CLASSIFICATION and not classifies:
        raise forbidden(
            "not_a_classifier",
            f"The model {model.name!r} ({model.id}) is no classifier but of type "
            f"{model.model_type}, so its result cannot be a Classification. "
            "Leave format_type out.",
            "format_type",
        )
    trainer = trainers.trainer(model.model_module)
    if trainer is None:
        known = ", ".join(trainers.names())
        advice = f"The model {model.id} cannot be applied without it. There are: {known}."
        raise unknown("model module", model.model_module, advice, "model_id")
    try:
        trainer.read_apply_parameters(params)
    except trainers.InvalidParameters as error:
        raise bad(error.code, error.message, "model_params") from None
