"""The call that applies a model to documents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response

from leia_nb.enums import FormatType, JobType, ModelType
from leia_nb.service import trainers
from leia_nb.service.api_errors import forbidden, unknown
from leia_nb.service.routes import job_submission
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.context import caller_of, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.schemas.job_requests import ApplyBody, ApplyQuery
from leia_nb.service.schemas.objects import Job
from leia_nb.service.schemas.paths import DocumentIds, ModelId
from leia_nb.service.schemas.responses import returns
from leia_nb.service.storage import models, tables

routes = ScopedRoutes("model")


@routes.both("POST", "/model/{model_id}/apply/{document_ids}", **returns(Job, 403, 404))
def apply_model_async(
    request: Request,
    model_id: ModelId,
    document_ids: DocumentIds,
    query: Annotated[ApplyQuery, Query()],
    body: ApplyBody | None = None,
) -> Response:
    """Apply a model to documents; return the job that does it."""
    service, caller = service_of(request), caller_of(request)
    options = job_submission.merge_options(query, body)
    params = job_submission.merge_params(request, query, body)
    ids = job_submission.read_ids(document_ids, options, "tag")
    with service.database.read() as session:
        model = models.require_visible(session, caller.owner_id, model_id, forbids=True)
        check_model(model, options["format_type"], params)
        if options["execute_after_id"]:
            require_job(session, caller, options["execute_after_id"], "execute_after_id")
        else:
            rows = job_submission.find_documents(session, caller, ids, options["tag"])
            job_submission.check_readable(model, rows)
    details = {
        "tag": options["tag"] or None,
        "page_range": options["page_range"] or None,
        "format_type": options["format_type"],
        "model_params": params,
        "save_result": bool(options["save_result"]),
    }
    return job_submission.submit(
        service, caller, JobType.PREDICT, options, document_ids=ids, request=details, model=model
    )


def check_model(model: tables.Model, format_type: str | None, params: dict[str, Any]) -> None:
    """Refuse a format or parameters that a model does not support with 400, 403 or 404."""
    classifies = model.model_type == ModelType.CLASSIFICATION
    if format_type == FormatType.CLASSIFICATION and not classifies:
        raise forbidden(
            "not_a_classifier",
            f"format_type=classification needs a classifier, but the model {model.name!r} "
            f"({model.id}) is of type {model.model_type}. Leave format_type out.",
            "format_type",
        )
    trainer = trainers.trainer(model.model_module)
    if trainer is None:
        known = ", ".join(trainers.names())
        advice = f"The model {model.id} cannot be applied without it. Available: {known}."
        raise unknown("model module", model.model_module, advice, "model_id")
    with job_submission.trainer_errors("model_params"):
        trainer.read_apply_parameters(params)
