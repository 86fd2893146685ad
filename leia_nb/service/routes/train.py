"""The calls that train a model, and list what can be trained."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from fastapi.responses import JSONResponse

from leia_nb.enums import JobType
from leia_nb.service import trainers, transforms
from leia_nb.service.api_errors import ApiError, forbidden, invalid, meant, unknown
from leia_nb.service.routes import job_submission
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.admin_routes import router as new_router
from leia_nb.service.routes.context import Caller, caller_of, plain, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.schemas.job_requests import TrainBody, TrainQuery
from leia_nb.service.schemas.objects import Job, Trainers
from leia_nb.service.schemas.paths import ModelModule
from leia_nb.service.schemas.requests import DEFAULT_MODEL_TTL
from leia_nb.service.schemas.responses import returns
from leia_nb.service.schemas.types import Tag
from leia_nb.service.storage import model_changes
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.documents import list_tags
from leia_nb.service.storage.job_inputs import training_documents
from leia_nb.service.storage.tags import unique_tags

routes = ScopedRoutes("model")
trainers_router = new_router("trainers", plain)


@trainers_router.get("/trainers", **returns(Trainers))
def get_trainers() -> Response:
    """List the trainers and transforms with their parameters as JSON Schemas.

    This operation is not part of LEIA's API; only the embedded service has it.
    """
    loaded = (trainers.trainer(name) for name in trainers.names())
    return JSONResponse(
        {
            "trainers": [trainer.describe() for trainer in loaded if trainer],
            "transforms": transforms.describe(),
        }
    )


@routes.both("POST", "/model/{model_module}/train/{documents_tag:path}", **returns(Job, 403, 404))
def train_model_async(
    request: Request,
    model_module: ModelModule,
    documents_tag: Annotated[Tag, Path(description="The tag of the documents to learn from.")],
    query: Annotated[TrainQuery, Query()],
    body: TrainBody | None = None,
) -> Response:
    """Train a model on documents and their annotations; return the job that does it."""
    service, caller = service_of(request), caller_of(request)
    options = job_submission.merge_options(query, body)
    params = job_submission.merge_params(request, query, body)
    _check_path(options, model_module, documents_tag)
    trainer = _trainer(model_module, params)
    with service.database.read() as session:
        model = _new_model(session, options)
        if options["execute_after_id"]:
            require_job(session, caller, options["execute_after_id"], "execute_after_id")
            ids: list[str] = []
        else:
            ids = _check_documents(session, service.blobs, caller, trainer, documents_tag)
    details = {**model, "model_params": params}
    return job_submission.submit(
        service, caller, JobType.TRAIN, options, document_ids=ids, request=details
    )


def _check_path(options: dict[str, Any], model_module: str, documents_tag: str) -> None:
    for name, value in (("model_module", model_module), ("documents_tag", documents_tag)):
        if options.get(name) not in (None, value):
            raise invalid(f"{name} differs between path and body. Leave it out of the body.", name)
        options[name] = value


def _new_model(session: Session, options: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of the new model, as the job's row keeps them."""
    short_name = options["short_name"] or None
    model_changes.check_short_name_free(session, short_name)
    name = options["model_name"]
    if name is None:
        name = short_name or f"{options['model_module']} {options['documents_tag']}"
    ttl = options["ttl"]
    return {
        "model_module": options["model_module"],
        "documents_tag": options["documents_tag"],
        "model_name": name,
        "short_name": short_name,
        "description": options["description"] or None,
        "ttl": DEFAULT_MODEL_TTL if ttl is None else ttl,
        "allowed_application_ids": model_changes.check_applications(
            session, options["allowed_application_ids"] or []
        ),
        "allow_all_applications": bool(options["allow_all_applications"]),
        "tags": unique_tags(options["tags"] or []),
    }


def _trainer(model_module: str, params: dict[str, Any]) -> trainers.Trainer:
    trainer = trainers.trainer(model_module)
    if trainer is None:
        known = trainers.trainable_names()
        advice = (
            f"{meant(model_module, known)}Choose one of: {', '.join(known)}; or install the "
            "package that has the module, and restart the service."
        )
        raise unknown("model module", model_module, advice, "model_module")
    if not trainer.trainable:
        raise forbidden(
            "not_trainable",
            f"The model_module {model_module!r} can be applied but not trained.",
            "model_module",
        )
    with job_submission.trainer_errors("model_params"):
        trainer.read_parameters(params)
    return trainer


def _check_documents(
    session: Session, blobs: Blobs, caller: Caller, trainer: trainers.Trainer, tag: str
) -> list[str]:
    documents = training_documents(session, blobs, caller.owner_id, tag)
    if not documents:
        similar = meant(tag, list_tags(session, caller.owner_id))
        raise ApiError(
            404,
            "no_documents",
            f"No document has the tag {tag!r}. {similar}Upload documents with this tag, and "
            "annotate them, before training.",
            "documents_tag",
        )
    with job_submission.trainer_errors("documents_tag"):
        trainer.check(documents)
    return [document.id for document in documents]
