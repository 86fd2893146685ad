"""The call that trains a model."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import Field

from leia_nb.enums import JobType
from leia_nb.service import trainers
from leia_nb.service.api_errors import ApiError, bad, forbidden, meant, unknown
from leia_nb.service.routes import job_parameters, job_submission
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import Caller, caller_of, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.routes.parameter_types import Seconds
from leia_nb.service.storage import model_changes
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.documents import list_tags
from leia_nb.service.storage.job_inputs import training_documents
from leia_nb.service.storage.tags import check_tag, clean_tags

pair = RoutePair("model")


class TrainQuery(job_parameters.ModelAskingQuery):
    """What a training may be asked in the query."""

    model_name: str | None = Field(None, description="The name of the model to come.")
    short_name: str | None = Field(None, description="Its short name.")
    description: str | None = Field(None, description="Its description.")
    ttl: Seconds | None = Field(None, description="Seconds that the idle model stays loaded.")
    allowed_application_ids: list[str] | None = Field(None, description="Who else may use it.")
    allow_all_applications: bool | None = Field(None, description="May everyone use it?")
    tags: list[str] | None = Field(None, description="Its tags.")


class TrainBody(job_parameters.ModelAskingBody):
    """What a training may be asked in the body."""

    model_module: str | None = None
    documents_tag: str | None = None
    model_name: str | None = None
    short_name: str | None = None
    description: str | None = None
    ttl: Seconds | None = None
    allowed_application_ids: list[str] | None = None
    allow_all_applications: bool | None = None
    tags: list[str] | None = None


@pair.both("POST", "/model/{model_module}/train/{documents_tag:path}", "train_model_async")
def train_model(
    request: Request,
    model_module: Annotated[str, Path(description="The trainer.")],
    documents_tag: Annotated[str, Path(description="The tag of the documents to learn from.")],
    query: Annotated[TrainQuery, Query()],
    body: TrainBody | None = None,
) -> Response:
    """Train a model on documents and their annotations; return the job that does it."""
    service, caller = service_of(request), caller_of(request)
    asked = job_parameters.merged(query, body)
    params = job_parameters.members(request, query, body)
    _check_path(asked, model_module, check_tag(documents_tag, "documents_tag"))
    trainer = _trainer(model_module, params)
    with service.database.read() as session:
        wanted = _wanted_model(session, asked)
        if asked["execute_after_id"]:
            require_job(session, caller, asked["execute_after_id"], "execute_after_id")
            ids: list[str] = []
        else:
            ids = _check_documents(session, service.blobs, caller, trainer, documents_tag)
    kept = {**wanted, "model_params": params}
    return job_submission.submit(
        service, caller, JobType.TRAIN, asked, document_ids=ids, request=kept
    )


def _check_path(asked: dict[str, Any], model_module: str, documents_tag: str) -> None:
    for name, value in (("model_module", model_module), ("documents_tag", documents_tag)):
        if asked.get(name) not in (None, value):
            raise bad("invalid_parameter", f"{name} differs between path and body.", name)
        asked[name] = value


def _wanted_model(session: Session, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the training's model is to be, as the job's request keeps it."""
    short_name = asked["short_name"] or None
    model_changes.check_short_name(session, short_name)
    name = asked["model_name"]
    if name is None:
        name = short_name or f"{asked['model_module']} {asked['documents_tag']}"
    ttl = asked["ttl"]
    return {
        "model_module": asked["model_module"],
        "documents_tag": asked["documents_tag"],
        "model_name": model_changes.check_name(name, "model_name"),
        "short_name": short_name,
        "description": asked["description"] or None,
        "ttl": model_changes.DEFAULT_TTL if ttl is None else ttl,
        "allowed_application_ids": model_changes.check_applications(
            session, asked["allowed_application_ids"] or []
        ),
        "allow_all_applications": bool(asked["allow_all_applications"]),
        "tags": clean_tags(asked["tags"] or []),
    }


def _trainer(model_module: str, params: dict[str, Any]) -> trainers.Trainer:
    trainer = trainers.trainer(model_module)
    if trainer is None:
        known = trainers.trainable_names()
        advice = (
            f"{meant(model_module, known)}Choose among: {', '.join(known)}; or install the "
            "package that has the module, and start the service again."
        )
        raise unknown("model module", model_module, advice, "model_module")
    if not trainer.trainable:
        raise forbidden(
            "not_trainable",
            f"The model_module {model_module!r} can be applied but not trained.",
            "model_module",
        )
    try:
        trainer.read_parameters(params)
    except trainers.InvalidParameters as error:
        raise bad(error.code, error.message, "model_params") from None
    return trainer


def _check_documents(
    session: Session, blobs: Blobs, caller: Caller, trainer: trainers.Trainer, tag: str
) -> list[str]:
    found = training_documents(session, blobs, caller.owner_id, tag)
    if not found:
        similar = meant(tag, list_tags(session, caller.owner_id))
        raise ApiError(
            404,
            "no_documents",
            f"No document has the tag {tag!r}. {similar}Upload documents with this tag, and "
            "annotate them, before training.",
            "documents_tag",
        )
    try:
        trainer.check(found)
    except trainers.UnusableDocuments as error:
        raise bad(error.code, error.message, "documents_tag") from None
    return [document.id for document in found]
