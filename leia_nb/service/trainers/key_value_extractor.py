"""The trainer `key_value_extractor`: which values a document gives for which keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field

from leia_nb.enums import AnnotationType, ModelInputType, ModelType, Speed
from leia_nb.packaging import ModelDescription
from leia_nb.service.documents.base import (
    BlankDocument,
    InputDocument,
    TrainingDocument,
    UnusableDocuments,
)
from leia_nb.service.trainers.base import Prediction, Trained, TrainerParameters
from leia_nb.service.trainers.extraction import annotated_values, spans
from leia_nb.service.trainers.extraction.annotated_values import Example
from leia_nb.service.trainers.extraction.page_text import read_pieces
from leia_nb.service.trainers.extraction.spans import Span
from leia_nb.service.trainers.extraction.subsampling import thinned
from leia_nb.service.trainers.extraction.text_pieces import Pieces
from leia_nb.service.trainers.sklearn_trainer import (
    Seed,
    SklearnTrainer,
    Strength,
    describe_annotations,
)

_NOTHING = ""
_EXPECTED = 'an object of values, {"key": "value"}'
_FEATURE = r"\S+"
_MOST_SPANS, _LEAST_SPANS = 200_000, 500
_THRESHOLD = 0.5


class KeyValueExtractorParameters(TrainerParameters):
    """The parameters of a training with `key_value_extractor`."""

    strength: Strength = 1.0
    pages: int = Field(
        5, ge=1, le=100, description="how many pages of a document to use, from the first"
    )
    folds: int = Field(
        4,
        ge=2,
        le=20,
        description="folds of the cross-validation, at most the number of documents",
    )
    seed: Seed = 0


class KeyValueExtractorApplyParameters(TrainerParameters):
    """The parameters of applying a `key_value_extractor`."""

    threshold: float = Field(
        _THRESHOLD, ge=0, le=1, description="lowest score of a value that is returned"
    )


@dataclass(frozen=True)
class _Case:
    """One document as the estimator sees it: what may be a value, and what is."""

    example: Example
    spans: list[Span]
    rows: list[str]
    keys: list[str]


class KeyValueExtractor(SklearnTrainer):
    """Learns from `TEXT` annotations where a document has the value of a key."""

    name = "key_value_extractor"
    model_type = str(ModelType.KEY_VALUE_EXTRACTION)
    input_types = (str(ModelInputType.TEXT), str(ModelInputType.TEXT_TREE))
    output_format: ClassVar[Any] = {"key": "str", "value": "str", "score": "float"}
    speed: ClassVar[str] = str(Speed.FAST)
    description = (
        "Extracts the values that a text, a PDF with text or a text tree has for keys such as "
        "total or date. A logistic regression weighs, for every piece of a line, its shape, its "
        "place, its size, and the words beside and above it."
    )
    training_parameters: ClassVar = KeyValueExtractorParameters
    apply_parameters: ClassVar = KeyValueExtractorApplyParameters

    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Refuse documents that cannot be trained on; opens none of them.

        Raises
        ------
        UnusableDocuments
            If fewer than two have key-values, or a kind cannot be read.
        """
        self._usable(documents)

    def fit(self, documents: Sequence[TrainingDocument], parameters: Any) -> Trained:
        """Train on the documents that have key-values, and cross-validate."""
        some = self._usable(documents)
        read = [read_pieces(example.document, parameters.pages) for example in some]
        places = [annotated_values.found(e, pieces) for e, pieces in zip(some, read, strict=True)]
        missing = annotated_values.refuse_missing(some, places)
        keys = annotated_values.usable_keys(places)
        shapes = annotated_values.shapes(places)
        most = max(_MOST_SPANS // len(some), _LEAST_SPANS)
        cases = [
            _case(example, list(spans.candidates(pieces, shapes)), pieces, keys, most)
            for example, pieces in zip(some, read, strict=True)
        ]
        right = _cross_validate(cases, keys, parameters)
        estimator = _fitted(cases, parameters)
        description = self.describe_model(
            estimator,
            _accuracy(right),
            _facts(some, len(documents) - len(some), missing, right),
            parameters,
            [(e.document.md5sum, json.dumps(e.fields, sort_keys=True)) for e in some],
            extra={"keys": keys, "shapes": [list(shape) for shape in shapes]},
        )
        return Trained(estimator, description)

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: Any,
    ) -> list[Prediction]:
        """Apply a model: of every key the best value, its keys sorted."""
        pages = self.trained_parameters(description).pages
        shapes = [tuple(shape) for shape in description.extra.get("shapes", [])]
        predictions = []
        for document in documents:
            pieces = _read(document, pages, is_alone=len(documents) == 1)
            found = list(spans.candidates(pieces, shapes))
            best = _best(estimator, found, spans.describe(pieces, found) if found else [])
            predictions.append(Prediction(_items(best, parameters.threshold)))
        return predictions

    def _usable(self, documents: Sequence[TrainingDocument]) -> list[Example]:
        some = annotated_values.examples(documents)
        if len(some) < 2:
            used = {example.document.id for example in some}
            others = [document for document in documents if document.id not in used]
            raise UnusableDocuments(
                f"{len(some) or 'None'} of the {len(documents)} documents has a TEXT annotation "
                "with values; at least two are needed. "
                f"{describe_annotations(others, AnnotationType.TEXT, _EXPECTED)}"
                "Annotate them with annotation_type TEXT and "
                'a prediction such as {"total": "12.50", "date": "2026-03-05"}, then train again.'
            )
        self.check_types(example.document for example in some)
        return some


def _read(document: InputDocument, pages: int, *, is_alone: bool) -> Pieces:
    """Read a document; one without a word has no pieces, unless it is all there is."""
    try:
        return read_pieces(document, pages)
    except BlankDocument:
        if is_alone:
            raise
        return Pieces([])


def _case(
    example: Example, found: list[Span], pieces: Pieces, keys: Sequence[str], most: int
) -> _Case:
    """Name the key that each span is the value of; only the first, if it is of several."""
    said = [(key, example.fields[key]) for key in keys if key in example.fields]
    told = [
        (span, row, _key(span, said))
        for span, row in zip(found, spans.describe(pieces, found) if found else [], strict=True)
    ]
    kept = thinned(told, lambda one: one[2] != _NOTHING, most)
    return _Case(example, [k[0] for k in kept], [k[1] for k in kept], [k[2] for k in kept])


def _key(span: Span, said: Sequence[tuple[str, str | float]]) -> str:
    return next(
        (key for key, value in said if annotated_values.is_same(value, span.text)), _NOTHING
    )


def _fitted(cases: Iterable[_Case], parameters: KeyValueExtractorParameters) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    rows = [row for case in cases for row in case.rows]
    keys = [key for case in cases for key in case.keys]
    if len(set(keys)) == 1:  # every text has one candidate, its value: what is no value is unlike
        rows, keys = [*rows, ""], [*keys, _NOTHING]
    words = TfidfVectorizer(token_pattern=_FEATURE, lowercase=False, use_idf=False, binary=True)
    weights = LogisticRegression(
        C=parameters.strength, class_weight="balanced", max_iter=2000, tol=1e-3
    )
    return Pipeline([("words", words), ("classify", weights)]).fit(rows, keys)


def _cross_validate(
    cases: Sequence[_Case], keys: Sequence[str], parameters: KeyValueExtractorParameters
) -> dict[str, tuple[int, int]]:
    """Return, per key, in how many documents the model was right, and of how many."""
    from sklearn.model_selection import KFold

    right = dict.fromkeys(keys, 0)
    folds = min(parameters.folds, len(cases))
    parts = KFold(folds, shuffle=True, random_state=parameters.seed)
    for train, test in parts.split(cases):
        some = [cases[number] for number in train]
        if {key for case in some for key in case.keys} <= {_NOTHING}:
            continue
        estimator = _fitted(some, parameters)
        for case in (cases[number] for number in test):
            best = _best(estimator, case.spans, case.rows)
            for key in keys:
                right[key] += _is_right(case.example, key, best.get(key))
    return {key: (count, len(cases)) for key, count in right.items()}


def _is_right(example: Example, key: str, said: tuple[float, str] | None) -> bool:
    value = example.fields.get(key)
    told = said is not None and said[0] >= _THRESHOLD
    if value is None or said is None or not told:
        return value is None and not told
    return annotated_values.is_same(value, said[1])


def _best(
    estimator: Any, found: Sequence[Span], rows: Sequence[str]
) -> dict[str, tuple[float, str]]:
    """Return, per key, the most probable value with its probability; the first of equals."""
    if not found:
        return {}
    probabilities = estimator.predict_proba(rows)
    best: dict[str, tuple[float, str]] = {}
    for column, key in enumerate(estimator.classes_.tolist()):
        if key != _NOTHING:
            place = int(probabilities[:, column].argmax())
            score = float(probabilities[place, column])
            best[key] = (score, " ".join(found[place].text.split()))
    return best


def _items(best: Mapping[str, tuple[float, str]], threshold: float) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": value, "score": score}
        for key, (score, value) in sorted(best.items())
        if score >= threshold
    ]


def _accuracy(right: Mapping[str, tuple[int, int]]) -> float:
    return sum(count for count, _ in right.values()) / sum(total for _, total in right.values())


def _facts(
    some: Sequence[Example],
    left_out: int,
    missing: int,
    right: Mapping[str, tuple[int, int]],
) -> list[str]:
    by_key = ", ".join(f"{key} {count} of {total}" for key, (count, total) in right.items())
    return [
        f"Accuracy: {_accuracy(right):.4f}, the share of documents and keys with exactly the "
        "annotated value (or none, where none is annotated), by cross-validation.",
        f"Right by key: {by_key}.",
        f"Documents: {len(some)}, and {left_out} left out because they have no annotated values.",
        f"Annotated values that are not in the texts: {missing}.",
    ]
