"""Doing what an order says."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterator, Sequence
from typing import Any

from leia_nb import packaging
from leia_nb.enums import JobStatus, ModelType, ResultType
from leia_nb.packaging import ModelDescription, ModelFileError
from leia_nb.service import transforms
from leia_nb.service.disk_errors import is_full
from leia_nb.service.settings import LOG
from leia_nb.service.trainers import (
    InputDocument,
    InvalidParameters,
    Prediction,
    Trainer,
    UnusableDocuments,
    names,
    trainer,
    working_in,
)
from leia_nb.service.worker import process
from leia_nb.service.worker.failures import Failure
from leia_nb.service.worker.model_cache import LoadedModels
from leia_nb.service.worker.output_files import measured
from leia_nb.service.worker.tasks import (
    PredictTask,
    Report,
    Task,
    TaskResult,
    TrainTask,
    TransformTask,
)

_AT_ONCE = 256
_FULL = "The disk is full, so the job could not be done. Make room, then submit it again."


def run(order: Task) -> TaskResult:
    """Do what an order says; never raises.

    Parameters
    ----------
    order : Task
        A `PredictTask`, a `TrainTask` or a `TransformTask`.

    Returns
    -------
    TaskResult
        The result, or why there is none.
    """
    try:
        process.warm()
        with working_in(order.folder):
            return _do(order)
    except (Failure, UnusableDocuments, InvalidParameters) as told:
        return TaskResult(reason=str(told))
    except MemoryError:
        reason = "The job needs more memory than there is. Try fewer or smaller documents."
        return TaskResult(reason=reason, trouble=traceback.format_exc())
    except Exception as broken:
        reason = _FULL if is_full(broken) else _broken(order, broken)
        return TaskResult(reason=reason, trouble=traceback.format_exc())
    finally:
        _report(order, is_last=True)


def _do(order: Task) -> TaskResult:
    if isinstance(order, PredictTask):
        return _predict(order)
    if isinstance(order, TrainTask):
        return _train(order)
    if isinstance(order, TransformTask):
        return _transform(order)
    return TaskResult(reason=f"This service cannot do a {type(order).__name__}.")


def _predict(order: PredictTask) -> TaskResult:
    try:
        if order.model_id not in _models.ids:
            _stage(order, JobStatus.LOADING_MODEL)
        estimator, description = _load(order)
        _stage(order, JobStatus.PROCESSING)
        module = _module(description.model_module)
        predictions = _predictions(order, module, estimator, description)
        if description.model_type == ModelType.IMAGE_EXTRACTION:
            return _extracted(order, predictions)
        return _answer(order, predictions)
    finally:
        _models.release(order.model_id, order.ttl)


def _load(order: PredictTask) -> tuple[Any, ModelDescription]:
    try:
        return _models.get(order.model_id, order.model_file)
    except FileNotFoundError:
        raise Failure(f"The model {order.model_id} was deleted before the job ran.") from None
    except ModelFileError as broken:
        raise Failure(
            f"The model {order.model_id} cannot be loaded: {broken}. Create or train it again."
        ) from None


def _predictions(
    order: PredictTask, module: Trainer, estimator: Any, description: ModelDescription
) -> list[Prediction]:
    parameters = module.read_apply_parameters(order.model_params)
    return [
        prediction
        for part in _parts(order.documents)
        for prediction in module.predict(estimator, description, part, parameters)
    ]


def _answer(order: PredictTask, predictions: Sequence[Prediction]) -> TaskResult:
    results: list[Any] = [
        prediction.classification if order.classification else prediction.key_values
        for prediction in predictions
    ]
    if order.classification and None in results:
        raise Failure(f"The model {order.model_id} is no classifier; leave format_type out.")
    _check_carried(order, results)
    if len(results) == 1:
        kind = ResultType.CLASSIFICATION if order.classification else ResultType.OBJECT
        return TaskResult(result_type=str(kind), result=results[0])
    by_id = {document.id: said for document, said in zip(order.documents, results, strict=True)}
    many = (
        ResultType.CLASSIFICATION_BY_DOCUMENT
        if order.classification
        else ResultType.OBJECT_BY_DOCUMENT
    )
    return TaskResult(result_type=str(many), result=by_id)


def _extracted(order: PredictTask, predictions: Sequence[Prediction]) -> TaskResult:
    files = [file for prediction in predictions for file in prediction.files]
    _check_carried(order, [file.details for file in files])
    made = measured(files, order.folder)
    return TaskResult(result_type=str(ResultType.DOCUMENTS), documents=made)


def _check_carried(order: PredictTask, results: list[Any]) -> None:
    try:
        json.dumps(results, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as broken:
        raise Failure(
            f"The model {order.model_id} gave a result that JSON cannot carry ({broken}), such as "
            "NaN, Infinity or half a surrogate pair. Its file is damaged or its training went "
            "wrong: train it again."
        ) from None


def _train(order: TrainTask) -> TaskResult:
    _stage(order, JobStatus.PROCESSING)
    module = _module(order.model_module)
    trained = module.fit(order.documents, module.read_parameters(order.model_params))
    file = order.folder / "model.zip"
    packaging.write_model(file, trained.estimator, trained.description)
    return TaskResult(result_type=str(ResultType.MODEL), model_file=file)


def _transform(order: TransformTask) -> TaskResult:
    _stage(order, JobStatus.PROCESSING)
    parameters = transforms.read_parameters(order.output_type, order.transform_params)
    transforms.check(order.output_type, order.documents)
    files = transforms.run(order.output_type, order.documents, parameters, order.folder)
    several = transforms.makes_several(order.output_type, len(order.documents))
    if not several and len(files) != 1:
        raise Failure(f"The transform {order.output_type} made {len(files)} documents, not one.")
    kind = ResultType.DOCUMENTS if several else ResultType.DOCUMENT
    return TaskResult(result_type=str(kind), documents=measured(files, order.folder))


def _module(name: str) -> Trainer:
    found = trainer(name)
    if found is None:
        raise Failure(
            f"There is no model_module {name!r} in this service; it has {', '.join(names())}. "
            "Install the package that has it, and start the service again."
        )
    return found


def _parts(documents: Sequence[InputDocument]) -> Iterator[Sequence[InputDocument]]:
    for first in range(0, len(documents), _AT_ONCE):
        yield documents[first : first + _AT_ONCE]


def _stage(order: Task, stage: JobStatus) -> None:
    _report(order, stage=str(stage))


def _report(order: Task, *, stage: str | None = None, is_last: bool = False) -> None:
    said = Report(os.getpid(), _models.ids, order.job_id, order.attempt, stage, is_last)
    process.send(said)


def _broken(order: Task, error: Exception) -> str:
    what = f"{type(error).__name__}: {error}"
    if isinstance(order, PredictTask):
        return (
            f"The model {order.model_id} broke while it was applied ({what}). "
            f"If it was uploaded, check that it fits its model_module; else see {LOG}."
        )
    if isinstance(order, TrainTask):
        return f"Training with {order.model_module} broke ({what}). See {LOG}."
    kind = order.output_type if isinstance(order, TransformTask) else "the job"
    return f"The transform {kind} broke ({what}). See {LOG}."


def _tell_loaded(ids: tuple[str, ...]) -> None:
    process.send(Report(os.getpid(), ids))


_models = LoadedModels(_tell_loaded)
