"""What all classifiers share: categories, checks, cross-validation, predictions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from leia_nb.enums import AnnotationType, ModelType, Speed
from leia_nb.packaging import ModelDescription
from leia_nb.service.documents.base import InputDocument, TrainingDocument, UnusableDocuments
from leia_nb.service.parameters import Parameter
from leia_nb.service.trainers import unusable_annotations
from leia_nb.service.trainers.base import Prediction, Trained
from leia_nb.service.trainers.builtin import Learner, circumstances, lowered
from leia_nb.service.trainers.parametrized import SEED

_WANTED = '{"category": …}'
TOP = Parameter("top", None, "how many of the most probable categories to return", 1)


@dataclass(frozen=True)
class _Example:
    category: str
    document: TrainingDocument


class Classifier(Learner):
    """A trainer that learns one category per document from `TYPING` annotations.

    A subclass says what it reads and how (`rows`), and what it learns with (`estimator`).
    """

    model_type = str(ModelType.CLASSIFICATION)
    output_format: ClassVar[Any] = {"category": "str", "score": "float", "accuracy": "float"}
    speed: ClassVar[str] = str(Speed.FAST)
    shared_parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            "folds", 5, "parts of the cross-validation, at most the smallest category", 2, 20
        ),
        SEED,
    )
    apply_parameters: ClassVar[tuple[Parameter, ...]] = (TOP,)

    def rows(self, documents: Sequence[InputDocument], parameters: Mapping[str, Any]) -> Any:
        """Return what the estimator takes, one entry per document, in their order."""
        raise NotImplementedError

    def estimator(self, parameters: Mapping[str, Any]) -> Any:
        """Return a new estimator, not yet fitted."""
        raise NotImplementedError

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
                f"category. {unusable_annotations.told(documents, AnnotationType.TYPING, _WANTED)}"
                "Annotate them, e.g. with annotation_type TYPING and prediction "
                '{"category": "invoice"}, then train again.'
            )
        self.refuse_kinds(example.document for example in examples)
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
        known = tuple(str(category) for category in estimator.classes_)
        about = self.describe_model(estimator, accuracy, facts, parameters, categories=known)
        return Trained(estimator, about)

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
        settings = self.settings(description)
        probabilities = estimator.predict_proba(self.rows(documents, settings))
        categories = [str(category) for category in estimator.classes_]
        return [
            prediction(categories, row, description.accuracy, parameters.get("top"))
            for row in probabilities.tolist()
        ]


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
) -> list[str]:
    counts = Counter(example.category for example in examples)
    listed = ", ".join(f"{category} ({count})" for category, count in sorted(counts.items()))
    pairs = [(example.document.md5sum, example.category) for example in examples]
    asked = lowered(parameters["folds"], folds)
    return [
        f"Accuracy: {accuracy:.4f}, by stratified cross-validation in {folds} parts{asked}.",
        f"Documents: {len(examples)}, and {left_out} left out for want of a category.",
        f"Categories: {listed}.",
        *circumstances(parameters, pairs),
    ]


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
