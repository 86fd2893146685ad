"""Running a task."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
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
    OutputDocument,
    Prediction,
    Trained,
    Trainer,
    TrainingDocument,
    UnreadableDocument,
    UnusableDocuments,
    collect_notes,
    named_in_errors,
    names,
    raise_or_skip,
    trainer,
    use_work_folder,
)
from leia_nb.service.worker import process
from leia_nb.service.worker.model_cache import ModelCache
from leia_nb.service.worker.tasks import (
    OutputFile,
    PredictTask,
    StatusUpdate,
    Task,
    TaskFailed,
    TaskResult,
    TrainTask,
    TransformTask,
)

_BATCH = 256
_DISK_FULL = "The disk is full, so the job could not be done. Make room, then submit it again."
_NO_MEMORY = "The job needs more memory than is available. Use fewer or smaller documents."


def run(task: Task) -> TaskResult:
    """Run a task; return its result, or why there is none. Never raises."""
    try:
        process.warm()
        with use_work_folder(task.folder), collect_notes() as notes:
            return replace(_RUN[type(task)](task), notes=tuple(notes))
    except (TaskFailed, UnusableDocuments, InvalidParameters) as error:
        return TaskResult(reason=str(error))
    except MemoryError:
        return TaskResult(reason=_NO_MEMORY, traceback=traceback.format_exc())
    except Exception as error:
        reason = _DISK_FULL if is_full(error) else _unexpected(task, error)
        return TaskResult(reason=reason, traceback=traceback.format_exc())
    finally:
        _send_update(task, is_last=True)


def _predict(task: PredictTask) -> TaskResult:
    try:
        if task.model_id not in _models.ids:
            _send_update(task, JobStatus.LOADING_MODEL)
        estimator, description = _load(task)
        _send_update(task, JobStatus.PROCESSING)
        predictions = _predictions(task, estimator, description)
        if description.model_type == ModelType.IMAGE_EXTRACTION:
            return _extracted_documents(task, predictions)
        return _key_values(task, predictions)
    finally:
        _models.release(task.model_id, task.ttl)


def _load(task: PredictTask) -> tuple[Any, ModelDescription]:
    try:
        return _models.get(task.model_id, task.model_file)
    except FileNotFoundError:
        raise TaskFailed(f"The model {task.model_id} was deleted before the job ran.") from None
    except ModelFileError as error:
        raise TaskFailed(
            f"The model {task.model_id} cannot be loaded: {error}. Create or train it again."
        ) from None


def _predictions(
    task: PredictTask, estimator: Any, description: ModelDescription
) -> dict[str, Prediction]:
    """Return the predictions by document id, without documents that were skipped."""
    module = _module(description.model_module)
    parameters = module.read_apply_parameters(task.model_params)

    def predict(documents: Sequence[InputDocument]) -> list[Prediction]:
        return list(module.predict(estimator, description, documents, parameters))

    errors: list[UnusableDocuments] = []
    predictions: dict[str, Prediction] = {}
    for start in range(0, len(task.documents), _BATCH):
        batch = task.documents[start : start + _BATCH]
        try:
            ids = [document.id for document in batch]
            predictions |= zip(ids, predict(batch), strict=True)
        except Exception:
            predictions |= _one_by_one(batch, predict, errors)
    raise_or_skip(errors, skip=parameters.skip_unusable and bool(predictions))
    return predictions


def _one_by_one(
    documents: Sequence[InputDocument],
    predict: Callable[[Sequence[InputDocument]], list[Prediction]],
    errors: list[UnusableDocuments],
) -> Iterator[tuple[str, Prediction]]:
    """Yield the predictions of a batch that failed as a whole, to find the documents to blame."""
    for document in documents:
        try:
            with named_in_errors(document):
                (prediction,) = predict([document])
        except UnreadableDocument as error:
            errors.append(error)
        else:
            yield document.id, prediction


def _key_values(task: PredictTask, predictions: Mapping[str, Prediction]) -> TaskResult:
    results: dict[str, Any] = {
        id_: prediction.classification if task.classification else prediction.key_values
        for id_, prediction in predictions.items()
    }
    if task.classification and None in results.values():
        raise TaskFailed(f"The model {task.model_id} is not a classifier; leave format_type out.")
    _check_json(task, results)
    kinds = ResultType.OBJECT, ResultType.OBJECT_BY_DOCUMENT
    if task.classification:
        kinds = ResultType.CLASSIFICATION, ResultType.CLASSIFICATION_BY_DOCUMENT
    if len(task.documents) == 1:
        (result,) = results.values()
        return TaskResult(result_type=str(kinds[0]), result=result)
    return TaskResult(result_type=str(kinds[1]), result=results)


def _extracted_documents(task: PredictTask, predictions: Mapping[str, Prediction]) -> TaskResult:
    files = [file for prediction in predictions.values() for file in prediction.files]
    _check_json(task, [file.details for file in files])
    return TaskResult(
        result_type=str(ResultType.DOCUMENTS), documents=_output_files(files, task.folder)
    )


def _check_json(task: PredictTask, results: Any) -> None:
    try:
        json.dumps(results, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise TaskFailed(
            f"The model {task.model_id} returned a result that is not valid JSON ({error}), such "
            "as NaN, Infinity or a lone surrogate. Its file is damaged or its training failed: "
            "train it again."
        ) from None


def _train(task: TrainTask) -> TaskResult:
    _send_update(task, JobStatus.PROCESSING)
    module = _module(task.model_module)
    trained = _fit(module, task.documents, module.read_parameters(task.model_params))
    file = task.folder / "model.zip"
    packaging.write_model(file, trained.estimator, trained.description)
    return TaskResult(result_type=str(ResultType.MODEL), model_file=file)


def _fit(module: Trainer, documents: Sequence[TrainingDocument], parameters: Any) -> Trained:
    """Train; name all unreadable documents at once, or train without them if that is wanted."""
    try:
        return module.fit(documents, parameters)
    except UnreadableDocument as error:
        errors = _unreadable(module, documents, parameters) or [error]
    raise_or_skip(errors, skip=parameters.skip_unusable)
    bad = {error.document.id for error in errors}
    return _fit(module, [document for document in documents if document.id not in bad], parameters)


def _unreadable(
    module: Trainer, documents: Sequence[TrainingDocument], parameters: Any
) -> list[UnreadableDocument]:
    errors = []
    for document in documents:
        try:
            module.probe(document, parameters)
        except UnreadableDocument as error:
            errors.append(error)
    return errors


def _transform(task: TransformTask) -> TaskResult:
    _send_update(task, JobStatus.PROCESSING)
    parameters = transforms.read_parameters(task.output_type, task.transform_params)
    transforms.check(task.output_type, task.documents)
    files = transforms.run(task.output_type, task.documents, parameters, task.folder)
    is_several = transforms.makes_several(task.output_type, len(task.documents))
    if not is_several and len(files) != 1:
        raise TaskFailed(
            f"Expected one document from the transform {task.output_type}, got {len(files)}."
        )
    kind = ResultType.DOCUMENTS if is_several else ResultType.DOCUMENT
    return TaskResult(result_type=str(kind), documents=_output_files(files, task.folder))


def _output_files(files: Sequence[OutputDocument], folder: Path) -> tuple[OutputFile, ...]:
    """Measure new files and sync them to the disk, so that the service need not wait for it."""
    return tuple(_output_file(file, folder, number) for number, file in enumerate(files))


def _output_file(file: OutputDocument, folder: Path, number: int) -> OutputFile:
    if not file.path.is_file():
        raise TaskFailed(f"The document {file.filename!r} is missing: it was not written.")
    # the service moves the file away, so one from elsewhere, such as an input, is copied
    if folder.resolve() not in file.path.resolve().parents:
        file = replace(file, path=Path(shutil.copyfile(file.path, folder / f"copy-{number}")))
    with file.path.open("rb+") as opened:
        digest = hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False))
        os.fsync(opened.fileno())
    return OutputFile(file, digest.hexdigest(), file.path.stat().st_size)


def _module(name: str) -> Trainer:
    module = trainer(name)
    if module is None:
        raise TaskFailed(
            f"The model_module {name!r} is not installed; installed are {', '.join(names())}. "
            "Install the package that provides it, then restart the service."
        )
    return module


def _send_update(task: Task, stage: JobStatus | None = None, *, is_last: bool = False) -> None:
    name = None if stage is None else str(stage)
    update = StatusUpdate(os.getpid(), _models.ids, task.job_id, task.attempt, name, is_last)
    process.send(update)


def _unexpected(task: Task, error: Exception) -> str:
    where = "".join(f", {note}" for note in reversed(getattr(error, "__notes__", ())))
    cause = f"{type(error).__name__}: {error}{where}"
    if isinstance(task, PredictTask):
        return (
            f"Applying the model {task.model_id} failed ({cause}). "
            f"If it was uploaded, check that it fits its model_module; else see {LOG}."
        )
    if isinstance(task, TrainTask):
        return f"Training with {task.model_module} failed ({cause}). See {LOG}."
    kind = task.output_type if isinstance(task, TransformTask) else "the job"
    return f"The transform {kind} failed ({cause}). See {LOG}."


def _send_models(ids: tuple[str, ...]) -> None:
    process.send(StatusUpdate(os.getpid(), ids))


_models = ModelCache(_send_models)
_RUN: dict[type[Task], Callable[[Any], TaskResult]] = {
    PredictTask: _predict,
    TrainTask: _train,
    TransformTask: _transform,
}
