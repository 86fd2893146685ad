"""The boxes of `BOX` annotations."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leia_nb.enums import AnnotationType
from leia_nb.service.documents.base import TrainingDocument, UnusableDocuments
from leia_nb.service.documents.layout import Box

_SIDES = ("x", "y", "width", "height")
_TOLERANCE = 0.02
_FARTHEST = 2.0
_LONGEST_LABEL = 100


@dataclass(frozen=True)
class AnnotatedBox:
    """A labeled box on a page, counted from 0."""

    label: str
    page: int
    box: Box


@dataclass(frozen=True)
class Example:
    """A document with its annotated boxes."""

    document: TrainingDocument
    boxes: tuple[AnnotatedBox, ...]


def examples(documents: Sequence[TrainingDocument]) -> list[Example]:
    """Return the documents that have boxes, in an order that does not depend on ids.

    Raises `UnusableDocuments` if a box is not in fractions of the page.
    """
    pairs = [Example(document, _boxes(document)) for document in documents]
    return sorted(
        (example for example in pairs if example.boxes),
        key=lambda e: (e.document.md5sum, repr(e.boxes)),
    )


def as_label(text: str) -> str:
    r"""Return a label that is also a valid tag; empty if nothing remains.

    Examples
    --------
    >>> as_label(" company\tlogo "), as_label("..")
    ('company logo', '')
    """
    words = "".join(c if c.isprintable() else " " for c in text).split()
    label = unicodedata.normalize("NFC", " ".join(words))[:_LONGEST_LABEL].strip()
    return "" if label in (".", "..") else label


def usable_labels(examples: Sequence[Example]) -> list[str]:
    """Return the sorted labels on at least two documents, or raise `UnusableDocuments`."""
    counts = Counter(label for e in examples for label in {box.label for box in e.boxes})
    usable = sorted(label for label, count in counts.items() if count > 1)
    if not usable:
        raise UnusableDocuments(
            f"No label is on at least two of the {len(examples)} documents with BOX annotations "
            f"(labels: {', '.join(sorted(counts)) or 'none'}). Annotate at least two documents "
            'with annotation_type BOX and a prediction such as {"label": "logo", "x": 0.1, '
            '"y": 0.05, "width": 0.2, "height": 0.1} (fractions of the page), then train again.'
        )
    return usable


def _boxes(document: TrainingDocument) -> tuple[AnnotatedBox, ...]:
    items = [
        item
        for annotation_type, prediction in document.annotations
        if annotation_type == AnnotationType.BOX
        for item in (prediction if isinstance(prediction, list) else [prediction])
    ]
    boxes = [_box(document, item) for item in items if isinstance(item, dict)]
    return tuple(dict.fromkeys(box for box in boxes if box is not None))


def _box(document: TrainingDocument, item: Mapping[str, Any]) -> AnnotatedBox | None:
    label, page = item.get("label"), item.get("page", 0)
    sides = [item.get(side) for side in _SIDES]
    name = as_label(label) if isinstance(label, str) else ""
    if not name:
        return None
    if not all(isinstance(side, int | float) and not isinstance(side, bool) for side in sides):
        return None
    # An integer may be too long for a float.
    x, y, width, height = (
        float(max(-_FARTHEST, min(side, _FARTHEST))) for side in sides if side is not None
    )
    corners = (x, y, x + width, y + height)
    is_inside = all(-_TOLERANCE <= corner <= 1 + _TOLERANCE for corner in corners)
    if not (width > 0 and height > 0 and is_inside):
        raise UnusableDocuments(
            f"{document.label} has an invalid BOX annotation "
            f"{dict(zip(_SIDES, sides, strict=True))!r:.120}: x, y, width and height must be "
            "fractions of the page, 0 to 1, not pixels. Annotate it again."
        )
    left, top = max(x, 0.0), max(y, 0.0)
    box = Box(left, top, min(x + width, 1.0) - left, min(y + height, 1.0) - top)
    number = page if isinstance(page, int) and not isinstance(page, bool) else 0
    return AnnotatedBox(name, number, box)
