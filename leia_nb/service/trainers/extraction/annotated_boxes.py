"""What people drew on documents by `BOX` annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leia_nb.enums import AnnotationType
from leia_nb.service.documents.base import TrainingDocument, UnusableDocuments
from leia_nb.service.trainers.extraction.regions import Box

_SIDES = ("x", "y", "width", "height")
_SLACK = 0.02
_FARTHEST = 2.0
_LONGEST_LABEL = 100


@dataclass(frozen=True)
class Drawn:
    """A box with its label, on a page counted from 0."""

    label: str
    page: int
    box: Box


@dataclass(frozen=True)
class Example:
    """A document and the boxes on it."""

    document: TrainingDocument
    drawn: tuple[Drawn, ...]


def examples(documents: Sequence[TrainingDocument]) -> list[Example]:
    """Return the documents that have boxes, in an order that ids do not change.

    Raises
    ------
    UnusableDocuments
        If a box is not given in fractions of the page.
    """
    found = [Example(document, _drawn(document)) for document in documents]
    return sorted(
        (example for example in found if example.drawn),
        key=lambda e: (e.document.md5sum, repr(e.drawn)),
    )


def as_label(text: str) -> str:
    r"""Return a label that can be a tag, too; empty if nothing is left of it.

    Examples
    --------
    >>> as_label(" company\tlogo "), as_label("..")
    ('company logo', '')
    """
    words = "".join(c if c.isprintable() else " " for c in text).split()
    label = " ".join(words)[:_LONGEST_LABEL].strip()
    return "" if label in (".", "..") else label


def usable_labels(some: Sequence[Example]) -> list[str]:
    """Return the labels that are on at least two documents, sorted.

    Raises
    ------
    UnusableDocuments
        If there is none.
    """
    counts = Counter(label for e in some for label in {drawn.label for drawn in e.drawn})
    usable = sorted(label for label, count in counts.items() if count > 1)
    if not usable:
        said = f"labels: {', '.join(sorted(counts))}" if counts else "there are no boxes"
        raise UnusableDocuments(
            f"No label is on at least two of the {len(some)} documents with BOX annotations "
            f"({said}). Annotate at least two documents with annotation_type BOX and a "
            'prediction such as {"label": "logo", "x": 0.1, "y": 0.05, "width": 0.2, '
            '"height": 0.1} (fractions of the page), then train again.'
        )
    return usable


def _drawn(document: TrainingDocument) -> tuple[Drawn, ...]:
    said = [
        item
        for kind, prediction in document.annotations
        if kind == AnnotationType.BOX
        for item in (prediction if isinstance(prediction, list) else [prediction])
    ]
    found = [_read(document, item) for item in said if isinstance(item, dict)]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _read(document: TrainingDocument, said: Mapping[str, Any]) -> Drawn | None:
    label, page = said.get("label"), said.get("page", 0)
    sides = [said.get(side) for side in _SIDES]
    name = as_label(label) if isinstance(label, str) else ""
    if not name:
        return None
    if not all(isinstance(side, int | float) and not isinstance(side, bool) for side in sides):
        return None
    x, y, width, height = (_bounded(side) for side in sides if side is not None)
    _check_fractions(document, said, (x, y, x + width, y + height), width > 0 and height > 0)
    left, top = max(x, 0.0), max(y, 0.0)
    box = Box(left, top, min(x + width, 1.0) - left, min(y + height, 1.0) - top)
    number = page if isinstance(page, int) and not isinstance(page, bool) else 0
    return Drawn(name, number, box)


def _bounded(side: float) -> float:
    """Return a side as a float; a whole number too long for one is as far off any page."""
    return float(max(-_FARTHEST, min(side, _FARTHEST)))


def _check_fractions(
    document: TrainingDocument, said: Mapping[str, Any], corners: Sequence[float], wide: bool
) -> None:
    if wide and all(-_SLACK <= corner <= 1 + _SLACK for corner in corners):
        return
    told = {side: said[side] for side in _SIDES}
    raise UnusableDocuments(
        f"{document.label} has a BOX annotation {told!r:.120} that is not on the page: x, y, width "
        "and height are fractions of the page, 0 to 1, not pixels. Annotate it again."
    )
