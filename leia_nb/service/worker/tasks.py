"""What a worker gets, what it reports meanwhile, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from leia_nb.enums import JobType
from leia_nb.service.trainers import InputDocument, OutputDocument, TrainingDocument


class TaskFailed(Exception):
    """Ends a task; its text is the reason."""


@dataclass(frozen=True)
class Task:
    """One attempt at one job."""

    job_type: ClassVar[JobType]

    job_id: str
    attempt: int  # the fencing number
    folder: Path  # the work folder of this attempt, which the worker creates


@dataclass(frozen=True)
class PredictTask(Task):
    """Apply a model to at least one document."""

    job_type: ClassVar[JobType] = JobType.PREDICT

    model_id: str
    model_file: Path
    ttl: int  # seconds that the idle model stays loaded: negative = no limit, 0 = not at all
    documents: tuple[InputDocument, ...]
    classification: bool = False  # whether the result is to be a `Classification`
    model_params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainTask(Task):
    """Train a model."""

    job_type: ClassVar[JobType] = JobType.TRAIN

    model_module: str
    documents: tuple[TrainingDocument, ...]
    model_params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TransformTask(Task):
    """Transform at least one document."""

    job_type: ClassVar[JobType] = JobType.TRANSFORM

    output_type: str
    documents: tuple[InputDocument, ...]
    transform_params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusUpdate:
    """What a worker reports while it runs."""

    pid: int
    models: tuple[str, ...] = ()  # the ids of the models loaded now
    job_id: str | None = None
    attempt: int = 0
    stage: str | None = None  # the new `JobStatus` of that job
    is_last: bool = False  # the result of that attempt comes next


@dataclass(frozen=True)
class OutputFile:
    """A new document in the work folder, with what was measured of it."""

    file: OutputDocument
    md5sum: str  # in hexadecimal
    size: int  # in bytes


@dataclass(frozen=True)
class TaskResult:
    """How a task ended: with a reason if it failed, else with a result, documents or a model."""

    reason: str | None = None
    result_type: str | None = None  # a `ResultType`
    result: Any = None  # JSON; None if the documents are the result
    documents: tuple[OutputFile, ...] = ()
    model_file: Path | None = None
    notes: tuple[str, ...] = ()  # sentences about documents, for the job's reason
    traceback: str | None = None  # of an unexpected error, for the service's log
