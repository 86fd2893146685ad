"""What a trainer is: the protocol, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from leia_nb.packaging import ModelDescription
from leia_nb.service.documents.base import InputDocument, MadeFile, TrainingDocument


@dataclass(frozen=True)
class Prediction:
    """What a model says of one document.

    Parameters
    ----------
    key_values : list of dict
        ``{"key", "value"}`` items, the model's own output.
    classification : dict or None
        ``{"category", "score", "accuracy"}``, if the model is a classifier.
    files : tuple of MadeFile
        What the model made, if it is an extractor of images.
    """

    key_values: list[dict[str, Any]]
    classification: dict[str, Any] | None = None
    files: tuple[MadeFile, ...] = ()


@dataclass(frozen=True)
class Trained:
    """What a training made.

    Parameters
    ----------
    estimator : object
        The fitted scikit-learn estimator.
    description : ModelDescription
        What the model is.
    """

    estimator: Any
    description: ModelDescription


@runtime_checkable
class Trainer(Protocol):
    """What a class behind an entry point of `leia_nb.modules` offers.

    Instances are made without arguments. `read_parameters`, `read_apply_parameters`,
    `check` and `describe` run in the service and must be cheap: they open no file and
    import no scikit-learn. `fit` and `predict` run in a worker process.
    """

    name: str
    model_type: str
    input_types: tuple[str, ...]
    trainable: bool

    def read_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every training parameter, from `model_params`; raise `InvalidParameters`."""
        ...

    def read_apply_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every parameter of an apply, from `model_params`; raise `InvalidParameters`."""
        ...

    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Raise `UnusableDocuments` if these cannot be trained on; opens no file."""
        ...

    def fit(self, documents: Sequence[TrainingDocument], parameters: dict[str, Any]) -> Trained:
        """Train on the documents; raise `UnusableDocuments` if one cannot be read."""
        ...

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: dict[str, Any],
    ) -> list[Prediction]:
        """Apply a model, one prediction per document; raise `UnusableDocuments`."""
        ...

    def describe(self) -> dict[str, Any]:
        """Return what the trainer does and its parameters, for people."""
        ...
