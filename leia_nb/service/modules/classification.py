"""What all classifiers share: categories, checks, cross-validation, predictions."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from leia_nb.enums import AnnotationType, ModelType, Speed
from leia_nb.packaging import ModelDescription
from leia_nb.service.modules import parameters as reader
from leia_nb.service.modules.base import (
    InputDocument,
    Prediction,
    Trained,
    TrainingDocument,
    UnusableDocuments,
    accepts,
    way_to_read,
)
from leia_nb.service.modules.parameters import Parameter

STRENGTH = Parameter(
    "strength", 1.0, "how closely to follow the examples (inverse regularization)", 1e-4, 1e4
)
SHARED = (
    Parameter("folds", 5, "parts of the cross-validation, at most the smallest category", 2, 20),
    Parameter("seed", 0, "start of the random numbers", 0, 2**32 - 1),
)
TOP = Parameter("top", None, "how many of the most probable categories to return", 1)


@dataclass(frozen=True)
class _Example:
    category: str
    document: TrainingDocument


class Classifier:
    """A trainer that learns one category per document from `TYPING` annotations.

    A subclass says what it reads and how (`rows`), and what it learns with (`estimator`).
    """

    name: str
    input_types: tuple[str, ...]
    about: ClassVar[str]
    reads: ClassVar[str]
    own_parameters: ClassVar[tuple[Parameter, ...]]
    model_type: str = str(ModelType.CLASSIFICATION)
    trainable = True

    def rows(self, documents: Sequence[InputDocument], parameters: Mapping[str, Any]) -> Any:
        """Return what the estimator takes, one entry per document, in their order."""
        raise NotImplementedError

    def estimator(self, parameters: Mapping[str, Any]) -> Any:
        """Return a new estimator, not yet fitted."""
        raise NotImplementedError

    def read_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every training parameter; see `Trainer.read_parameters`."""
        return reader.read((*self.own_parameters, *SHARED), given, f"training with {self.name}")

    def read_apply_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every parameter of an apply: ``top``."""
        return reader.read((TOP,), given, f"applying a model of {self.name}")

    def describe(self) -> dict[str, Any]:
        """Return what the trainer does, and its parameters in a line each."""
        return {
            "model_module": self.name,
            "about": self.about,
            "training": [p.line for p in (*self.own_parameters, *SHARED)],
            "apply": [TOP.line],
        }

    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Refuse documents that cannot be trained on; opens none of them.

        Raises
        ------
        UnusableDocuments
            If none has a category, a kind cannot be read, there is only one category,
            or a category has one document only.
        """
        examples = _examples(documents)
        if not examples:
            raise UnusableDocuments(
                f"None of the {_count(len(documents), 'document')} has a TYPING annotation with a "
                "category. Annotate them, e.g. with annotation_type TYPING and prediction "
                '{"category": "invoice"}, then train again.'
            )
        self._check_kinds(examples)
        _check_categories(Counter(example.category for example in examples))

    def fit(self, documents: Sequence[TrainingDocument], parameters: dict[str, Any]) -> Trained:
        """Train on the documents that have a category, and cross-validate."""
        self.check(documents)
        examples = _examples(documents)
        categories = [example.category for example in examples]
        rows = self.rows([example.document for example in examples], parameters)
        estimator = self.estimator(parameters)
        folds = min(parameters["folds"], min(Counter(categories).values()))
        accuracy = _cross_validate(estimator, rows, categories, folds, parameters["seed"])
        estimator.fit(rows, categories)
        left_out = len(documents) - len(examples)
        facts = _facts(examples, left_out, folds, accuracy, parameters)
        return Trained(estimator, self._description(estimator, accuracy, facts, parameters))

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: dict[str, Any],
    ) -> list[Prediction]:
        """Apply a model: every category with its probability, and the most probable one."""
        if not documents:
            return []
        settings = self._settings(description)
        probabilities = estimator.predict_proba(self.rows(documents, settings))
        categories = [str(category) for category in estimator.classes_]
        return [
            prediction(categories, row, description.accuracy, parameters.get("top"))
            for row in probabilities.tolist()
        ]

    def _settings(self, description: ModelDescription) -> dict[str, Any]:
        """Return the parameters a model was trained with, or their defaults."""
        names = {parameter.name for parameter in self.own_parameters}
        kept = {name: value for name, value in description.parameters.items() if name in names}
        return self.read_parameters(kept)

    def _check_kinds(self, examples: Sequence[_Example]) -> None:
        for example in examples:
            document = example.document
            if not accepts(self.input_types, document.mime_type):
                raise UnusableDocuments(
                    f"{document.label} is {document.mime_type}, but {self.name} reads "
                    f"{self.reads}. "
                    + way_to_read(
                        self.input_types,
                        document.mime_type,
                        "take the training tag from it, or train with another module",
                    )
                )

    def _description(
        self, estimator: Any, accuracy: float, facts: str, parameters: dict[str, Any]
    ) -> ModelDescription:
        return ModelDescription(
            model_type=self.model_type,
            input_types=self.input_types,
            model_module=self.name,
            model_clazz=type(estimator.steps[-1][1]).__name__,
            documentation=f"{self.about}\n\n{facts}",
            output_format={"category": "str", "score": "float", "accuracy": "float"},
            speed=str(Speed.FAST),
            accuracy=accuracy,
            parameters=parameters,
            categories=tuple(str(category) for category in estimator.classes_),
        )


def fingerprint(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the MD5 over a training set: its documents' MD5s and categories, sorted.

    Examples
    --------
    >>> fingerprint([("b", "x"), ("a", "y")]) == fingerprint([("a", "y"), ("b", "x")])
    True
    """
    lines = "".join(f"{md5sum}\t{category}\n" for md5sum, category in sorted(pairs))
    return hashlib.md5(lines.encode(), usedforsecurity=False).hexdigest()


def _examples(documents: Sequence[TrainingDocument]) -> list[_Example]:
    """Return the documents with a category, in an order that ids do not change."""
    found = [(_category(document), document) for document in documents]
    examples = [_Example(category, document) for category, document in found if category]
    return sorted(examples, key=lambda e: (e.document.md5sum, e.category))


def _category(document: TrainingDocument) -> str | None:
    """Return what the newest `TYPING` annotation that names a category says."""
    for kind, prediction in reversed(document.annotations):
        if kind == AnnotationType.TYPING and isinstance(prediction, dict):
            category = prediction.get("category")
            if isinstance(category, int | float) and not isinstance(category, bool):
                return str(category)
            if isinstance(category, str) and category.strip() and "\0" not in category:
                return category.strip()
    return None


def _check_categories(counts: Counter[str]) -> None:
    total = counts.total()
    if len(counts) == 1:
        raise UnusableDocuments(
            f"All of the {_count(total, 'annotated document')} have the category "
            f"{next(iter(counts))!r}. A classifier needs at least two categories: annotate "
            "documents of another one, then train again."
        )
    single = sorted(category for category, count in counts.items() if count == 1)
    if single:
        names = ", ".join(repr(name) for name in single[:10]) + (", …" if len(single) > 10 else "")
        raise UnusableDocuments(
            f"{_count(len(single), 'category', 'categories')} of {len(counts)} "
            f"({_count(total, 'annotated document')}) have one document only: {names}. "
            "Annotate at least two documents per category, or take the training tag from these."
        )


def _cross_validate(
    estimator: Any, rows: Any, categories: Sequence[str], folds: int, seed: int
) -> float:
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    parts = StratifiedKFold(folds, shuffle=True, random_state=seed)
    predicted = cross_val_predict(estimator, rows, categories, cv=parts)
    right = sum(said == true for said, true in zip(predicted.tolist(), categories, strict=True))
    return float(right / len(categories))


def prediction(
    categories: Sequence[str],
    probabilities: Sequence[float],
    accuracy: float | None,
    top: int | None,
) -> Prediction:
    """Return categories with their scores, the best first and at most `top` of them."""
    pairs = sorted(
        zip(categories, probabilities, strict=True), key=lambda pair: (-pair[1], pair[0])
    )
    best, score = pairs[0]
    return Prediction(
        key_values=[{"key": category, "value": value} for category, value in pairs[:top]],
        classification={"category": best, "score": score, "accuracy": accuracy},
    )


def _facts(
    examples: Sequence[_Example],
    left_out: int,
    folds: int,
    accuracy: float,
    parameters: Mapping[str, Any],
) -> str:
    import numpy
    import sklearn

    counts = Counter(example.category for example in examples)
    pairs = [(example.document.md5sum, example.category) for example in examples]
    listed = ", ".join(f"{category} ({count})" for category, count in sorted(counts.items()))
    return "\n".join(
        [
            f"Accuracy: {accuracy:.4f}, by stratified cross-validation in {folds} parts.",
            f"Documents: {len(examples)}, and {left_out} left out for want of a category.",
            f"Categories: {listed}.",
            "Parameters: " + ", ".join(f"{k} = {v}" for k, v in parameters.items()) + ".",
            f"Fingerprint of the training set (MD5): {fingerprint(pairs)}.",
            f"Made with scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, "
            f"Python {platform.python_version()}.",
        ]
    )


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
