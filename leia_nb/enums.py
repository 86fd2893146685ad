"""LEIA's enumerations, with their exact wire values, for the client and the embedded service.

A value that is missing here, because the server is newer, is kept as a plain string (see
`known`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

_E = TypeVar("_E", bound=StrEnum)


class AnnotationType(StrEnum):
    """What an annotation labels."""

    BOX = "BOX"
    TEXT = "TEXT"
    TYPING = "TYPING"
    REF = "REF"


class ApplicationType(StrEnum):
    """The rights of an application; an admin may also use the admin calls."""

    DEVELOPER = "developer"
    ADMIN = "admin"


class ConditionOperator(StrEnum):
    """How a rule of a conditional job compares a field with a value."""

    EQ = "$eq"
    NE = "$ne"
    GT = "$gt"
    GTE = "$gte"
    LT = "$lt"
    LTE = "$lte"
    IN = "$in"
    NIN = "$nin"


class FormatType(StrEnum):
    """The format of a job's result."""

    CLASSIFICATION = "classification"


class JobType(StrEnum):
    """What a job does; only the embedded service uses `TRAIN` and `CONDITIONAL`."""

    PREDICT = "predict"
    PDF_IMAGES = "pdf-images"
    IMAGE_TEXT = "image-text"
    TRANSFORM = "transform"
    TRAIN = "train"
    CONDITIONAL = "conditional"


class ModelInputType(StrEnum):
    """The input of a model."""

    IMAGE = "image"
    TEXT = "text"
    TEXT_TREE = "text_tree"
    VIDEO = "video"
    IMAGES = "list[image]"
    TEXTS = "list[text]"
    TEXT_TREES = "list[text_tree]"
    VIDEOS = "list[video]"
    PDFS = "list[pdf]"


class ModelType(StrEnum):
    """The task of a model."""

    CLASSIFICATION = "classification"
    IMAGE_EXTRACTION = "image_extraction"
    KEY_VALUE_EXTRACTION = "key_value_extraction"


class ResultType(StrEnum):
    """What a job's `result` holds."""

    DOCUMENT = "document"
    DOCUMENTS = "list[document]"
    OBJECT = "object"
    CLASSIFICATION = "classification"
    OBJECT_BY_DOCUMENT = "dict[object]"
    CLASSIFICATION_BY_DOCUMENT = "dict[classification]"
    MODEL = "model"
    CONDITIONAL = "conditional"


class RuleJobType(StrEnum):
    """What a job inside a rule of a conditional job does."""

    APPLY_MODEL = "apply_model"
    TRANSFORM = "transform"


class Speed(StrEnum):
    """How fast a model is."""

    VERYFAST = "VERYFAST"
    FAST = "FAST"
    SLOW = "SLOW"
    VERYSLOW = "VERYSLOW"


class TransformType(StrEnum):
    """The output of a transform."""

    TEXT = "text"
    TEXT_TREE = "text_tree"
    IMAGE = "image"
    AUTOROTATE = "autorotate"
    TRIM = "trim"
    MERGE = "merge"
    SPLIT = "split"
    TRANSCODE = "transcode"


class JobStatus(StrEnum):
    """The statuses of a job, in their order; the last three are final."""

    BLOCKED = "BLOCKED"
    WAITING = "WAITING"
    READY = "READY"
    STARTING = "STARTING"
    LOADING_MODEL = "LOADING_MODEL"
    PROCESSING = "PROCESSING"
    PROCESSED = "PROCESSED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"

    @property
    def is_over(self) -> bool:
        """Whether the status is final."""
        return self in (JobStatus.PROCESSED, JobStatus.FAILED, JobStatus.CANCELED)

    @property
    def is_running(self) -> bool:
        """Whether a worker is running the job."""
        return self in (JobStatus.STARTING, JobStatus.LOADING_MODEL, JobStatus.PROCESSING)


def known(enumeration: type[_E], value: str) -> _E | str:
    """Return the member for a wire value, or the value itself if it is unknown.

    Examples
    --------
    >>> known(JobStatus, "READY")
    <JobStatus.READY: 'READY'>
    >>> known(JobStatus, "PAUSED")
    'PAUSED'
    """
    try:
        return enumeration(value)
    except ValueError:
        return value
