"""Doing what an order says."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterator, Sequence
from typing import Any

from leia_nb import packaging
from leia_nb.enums import JobStatus, ResultType
from leia_nb.packaging import ModelDescription, ModelFileError
from leia_nb.service.modules import (
    InputDocument,
    InvalidParameters,
    Prediction,
    Trainer,
    UnusableDocuments,
    names,
    trainer,
)
from leia_nb.service.worker import process
from leia_nb.service.worker.loaded import LoadedModels
from leia_nb.service.worker.orders import Answer, Order, PredictOrder, Report, TrainOrder

_AT_ONCE = 256


class _Failure(Exception):
    """Ends an attempt with this reason."""


def run(order: Order) -> Answer:
    """Do what an order says; never raises.

    Parameters
    ----------
    order : Order
        A `PredictOrder` or a `TrainOrder`.

    Returns
    -------
    Answer
        The result, or why there is none.
    """
    try:
        process.warm()
        if isinstance(order, PredictOrder):
            return _predict(order)
        if isinstance(order, TrainOrder):
            return _train(order)
        return Answer(reason=f"This service cannot do a {type(order).__name__}.")
    except (_Failure, UnusableDocuments, InvalidParameters) as told:
        return Answer(reason=str(told))
    except MemoryError:
        reason = "The job needs more memory than there is. Try fewer or smaller documents."
        return Answer(reason=reason, trouble=traceback.format_exc())
    except Exception as broken:
        return Answer(reason=_broken(order, broken), trouble=traceback.format_exc())


def _predict(order: PredictOrder) -> Answer:
    try:
        if order.model_id not in _models.ids:
            _stage(order, JobStatus.LOADING_MODEL)
        estimator, description = _load(order)
        _stage(order, JobStatus.PROCESSING)
        module = _module(description.model_module)
        predictions = _predictions(order, module, estimator, description)
        return _answer(order, predictions)
    finally:
        _models.release(order.model_id, order.ttl)


def _load(order: PredictOrder) -> tuple[Any, ModelDescription]:
    try:
        return _models.get(order.model_id, order.model_file)
    except FileNotFoundError:
        raise _Failure(f"The model {order.model_id} was deleted before the job ran.") from None
    except ModelFileError as broken:
        raise _Failure(
            f"The model {order.model_id} cannot be loaded: {broken}. Create or train it again."
        ) from None


def _predictions(
    order: PredictOrder, module: Trainer, estimator: Any, description: ModelDescription
) -> list[Prediction]:
    parameters = module.read_apply_parameters(order.model_params)
    return [
        prediction
        for part in _parts(order.documents)
        for prediction in module.predict(estimator, description, part, parameters)
    ]


def _answer(order: PredictOrder, predictions: Sequence[Prediction]) -> Answer:
    results: list[Any] = [
        prediction.classification if order.classification else prediction.key_values
        for prediction in predictions
    ]
    if order.classification and None in results:
        raise _Failure(f"The model {order.model_id} is no classifier; leave format_type out.")
    _check_numbers(order, results)
    if len(results) == 1:
        kind = ResultType.CLASSIFICATION if order.classification else ResultType.OBJECT
        return Answer(result_type=str(kind), result=results[0])
    by_id = {document.id: said for document, said in zip(order.documents, results, strict=True)}
    many = (
        ResultType.CLASSIFICATION_BY_DOCUMENT
        if order.classification
        else ResultType.OBJECT_BY_DOCUMENT
    )
    return Answer(result_type=str(many), result=by_id)


def _check_numbers(order: PredictOrder, results: list[Any]) -> None:
    try:
        json.dumps(results, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as broken:
        raise _Failure(
            f"The model {order.model_id} gave a result that JSON cannot carry ({broken}), such as "
            "NaN or Infinity. Its file is damaged or its training went wrong: train it again."
        ) from None


def _train(order: TrainOrder) -> Answer:
    _stage(order, JobStatus.PROCESSING)
    module = _module(order.model_module)
    trained = module.fit(order.documents, module.read_parameters(order.model_params))
    order.folder.mkdir(parents=True, exist_ok=True)
    file = order.folder / "model.zip"
    packaging.write_model(file, trained.estimator, trained.description)
    return Answer(result_type=str(ResultType.MODEL), model_file=file)


def _module(name: str) -> Trainer:
    found = trainer(name)
    if found is None:
        raise _Failure(
            f"There is no model_module {name!r} in this service; it has {', '.join(names())}. "
            "Install the package that has it, and start the service again."
        )
    return found


def _parts(documents: Sequence[InputDocument]) -> Iterator[Sequence[InputDocument]]:
    for first in range(0, len(documents), _AT_ONCE):
        yield documents[first : first + _AT_ONCE]


def _stage(order: Order, stage: JobStatus) -> None:
    process.send(Report(os.getpid(), _models.ids, order.job_id, order.attempt, str(stage)))


def _broken(order: Order, error: Exception) -> str:
    what = f"{type(error).__name__}: {error}"
    if isinstance(order, PredictOrder):
        return (
            f"The model {order.model_id} broke while it was applied ({what}). "
            "If it was uploaded, check that it fits its model_module; else see the service's log."
        )
    name = order.model_module if isinstance(order, TrainOrder) else "the job"
    return f"Training with {name} broke ({what}). See the service's log."


def _tell_loaded(ids: tuple[str, ...]) -> None:
    process.send(Report(os.getpid(), ids))


_models = LoadedModels(_tell_loaded)
