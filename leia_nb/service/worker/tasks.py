"""What a worker is told to do, what it reports meanwhile, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from leia_nb.enums import JobType
from leia_nb.service.trainers import InputDocument, MadeFile, TrainingDocument


@dataclass(frozen=True)
class Task:
    """One attempt at one job.

    Parameters
    ----------
    job_id : str
        The job.
    attempt : int
        Its fencing number.
    folder : pathlib.Path
        The work folder of this attempt; the worker makes it.
    """

    job_type: ClassVar[JobType]

    job_id: str
    attempt: int
    folder: Path


@dataclass(frozen=True)
class PredictTask(Task):
    """Apply a model.

    Parameters
    ----------
    model_id : str
        The model.
    model_file : pathlib.Path
        Its file.
    ttl : int
        Seconds that the model stays loaded when idle: negative = for ever, 0 = not.
    documents : tuple of InputDocument
        What to apply it to, at least one.
    classification : bool
        Whether the result is wanted as a `Classification`.
    model_params : dict
        As they were given.
    """

    job_type: ClassVar[JobType] = JobType.PREDICT

    model_id: str
    model_file: Path
    ttl: int
    documents: tuple[InputDocument, ...]
    classification: bool = False
    model_params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainTask(Task):
    """Train a model.

    Parameters
    ----------
    model_module : str
        The trainer.
    documents : tuple of TrainingDocument
        What to learn from.
    model_params : dict
        As they were given.
    """

    job_type: ClassVar[JobType] = JobType.TRAIN

    model_module: str
    documents: tuple[TrainingDocument, ...]
    model_params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TransformTask(Task):
    """Make documents out of documents.

    Parameters
    ----------
    output_type : str
        The transform.
    documents : tuple of InputDocument
        What to work on, at least one.
    transform_params : dict
        As they were given.
    """

    job_type: ClassVar[JobType] = JobType.TRANSFORM

    output_type: str
    documents: tuple[InputDocument, ...]
    transform_params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What a worker says while it works.

    Parameters
    ----------
    pid : int
        The worker's process.
    models : tuple of str
        The ids of the models loaded there now.
    job_id : str or None
        The job that moved on, if one did.
    attempt : int
        Its attempt.
    stage : str or None
        The `JobStatus` it is in now.
    is_last : bool
        Whether nothing more is said of this attempt, as its answer comes next.
    """

    pid: int
    models: tuple[str, ...] = ()
    job_id: str | None = None
    attempt: int = 0
    stage: str | None = None
    is_last: bool = False


@dataclass(frozen=True)
class OutputFile:
    """A document that an attempt made.

    Parameters
    ----------
    file : MadeFile
        What it is; its path is in the work folder.
    md5sum : str
        MD5 of its bytes, in hexadecimal.
    size : int
        Length in bytes.
    """

    file: MadeFile
    md5sum: str
    size: int


@dataclass(frozen=True)
class TaskResult:
    """How an attempt ended.

    Parameters
    ----------
    reason : str or None
        Why it failed, for people; None if it did not.
    result_type : str or None
        A `ResultType` wire value.
    result : object
        The result as JSON; None if the documents are the result.
    documents : tuple of Made
        The documents that were made.
    model_file : pathlib.Path or None
        The new model's file, of a training.
    trouble : str or None
        A traceback for the service's log, if something broke that should not.
    """

    reason: str | None = None
    result_type: str | None = None
    result: Any = None
    documents: tuple[OutputFile, ...] = ()
    model_file: Path | None = None
    trouble: str | None = None
