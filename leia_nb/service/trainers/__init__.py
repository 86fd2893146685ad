"""The trainers, by `model_module`: built-in and from entry points; neither HTTP nor SQL."""

from __future__ import annotations

from leia_nb.service.documents.base import (
    InputDocument,
    OutputDocument,
    TrainingDocument,
    UnreadableDocument,
    UnusableDocuments,
    collect_notes,
    named_in_errors,
    raise_or_skip,
    use_work_folder,
    work_folder,
)
from leia_nb.service.documents.document_types import accepts, transform_advice
from leia_nb.service.parameters import InvalidParameters
from leia_nb.service.trainers.base import Prediction, Trained, Trainer, TrainerParameters
from leia_nb.service.trainers.registry import names, trainable_names, trainer

__all__ = [
    "InputDocument",
    "InvalidParameters",
    "OutputDocument",
    "Prediction",
    "Trained",
    "Trainer",
    "TrainerParameters",
    "TrainingDocument",
    "UnreadableDocument",
    "UnusableDocuments",
    "accepts",
    "collect_notes",
    "named_in_errors",
    "names",
    "raise_or_skip",
    "trainable_names",
    "trainer",
    "transform_advice",
    "use_work_folder",
    "work_folder",
]
