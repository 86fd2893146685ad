"""From a job's row to the task that a worker gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from leia_nb.enums import FormatType, JobType, ModelType
from leia_nb.service import trainers, transforms
from leia_nb.service.dispatch.job_documents import CannotStart, input_documents
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.job_inputs import training_documents
from leia_nb.service.storage.models import visible_model
from leia_nb.service.storage.tables import Job, Model
from leia_nb.service.trainers import InputDocument
from leia_nb.service.worker.tasks import PredictTask, Task, TrainTask, TransformTask

_Attempt = tuple[str, int, Path]  # the first fields of `Task`


def prepare(session: Session, blobs: Blobs, folder: Path, job: Job) -> Task:
    """Return the task for a claimed job, or raise `CannotStart`; see `input_documents`."""
    make_task = _TASKS.get(job.job_type)
    if make_task is None:
        raise CannotStart(f"This service does not support jobs of the type {job.job_type!r}.")
    return make_task(session, blobs, job, (job.id, job.attempt, folder))


def _train_task(session: Session, blobs: Blobs, job: Job, attempt: _Attempt) -> TrainTask:
    tag = job.request["documents_tag"]
    documents = training_documents(session, blobs, job.application_id, tag)
    if not documents:
        raise CannotStart(
            f"No documents have the tag {tag!r} any more. Tag documents, then train again."
        )
    job.document_ids = [document.id for document in documents]
    return TrainTask(
        *attempt,
        model_module=job.request["model_module"],
        documents=tuple(documents),
        model_params=job.request.get("model_params") or {},
    )


def _predict_task(session: Session, blobs: Blobs, job: Job, attempt: _Attempt) -> PredictTask:
    model = visible_model(session, job.application_id, job.model_id or "")
    if model is None:
        raise CannotStart(
            f"The model {job.model_id} was deleted, or this application may no longer use it. "
            "List the models to see which are available."
        )
    is_classification = job.request.get("format_type") == FormatType.CLASSIFICATION
    if is_classification and model.model_type != ModelType.CLASSIFICATION:
        raise CannotStart(f"The model {model.id} is not a classifier; leave format_type out.")
    documents = input_documents(session, blobs, job)
    _check_kinds(model, documents)
    return PredictTask(
        *attempt,
        model_id=model.id,
        model_file=blobs.path(model.id),
        ttl=model.ttl,
        documents=tuple(documents),
        classification=is_classification,
        model_params=job.request.get("model_params") or {},
    )


def _transform_task(session: Session, blobs: Blobs, job: Job, attempt: _Attempt) -> TransformTask:
    documents = input_documents(session, blobs, job)
    output_type = job.request["output_type"]
    try:
        transforms.check(output_type, documents)
    except trainers.UnusableDocuments as error:
        raise CannotStart(str(error)) from None
    return TransformTask(
        *attempt,
        output_type=output_type,
        documents=tuple(documents),
        transform_params=job.request.get("transform_params") or {},
    )


def _check_kinds(model: Model, documents: list[InputDocument]) -> None:
    for document in documents:
        if not trainers.accepts(model.input_types, document.mime_type):
            raise CannotStart(
                f"The {document.label} is {document.mime_type}, but the model {model.id} reads "
                f"{', '.join(model.input_types)}. "
                + trainers.transform_advice(model.input_types, document.mime_type, "leave it out")
            )


_TASKS: dict[str, Callable[[Session, Blobs, Job, _Attempt], Task]] = {
    JobType.TRAIN: _train_task,
    JobType.PREDICT: _predict_task,
    JobType.TRANSFORM: _transform_task,
}
