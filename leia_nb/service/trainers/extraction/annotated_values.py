"""What people said of documents by `TEXT` annotations, and where that is in the text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leia_nb.enums import AnnotationType
from leia_nb.service.documents.base import TrainingDocument, UnusableDocuments
from leia_nb.service.trainers.extraction.spans import MOST_LENGTH, Shape, Span, amount
from leia_nb.service.trainers.extraction.text_pieces import Pieces

Fields = dict[str, str | float]
_NAMED = 5


@dataclass(frozen=True)
class Example:
    """A document and what it says, by key."""

    document: TrainingDocument
    fields: Fields


def examples(documents: Sequence[TrainingDocument]) -> list[Example]:
    """Return the documents that have key-values, in an order that ids do not change."""
    found = [Example(document, fields(document)) for document in documents]
    return sorted(
        (example for example in found if example.fields),
        key=lambda e: (e.document.md5sum, json.dumps(e.fields, sort_keys=True)),
    )


def fields(document: TrainingDocument) -> Fields:
    """Return what a document's `TEXT` annotations say; of a key, the newest counts."""
    said: Fields = {}
    for kind, prediction in document.annotations:
        if kind != AnnotationType.TEXT or not isinstance(prediction, dict):
            continue
        for key, value in prediction.items():
            if key.strip() and "\0" not in key and (wanted := _value(value)) is not None:
                said[key] = wanted
    return said


def is_same(wanted: str | float, text: str) -> bool:
    """Tell whether a piece of text is an annotated value.

    Examples
    --------
    >>> is_same("Acme  Ltd", "Acme Ltd"), is_same(12.5, "12,50"), is_same("12", "13")
    (True, True, False)
    """
    if isinstance(wanted, str):
        return " ".join(wanted.split()) == " ".join(text.split())
    found = amount(text)
    return found is not None and abs(found - wanted) < 1e-6


def all_spans(pieces: Pieces) -> Iterable[Span]:
    """Yield every piece of text of at most 12 words and signs."""
    for piece in pieces:
        for first in range(len(piece.tokens)):
            for last in range(first + 1, min(first + MOST_LENGTH, len(piece.tokens)) + 1):
                yield Span(piece, first, last)


def found(example: Example, pieces: Pieces) -> dict[str, list[Span]]:
    """Return where in the text each of a document's values is, the ones that are there."""
    numbers = {key: value for key, value in example.fields.items() if not isinstance(value, str)}
    texts: dict[str, list[str]] = {}
    for key, value in example.fields.items():
        if isinstance(value, str):
            texts.setdefault(" ".join(value.split()), []).append(key)
    places: dict[str, list[Span]] = {}
    for span in all_spans(pieces):
        keys = texts.get(" ".join(span.text.split()), [])
        also = [key for key, value in numbers.items() if is_same(value, span.text)]
        for key in (*keys, *also):
            places.setdefault(key, []).append(span)
    return places


def shapes(places: Iterable[dict[str, list[Span]]]) -> list[Shape]:
    """Return the shapes of all values that were found, sorted."""
    return sorted({span.shape for by_key in places for spans in by_key.values() for span in spans})


def refuse_missing(some: Sequence[Example], places: Sequence[dict[str, list[Span]]]) -> int:
    """Refuse if most of the values are not in the texts; return how many are not.

    Raises
    ------
    UnusableDocuments
        If more than half are not there, or a key's values are there in one document only.
    """
    missing = [
        f"{key} = {value!r:.60} in {example.document.label}"
        for example, by_key in zip(some, places, strict=True)
        for key, value in example.fields.items()
        if key not in by_key
    ]
    total = sum(len(example.fields) for example in some)
    if 2 * len(missing) > total:
        named = "; ".join(missing[:_NAMED]) + ("; …" if len(missing) > _NAMED else "")
        raise UnusableDocuments(
            f"{len(missing)} of {total} annotated values are not in the texts of their documents: "
            f"{named}. Annotate values as they are printed, each within one line."
        )
    return len(missing)


def usable_keys(places: Sequence[dict[str, list[Span]]]) -> list[str]:
    """Return the keys whose values were found in at least two documents, sorted.

    Raises
    ------
    UnusableDocuments
        If there is none.
    """
    keys = sorted({key for by_key in places for key in by_key})
    usable = [key for key in keys if sum(key in by_key for by_key in places) > 1]
    if not usable:
        raise UnusableDocuments(
            f"No key has values in the texts of at least two documents (keys: {', '.join(keys)}). "
            "Annotate more documents with the same keys, then train again."
        )
    return usable


def _value(value: object) -> str | float | None:
    if isinstance(value, str):
        return value if value.strip() and "\0" not in value else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if abs(value) < 1e15 else str(value)
    return None
