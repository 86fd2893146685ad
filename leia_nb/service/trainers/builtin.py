"""What all built-in trainers share: refusing what they cannot read, and describing models."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from leia_nb.packaging import ModelDescription
from leia_nb.service.documents.base import (
    TrainingDocument,
    UnusableDocuments,
    accepts,
    way_to_read,
)
from leia_nb.service.trainers.parametrized import Parametrized


class Learner(Parametrized):
    """A trainer of scikit-learn pipelines.

    A subclass says what it reads (`reads`, in words), and what its models answer.
    """

    model_type: str
    input_types: tuple[str, ...]
    trainable = True
    reads: ClassVar[str]
    output_format: ClassVar[Any]
    speed: ClassVar[str]

    def refuse_kinds(self, documents: Iterable[TrainingDocument]) -> None:
        """Raise `UnusableDocuments` if one of the documents is of a kind that is not read."""
        for document in documents:
            if not accepts(self.input_types, document.mime_type):
                otherwise = "take the training tag from it, or train with another module"
                raise UnusableDocuments(
                    f"{document.label} is {document.mime_type}, but {self.name} reads "
                    f"{self.reads}. " + way_to_read(self.input_types, document.mime_type, otherwise)
                )

    def describe_model(
        self,
        estimator: Any,
        accuracy: float,
        facts: Sequence[str],
        parameters: dict[str, Any],
        **more: Any,
    ) -> ModelDescription:
        """Return what a new model is.

        Parameters
        ----------
        estimator : sklearn.pipeline.Pipeline
            The fitted pipeline.
        accuracy : float
            The share of right answers, by cross-validation.
        facts : sequence of str
            What is known of the training, in lines.
        parameters : dict
            What it was trained with.
        **more
            Further fields of the description.
        """
        return ModelDescription(
            model_type=self.model_type,
            input_types=self.input_types,
            model_module=self.name,
            model_clazz=type(estimator.steps[-1][1]).__name__,
            documentation="\n".join([self.about, "", *facts]),
            output_format=self.output_format,
            speed=self.speed,
            accuracy=accuracy,
            parameters=parameters,
            **more,
        )


def fingerprint(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the MD5 over a training set: its documents' MD5s and what is said of them, sorted.

    Examples
    --------
    >>> fingerprint([("b", "x"), ("a", "y")]) == fingerprint([("a", "y"), ("b", "x")])
    True
    """
    lines = "".join(f"{md5sum}\t{said}\n" for md5sum, said in sorted(pairs))
    return hashlib.md5(lines.encode(), usedforsecurity=False).hexdigest()


def lowered(asked: int, possible: int) -> str:
    """Say that a cross-validation has fewer parts than asked; empty if it has not.

    Examples
    --------
    >>> lowered(5, 4), lowered(5, 5)
    (' (5 asked, 4 possible)', '')
    """
    return f" ({asked} asked, {possible} possible)" if possible < asked else ""


def circumstances(
    parameters: Mapping[str, Any], pairs: Iterable[tuple[str, str]]
) -> tuple[str, ...]:
    """Return the lines that say with and from what a model was made; see `fingerprint`."""
    import numpy
    import sklearn

    return (
        "Parameters: " + ", ".join(f"{k} = {v}" for k, v in parameters.items()) + ".",
        f"Fingerprint of the training set (MD5): {fingerprint(pairs)}.",
        f"Made with scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, "
        f"Python {platform.python_version()}.",
    )
