"""The trainer interface: the base class of every trainer, and what it returns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field

from leia_nb.packaging import ModelDescription
from leia_nb.service.documents.base import InputDocument, OutputDocument, TrainingDocument
from leia_nb.service.parameters import Parameters, json_schema, read


class TrainerParameters(Parameters):
    """Base of the parameters of a training or of an apply (`model_params`).

    A subclass is a Pydantic model. Every field has a default, a ``description`` (a clause in
    lower case) and its limits (``ge``, ``le``) or choices (``Literal``): these give the checks,
    the error messages, and the JSON Schema that forms are built from.

    Examples
    --------
    >>> from pydantic import Field
    >>> class NeighborsParameters(TrainerParameters):
    ...     neighbors: int = Field(3, ge=1, le=100, description="similar texts to compare with")
    >>> NeighborsParameters().neighbors
    3
    """

    # Excluded, since a model file records what its predictions depend on.
    skip_unusable: bool = Field(
        False,
        exclude=True,
        description="whether to leave out documents that cannot be read, instead of failing",
    )


@dataclass(frozen=True)
class Prediction:
    """The result of applying a model to one document.

    Parameters
    ----------
    key_values : list of dict
        ``{"key", "value"}`` items, optionally with ``"score"``.
    classification : dict or None
        ``{"category", "score", "accuracy"}``, if the model is a classifier.
    files : tuple of OutputDocument
        The images cut out, if the model is an extractor of images.
    """

    key_values: list[dict[str, Any]]
    classification: dict[str, Any] | None = None
    files: tuple[OutputDocument, ...] = ()


@dataclass(frozen=True)
class Trained:
    """The result of a training.

    Parameters
    ----------
    estimator : object
        The fitted scikit-learn estimator, of types that skops trusts.
    description : ModelDescription
        The model's metadata.
    """

    estimator: Any
    description: ModelDescription


class Trainer(ABC):
    """Base of every class behind an entry point of `leia_nb.modules`.

    Instances are created without arguments. `read_parameters`, `read_apply_parameters`, `check`
    and `describe` run in the service and must be cheap: they open no file and do not import
    scikit-learn. `fit` and `predict` run in a worker process.

    Attributes
    ----------
    name : str
        The `model_module`.
    model_type : str
        A wire value of `ModelType`, e.g. ``"classification"``.
    input_types : tuple of str
        Wire values of `ModelInputType`, e.g. ``("text",)``.
    description : str
        What the models do, one or more sentences.
    trainable : bool
        Whether it can train; if False, a training is refused with 403. Default: True.
    training_parameters, apply_parameters : type of TrainerParameters
        The `model_params` of a training and of an apply. Default: none.
    """

    name: ClassVar[str]
    model_type: ClassVar[str]
    input_types: ClassVar[tuple[str, ...]]
    description: ClassVar[str] = ""
    trainable: ClassVar[bool] = True
    training_parameters: ClassVar[type[TrainerParameters]] = TrainerParameters
    apply_parameters: ClassVar[type[TrainerParameters]] = TrainerParameters

    def read_parameters(self, values: Mapping[str, Any]) -> Any:
        """Validate the `model_params` of a training.

        Parameters
        ----------
        values : mapping
            The members sent; strings, as in a query, are parsed, None means the default.

        Returns
        -------
        TrainerParameters
            An instance of `training_parameters`.

        Raises
        ------
        InvalidParameters
            If a member is unknown, of the wrong type, or out of range.
        """
        return read(self.training_parameters, values, f"training with {self.name}")

    def read_apply_parameters(self, values: Mapping[str, Any]) -> Any:
        """Validate the `model_params` of an apply, like `read_parameters`.

        Parameters
        ----------
        values : mapping
            The members sent.

        Returns
        -------
        TrainerParameters
            An instance of `apply_parameters`.

        Raises
        ------
        InvalidParameters
            If a member is unknown, of the wrong type, or out of range.
        """
        return read(self.apply_parameters, values, f"applying a model of {self.name}")

    @abstractmethod
    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Check whether the documents can be trained on, without opening their files.

        Parameters
        ----------
        documents : sequence of TrainingDocument
            The documents with the training tag.

        Raises
        ------
        UnusableDocuments
            If they cannot; the training is refused with 400 before a job is created.
        """

    def probe(self, document: TrainingDocument, parameters: Any) -> None:
        """Read a document as `fit` does; raise `UnreadableDocument` if that is impossible.

        It is called only after a training has failed, to name all unreadable documents at once.
        Default: nothing is read, so only the first one is named.
        """
        del document, parameters

    @abstractmethod
    def fit(self, documents: Sequence[TrainingDocument], parameters: Any) -> Trained:
        """Train a model.

        Parameters
        ----------
        documents : sequence of TrainingDocument
            The documents with the training tag.
        parameters : TrainerParameters
            As returned by `read_parameters`.

        Returns
        -------
        Trained
            The estimator and the model's metadata.

        Raises
        ------
        UnusableDocuments
            If a document cannot be read; the message becomes the reason of the failed job.
        """

    @abstractmethod
    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: Any,
    ) -> list[Prediction]:
        """Apply a model.

        Parameters
        ----------
        estimator : object
            The estimator of the model file.
        description : ModelDescription
            The metadata of the model file.
        documents : sequence of InputDocument
            The documents.
        parameters : TrainerParameters
            As returned by `read_apply_parameters`.

        Returns
        -------
        list of Prediction
            One per document, in their order.

        Raises
        ------
        UnusableDocuments
            If a document cannot be read; the message becomes the reason of the failed job.
        """

    def describe(self) -> dict[str, Any]:
        """Return the trainer as ``GET /trainers`` lists it.

        Returns
        -------
        dict
            ``model_module``, ``description``, ``model_type``, ``input_types``, ``trainable``,
            and the JSON Schemas ``training_parameters`` and ``apply_parameters``.
        """
        return {
            "model_module": self.name,
            "description": self.description,
            "model_type": str(self.model_type),
            "input_types": [str(input_type) for input_type in self.input_types],
            "trainable": self.trainable,
            "training_parameters": json_schema(self.training_parameters),
            "apply_parameters": json_schema(self.apply_parameters),
        }
