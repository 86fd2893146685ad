"""What a trainer is given, what it answers, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from leia_nb.enums import ModelInputType
from leia_nb.packaging import ModelDescription


@dataclass(frozen=True)
class InputDocument:
    """A document that a model is applied to.

    Parameters
    ----------
    id : str
        The document's id.
    path : pathlib.Path
        Where its bytes are.
    filename : str
        Its name, for messages.
    mime_type : str or None
        What kind of document it is said to be.
    """

    id: str
    path: Path
    filename: str
    mime_type: str | None

    @property
    def label(self) -> str:
        """How messages name the document."""
        return f"document {self.id} ({self.filename})"


@dataclass(frozen=True)
class TrainingDocument(InputDocument):
    """A document that a trainer learns from.

    Parameters
    ----------
    md5sum : str
        MD5 of its bytes, in hexadecimal.
    annotations : tuple of (str, object)
        Its annotations: type and prediction, the oldest first, at most one `TYPING`.
    """

    md5sum: str = ""
    annotations: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Prediction:
    """What a model says of one document.

    Parameters
    ----------
    key_values : list of dict
        ``{"key", "value"}`` items, the model's own output.
    classification : dict or None
        ``{"category", "score", "accuracy"}``, if the model is a classifier.
    """

    key_values: list[dict[str, Any]]
    classification: dict[str, Any] | None = None


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


class UnusableDocuments(Exception):
    """Documents that cannot be trained on, or not be read by the model.

    Its text says how many of what there are, and what to do.
    """

    code = "unusable_documents"

    @property
    def message(self) -> str:
        """The text."""
        return str(self)


class UnreadableDocument(UnusableDocuments):
    """A document that is damaged, or not what it is said to be.

    Parameters
    ----------
    document : InputDocument
        Which one.
    why : str
        What is wrong with it, a clause.
    advice : str
        What to do, a sentence.
    """

    def __init__(self, document: InputDocument, why: str, advice: str) -> None:
        super().__init__(f"{document.label} {why}. {advice}")


class InvalidParameters(ValueError):
    """A member of `model_params` that is unknown, of the wrong kind, or out of range.

    Its text names the member and lists the known ones.
    """

    code = "invalid_model_params"

    @property
    def message(self) -> str:
        """The text."""
        return str(self)


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


def accepts(input_types: Sequence[str], mime_type: str | None) -> bool:
    """Tell whether a model reads a kind of document.

    Parameters
    ----------
    input_types : sequence of str
        `ModelInputType` wire values.
    mime_type : str or None
        The document's; None and ``application/octet-stream`` say nothing, so they pass.

    Returns
    -------
    bool
        False if the document is certainly of another kind. A model of text reads PDFs
        too, as far as they carry text.

    Examples
    --------
    >>> accepts(["image"], "image/png"), accepts(["image"], "application/pdf")
    (True, False)
    """
    if mime_type in (None, "", "application/octet-stream"):
        return True
    kind = str(mime_type).partition(";")[0].strip().lower()
    return any(
        kind.startswith(_STARTS.get(t, "?")) or kind in _KINDS.get(t, ()) for t in input_types
    )


_TEXTS = ("application/pdf", "application/json", "application/xml")
_STARTS: dict[str, str] = {
    ModelInputType.IMAGE: "image/",
    ModelInputType.IMAGES: "image/",
    ModelInputType.TEXT: "text/",
    ModelInputType.TEXTS: "text/",
    ModelInputType.VIDEO: "video/",
    ModelInputType.VIDEOS: "video/",
}
_KINDS: dict[str, tuple[str, ...]] = {
    ModelInputType.TEXT: _TEXTS,
    ModelInputType.TEXTS: _TEXTS,
    ModelInputType.TEXT_TREE: ("application/json",),
    ModelInputType.TEXT_TREES: ("application/json",),
    ModelInputType.PDFS: ("application/pdf",),
}
