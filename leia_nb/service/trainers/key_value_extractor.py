"""The trainer `key_value_extractor`: values by key in the texts of documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

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
from leia_nb.service.trainers.extraction.read_segments import read_segments
from leia_nb.service.trainers.extraction.spans import Span
from leia_nb.service.trainers.extraction.text_segments import SegmentedText
from leia_nb.service.trainers.sklearn_trainer import (
    Folds,
    Pages,
    Seed,
    SklearnTrainer,
    Strength,
    Threshold,
    classifier_pipeline,
    describe_annotations,
    split_folds,
    subsample,
)

_THRESHOLD = 0.5
_BACKGROUND = ""
_EXPECTED = 'an object of values, {"key": "value"}'
_FEATURE = r"\S+"
_MOST_SPANS, _LEAST_SPANS_PER_DOCUMENT = 200_000, 500


class KeyValueExtractorParameters(TrainerParameters):
    """The parameters of a training with `key_value_extractor`."""

    strength: Strength = 1.0
    pages: Pages = 5
    folds: Folds = 4
    seed: Seed = 0


class KeyValueExtractorApplyParameters(TrainerParameters):
    """The parameters of applying a `key_value_extractor`."""

    threshold: Threshold = _THRESHOLD


@dataclass(frozen=True)
class _SpanExamples:
    """The candidates of a document, each with its features and its key."""

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
        "total or date. A logistic regression weighs, for every part of a line, its shape, its "
        "position, its size, and the words beside and above it."
    )
    training_parameters: ClassVar = KeyValueExtractorParameters
    apply_parameters: ClassVar = KeyValueExtractorApplyParameters

    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Raise `UnusableDocuments` unless two documents have values."""
        self._usable(documents)

    def fit(
        self, documents: Sequence[TrainingDocument], parameters: KeyValueExtractorParameters
    ) -> Trained:
        """Train on the documents that have values, and cross-validate."""
        examples = self._usable(documents)
        texts = [read_segments(example.document, parameters.pages) for example in examples]
        pairs = list(zip(examples, texts, strict=True))
        located = [annotated_values.locate(example, text) for example, text in pairs]
        missing = annotated_values.count_missing(examples, located)
        keys = annotated_values.usable_keys(located)
        shapes = annotated_values.shapes(located)
        most = max(_MOST_SPANS // len(examples), _LEAST_SPANS_PER_DOCUMENT)
        cases = [
            _span_examples(example, list(spans.candidates(text, shapes)), text, keys, most)
            for example, text in pairs
        ]
        correct = _cross_validate(cases, keys, parameters)
        estimator = _fitted(cases, parameters)
        return self.trained(
            estimator,
            _accuracy(correct, len(cases)),
            _facts(len(examples), len(documents) - len(examples), missing, correct),
            parameters,
            [(e.document.md5sum, json.dumps(e.fields, sort_keys=True)) for e in examples],
            extra={"keys": keys, "shapes": [list(shape) for shape in shapes]},
        )

    def probe(self, document: TrainingDocument, parameters: KeyValueExtractorParameters) -> None:
        """Read a document that has values."""
        if annotated_values.fields(document):
            read_segments(document, parameters.pages)

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: KeyValueExtractorApplyParameters,
    ) -> list[Prediction]:
        """Return the best value of each key, sorted by key."""
        pages = self.trained_parameters(description).pages
        shapes = [tuple(shape) for shape in description.extra.get("shapes", [])]
        predictions = []
        for document in documents:
            text = _read(document, pages, is_single=len(documents) == 1)
            found = list(spans.candidates(text, shapes))
            best = _best(estimator, found, spans.features(text, found))
            items = [
                {"key": key, "value": value, "score": score}
                for key, (score, value) in sorted(best.items())
                if score >= parameters.threshold
            ]
            predictions.append(Prediction(items))
        return predictions

    def _usable(self, documents: Sequence[TrainingDocument]) -> list[Example]:
        examples = annotated_values.examples(documents)
        if len(examples) < 2:
            used = {example.document.id for example in examples}
            others = [document for document in documents if document.id not in used]
            raise UnusableDocuments(
                "Expected at least two documents that have a TEXT annotation with values, got "
                f"{len(examples)} of {len(documents)}. "
                f"{describe_annotations(others, AnnotationType.TEXT, _EXPECTED)}"
                "Annotate them with annotation_type TEXT and a prediction such as "
                '{"total": "12.50", "date": "2026-03-05"}, then train again.'
            )
        self.check_types(example.document for example in examples)
        return examples


def _read(document: InputDocument, pages: int, *, is_single: bool) -> SegmentedText:
    """Read a document; a blank one among several yields an empty list."""
    try:
        return read_segments(document, pages)
    except BlankDocument:
        if is_single:
            raise
        return SegmentedText([])


def _span_examples(
    example: Example, candidates: list[Span], text: SegmentedText, keys: Sequence[str], most: int
) -> _SpanExamples:
    """Label each span with the first key whose value it is, and subsample the others."""
    values = [(key, example.fields[key]) for key in keys if key in example.fields]
    labeled = [
        (span, row, _key(span, values))
        for span, row in zip(candidates, spans.features(text, candidates), strict=True)
    ]
    kept = subsample(labeled, lambda item: item[2] != _BACKGROUND, most)
    return _SpanExamples(example, [k[0] for k in kept], [k[1] for k in kept], [k[2] for k in kept])


def _key(span: Span, values: Sequence[tuple[str, str | float]]) -> str:
    matching = (key for key, value in values if annotated_values.is_same(value, span.text))
    return next(matching, _BACKGROUND)


def _fitted(cases: Iterable[_SpanExamples], parameters: KeyValueExtractorParameters) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = [row for case in cases for row in case.rows]
    keys = [key for case in cases for key in case.keys]
    if len(set(keys)) == 1:
        # Each text has a single candidate, its value: an empty row is the negative example.
        rows, keys = [*rows, ""], [*keys, _BACKGROUND]
    words = TfidfVectorizer(token_pattern=_FEATURE, lowercase=False, use_idf=False, binary=True)
    options = {"class_weight": "balanced", "max_iter": 2000, "tol": 1e-3}
    pipeline = classifier_pipeline(("words", words), C=parameters.strength, **options)
    return pipeline.fit(rows, keys)


def _cross_validate(
    cases: Sequence[_SpanExamples], keys: Sequence[str], parameters: KeyValueExtractorParameters
) -> dict[str, int]:
    """Return the number of documents with a correct prediction by key."""
    correct = dict.fromkeys(keys, 0)
    for train, test in split_folds(len(cases), parameters):
        training = [cases[number] for number in train]
        if {key for case in training for key in case.keys} <= {_BACKGROUND}:
            continue
        estimator = _fitted(training, parameters)
        for case in (cases[number] for number in test):
            best = _best(estimator, case.spans, case.rows)
            for key in keys:
                correct[key] += _is_correct(case.example.fields.get(key), best.get(key))
    return correct


def _is_correct(value: str | float | None, predicted: tuple[float, str] | None) -> bool:
    if predicted is None or predicted[0] < _THRESHOLD:
        return value is None
    return value is not None and annotated_values.is_same(value, predicted[1])


def _best(
    estimator: Any, candidates: Sequence[Span], rows: Sequence[str]
) -> dict[str, tuple[float, str]]:
    """Return score and text of the most probable value by key; of equal ones the first."""
    if not candidates:
        return {}
    probabilities = estimator.predict_proba(rows)
    best: dict[str, tuple[float, str]] = {}
    for column, key in enumerate(estimator.classes_.tolist()):
        if key != _BACKGROUND:
            index = int(probabilities[:, column].argmax())
            score = float(probabilities[index, column])
            best[key] = (score, " ".join(candidates[index].text.split()))
    return best


def _accuracy(correct: Mapping[str, int], total: int) -> float:
    return sum(correct.values()) / (total * len(correct))


def _facts(total: int, skipped: int, missing: int, correct: Mapping[str, int]) -> list[str]:
    by_key = ", ".join(f"{key} {count} of {total}" for key, count in correct.items())
    return [
        f"Accuracy: {_accuracy(correct, total):.4f}, the share of documents and keys with exactly "
        "the annotated value (or none, where none is annotated), by cross-validation.",
        f"Correct by key: {by_key}.",
        f"Documents: {total}, skipped without annotated values: {skipped}.",
        f"Annotated values that do not occur in the texts: {missing}.",
    ]
