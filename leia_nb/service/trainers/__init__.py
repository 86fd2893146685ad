"""The trainers: what a `model_module` names. No HTTP and no SQL here.

A trainer is found by the entry point group `leia_nb.modules`, so that a user adds one
without touching the package; the built-in ones are there even when the package is
not installed.
"""

from __future__ import annotations

from leia_nb.service.documents.base import (
    InputDocument,
    MadeFile,
    TrainingDocument,
    UnreadableDocument,
    UnusableDocuments,
    accepts,
    way_to_read,
    work_folder,
    working_in,
)
from leia_nb.service.documents.readers import image_formats
from leia_nb.service.json_nesting import MOST_LEVELS, is_deeper
from leia_nb.service.parameters import InvalidParameters
from leia_nb.service.trainers.base import Prediction, Trained, Trainer, TrainerParameters
from leia_nb.service.trainers.registry import names, trainable_names, trainer

__all__ = [
    "MOST_LEVELS",
    "InputDocument",
    "InvalidParameters",
    "MadeFile",
    "Prediction",
    "Trained",
    "Trainer",
    "TrainerParameters",
    "TrainingDocument",
    "UnreadableDocument",
    "UnusableDocuments",
    "accepts",
    "image_formats",
    "is_deeper",
    "names",
    "trainable_names",
    "trainer",
    "way_to_read",
    "work_folder",
    "working_in",
]
