"""The values of `TEXT` annotations, and their positions in the texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leia_nb.enums import AnnotationType
from leia_nb.service.documents.base import TrainingDocument, UnusableDocuments
from leia_nb.service.trainers.extraction.spans import MOST_LENGTH, Shape, Span, amount
from leia_nb.service.trainers.extraction.text_segments import SegmentedText

Fields = dict[str, str | float]
SpansByKey = dict[str, list[Span]]
_MOST_LISTED = 5


@dataclass(frozen=True)
class Example:
    """A document with its annotated values by key."""

    document: TrainingDocument
    fields: Fields


def examples(documents: Sequence[TrainingDocument]) -> list[Example]:
    """Return the documents that have values, in an order that does not depend on ids."""
    pairs = [Example(document, fields(document)) for document in documents]
    return sorted(
        (example for example in pairs if example.fields),
        key=lambda e: (e.document.md5sum, json.dumps(e.fields, sort_keys=True)),
    )


def fields(document: TrainingDocument) -> Fields:
    """Return the values of a document's `TEXT` annotations; the newest of a key counts."""
    values: Fields = {}
    for annotation_type, prediction in document.annotations:
        if annotation_type != AnnotationType.TEXT or not isinstance(prediction, dict):
            continue
        for key, item in prediction.items():
            if key.strip() and "\0" not in key and (value := _value(item)) is not None:
                values[key] = value
    return values


def is_same(value: str | float, text: str) -> bool:
    """Return whether a text is an annotated value.

    Examples
    --------
    >>> is_same("Acme  Ltd", "Acme Ltd"), is_same(12.5, "12,50"), is_same("12", "13")
    (True, True, False)
    """
    if isinstance(value, str):
        return " ".join(value.split()) == " ".join(text.split())
    number = amount(text)
    return number is not None and abs(number - value) < 1e-6


def all_spans(segments: SegmentedText) -> Iterable[Span]:
    """Yield every span of at most 12 tokens."""
    for segment in segments:
        for first in range(len(segment.tokens)):
            for last in range(first + 1, min(first + MOST_LENGTH, len(segment.tokens)) + 1):
                yield Span(segment, first, last)


def locate(example: Example, segments: SegmentedText) -> SpansByKey:
    """Return the spans of a document's values, by the keys whose values occur in the text."""
    numbers = {key: value for key, value in example.fields.items() if not isinstance(value, str)}
    texts: dict[str, list[str]] = {}
    for key, value in example.fields.items():
        if isinstance(value, str):
            texts.setdefault(" ".join(value.split()), []).append(key)
    spans: SpansByKey = {}
    for span in all_spans(segments):
        keys = texts.get(" ".join(span.text.split()), [])
        also = [key for key, value in numbers.items() if is_same(value, span.text)]
        for key in (*keys, *also):
            spans.setdefault(key, []).append(span)
    return spans


def shapes(located: Iterable[SpansByKey]) -> list[Shape]:
    """Return the shapes of all located values, sorted."""
    return sorted({span.shape for by_key in located for spans in by_key.values() for span in spans})


def count_missing(examples: Sequence[Example], located: Sequence[SpansByKey]) -> int:
    """Return how many values do not occur in their texts; raise if more than half."""
    missing = [
        f"{key} = {value!r:.60} in {example.document.label}"
        for example, by_key in zip(examples, located, strict=True)
        for key, value in example.fields.items()
        if key not in by_key
    ]
    total = sum(len(example.fields) for example in examples)
    if 2 * len(missing) > total:
        more = "; …" if len(missing) > _MOST_LISTED else ""
        raise UnusableDocuments(
            f"{len(missing)} of {total} annotated values do not occur in the texts of their "
            f"documents: {'; '.join(missing[:_MOST_LISTED])}{more}. Annotate values as printed, "
            "each within one line."
        )
    return len(missing)


def usable_keys(located: Sequence[SpansByKey]) -> list[str]:
    """Return the sorted keys with values in at least two texts, or raise `UnusableDocuments`."""
    keys = sorted({key for by_key in located for key in by_key})
    usable = [key for key in keys if sum(key in by_key for by_key in located) > 1]
    if not usable:
        raise UnusableDocuments(
            f"No key has values in the texts of at least two documents (keys: {', '.join(keys)}). "
            "Annotate more documents with the same keys, then train again."
        )
    return usable


def _value(item: object) -> str | float | None:
    if isinstance(item, str):
        return item if item.strip() and "\0" not in item else None
    if isinstance(item, int | float) and not isinstance(item, bool):
        return float(item) if abs(item) < 1e15 else str(item)
    return None
