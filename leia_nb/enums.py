"""LEIA's enumerations, with their exact wire values.

Both towers use them: the client to check and to show, the embedded service to
answer. A value that a newer server sends and that is missing here is kept as a
plain string (see `known`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

_E = TypeVar("_E", bound=StrEnum)


class AnnotationType(StrEnum):
    """What an annotation says about its document."""

    BOX = "BOX"
    TEXT = "TEXT"
    TYPING = "TYPING"
    REF = "REF"


class ApplicationType(StrEnum):
    """What a login may do: an admin also uses the admin calls."""

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
    """The form in which a job's result is wanted."""

    CLASSIFICATION = "classification"


class JobType(StrEnum):
    """What a job does. `TRAIN` and `CONDITIONAL` are the embedded service's own words."""

    PREDICT = "predict"
    PDF_IMAGES = "pdf-images"
    IMAGE_TEXT = "image-text"
    TRANSFORM = "transform"
    TRAIN = "train"
    CONDITIONAL = "conditional"


class ModelInputType(StrEnum):
    """What a model reads."""

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
    """What a model finds out."""

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
    """How fast a model is, in LEIA's words."""

    VERYFAST = "VERYFAST"
    FAST = "FAST"
    SLOW = "SLOW"
    VERYSLOW = "VERYSLOW"


class TransformType(StrEnum):
    """What a transform makes out of documents."""

    TEXT = "text"
    TEXT_TREE = "text_tree"
    IMAGE = "image"
    AUTOROTATE = "autorotate"
    TRIM = "trim"
    MERGE = "merge"
    SPLIT = "split"
    TRANSCODE = "transcode"


class JobStatus(StrEnum):
    """The stages of a job, in their order; the last three are ends."""

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
        """Whether a job in this status never changes again."""
        return self in (JobStatus.PROCESSED, JobStatus.FAILED, JobStatus.CANCELED)

    @property
    def is_running(self) -> bool:
        """Whether a worker holds the job."""
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
