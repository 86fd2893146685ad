"""The base class of all classifiers: categories, checks, cross-validation, predictions."""

from __future__ import annotations

import math
import unicodedata
from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from leia_nb.enums import AnnotationType, ModelType, Speed
from leia_nb.packaging import ModelDescription
from leia_nb.service.documents.base import InputDocument, TrainingDocument, UnusableDocuments
from leia_nb.service.trainers.base import Prediction, Trained, TrainerParameters
from leia_nb.service.trainers.sklearn_trainer import (
    Folds,
    Seed,
    SklearnTrainer,
    describe_annotations,
)

_EXPECTED = '{"category": …}'


class ClassifierParameters(TrainerParameters):
    """The parameters of the training of every classifier."""

    folds: Folds = 5
    seed: Seed = 0


class ClassifierApplyParameters(TrainerParameters):
    """The parameters of applying a classifier."""

    top: int | None = Field(
        None, ge=1, description="how many of the most probable categories to return"
    )


class Classifier(SklearnTrainer):
    """Base of trainers that learn one category per document from `TYPING` annotations.

    A subclass sets `name`, `input_types`, `description` and, for parameters besides `folds` and
    `seed`, `training_parameters` (a subclass of `ClassifierParameters`); it implements `rows`
    and `estimator`. Checks, cross-validation, scores and documentation are inherited.
    """

    model_type = str(ModelType.CLASSIFICATION)
    output_format: ClassVar[Any] = {"category": "str", "score": "float", "accuracy": "float"}
    speed: ClassVar[str] = str(Speed.FAST)
    training_parameters: ClassVar[type[TrainerParameters]] = ClassifierParameters
    apply_parameters: ClassVar[type[TrainerParameters]] = ClassifierApplyParameters

    @abstractmethod
    def rows(self, documents: Sequence[InputDocument], parameters: Any) -> Any:
        """Return the input of the estimator.

        Parameters
        ----------
        documents : sequence of InputDocument
            The documents of a training or of an apply.
        parameters : ClassifierParameters
            The parameters of the training.

        Returns
        -------
        list or numpy.ndarray
            One row per document, in their order.
        """

    @abstractmethod
    def estimator(self, parameters: Any) -> Any:
        """Return a new estimator.

        Parameters
        ----------
        parameters : ClassifierParameters
            The parameters of the training.

        Returns
        -------
        sklearn.pipeline.Pipeline
            Not fitted; its last step has ``predict_proba``.
        """

    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Raise `UnusableDocuments` unless there are two documents of each of two categories."""
        examples = _examples(documents)
        if not examples:
            raise UnusableDocuments(
                f"None of the {_count(len(documents), 'document')} has a TYPING annotation with a "
                f"category. {describe_annotations(documents, AnnotationType.TYPING, _EXPECTED)}"
                "Annotate them, e.g. with annotation_type TYPING and prediction "
                '{"category": "invoice"}, then train again.'
            )
        self.check_types(document for _, document in examples)
        _check_categories(Counter(category for category, _ in examples))

    def fit(self, documents: Sequence[TrainingDocument], parameters: Any) -> Trained:
        """Train on the documents that have a category, and cross-validate."""
        self.check(documents)
        examples = _examples(documents)
        categories = [category for category, _ in examples]
        rows = self.rows([document for _, document in examples], parameters)
        estimator = self.estimator(parameters)
        counts = Counter(categories)
        folds = min(parameters.folds, *counts.values())
        accuracy = _cross_validate(estimator, rows, categories, folds, parameters.seed)
        estimator.fit(rows, categories)
        requested = f" ({parameters.folds} requested, {folds} possible)"
        listed = ", ".join(f"{category} ({count})" for category, count in sorted(counts.items()))
        facts = [
            f"Accuracy: {accuracy:.4f}, by stratified cross-validation in {folds} folds"
            f"{requested if folds < parameters.folds else ''}.",
            f"Documents: {len(examples)}, skipped without a category: "
            f"{len(documents) - len(examples)}.",
            f"Categories: {listed}.",
        ]
        return self.trained(
            estimator,
            accuracy,
            facts,
            parameters,
            [(document.md5sum, category) for category, document in examples],
            categories=tuple(str(category) for category in estimator.classes_),
        )

    def probe(self, document: TrainingDocument, parameters: Any) -> None:
        """Read a document that has a category."""
        if _category(document):
            self.rows([document], parameters)

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: Any,
    ) -> list[Prediction]:
        """Return every category with its probability, and the most probable one."""
        if not documents:
            return []
        rows = self.rows(documents, self.trained_parameters(description))
        categories = [str(category) for category in estimator.classes_]
        return [
            prediction(categories, row, description.accuracy, parameters.top)
            for row in estimator.predict_proba(rows).tolist()
        ]


def _examples(documents: Sequence[TrainingDocument]) -> list[tuple[str, TrainingDocument]]:
    """Return the documents with a category, in an order that ids do not change."""
    pairs = [(_category(document), document) for document in documents]
    examples = [(category, document) for category, document in pairs if category]
    return sorted(examples, key=lambda example: (example[1].md5sum, example[0]))


def _category(document: TrainingDocument) -> str | None:
    """Return the category of the newest `TYPING` annotation that has one."""
    for annotation_type, prediction in reversed(document.annotations):
        if annotation_type == AnnotationType.TYPING and isinstance(prediction, dict):
            category = prediction.get("category")
            if isinstance(category, int | float) and not isinstance(category, bool):
                # JSON does not distinguish 1 and 1.0.
                is_whole = math.isfinite(category) and category == int(category)
                return str(int(category) if is_whole else category)
            if isinstance(category, str) and category.strip() and "\0" not in category:
                return unicodedata.normalize("NFC", category.strip())
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
        verb = "has" if len(single) == 1 else "have"
        raise UnusableDocuments(
            f"Every category needs at least two documents, but {len(single)} of {len(counts)} "
            f"categories ({_count(total, 'annotated document')}) {verb} only one: {names}. "
            "Annotate more documents of these categories, or remove the training tag from these."
        )


def _cross_validate(
    estimator: Any, rows: Any, categories: Sequence[str], folds: int, seed: int
) -> float:
    from sklearn.metrics import accuracy_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
    predicted = cross_val_predict(estimator, rows, categories, cv=splitter)
    return float(accuracy_score(categories, predicted))


def prediction(
    categories: Sequence[str],
    probabilities: Sequence[float],
    accuracy: float | None,
    top: int | None,
) -> Prediction:
    """Return the `top` categories with their scores, the best first."""
    pairs = sorted(
        zip(categories, probabilities, strict=True), key=lambda pair: (-pair[1], pair[0])
    )
    best, score = pairs[0]
    return Prediction(
        key_values=[{"key": category, "value": value} for category, value in pairs[:top]],
        classification={"category": best, "score": score, "accuracy": accuracy},
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)
