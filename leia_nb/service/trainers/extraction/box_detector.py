"""Training and applying a detector of labeled boxes on pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from leia_nb.service.documents.layout import Box
from leia_nb.service.trainers.extraction.annotated_boxes import AnnotatedBox
from leia_nb.service.trainers.extraction.regions import (
    PageImage,
    candidates,
    coverage,
    features,
    overlap,
)
from leia_nb.service.trainers.sklearn_trainer import classifier_pipeline, subsample

Size = tuple[float, float]
Counts = Counter[tuple[str, str]]  # by label and "correct", "missed" or "false"
CORRECT_OVERLAP = 0.5
_POSITIVE, _NEGATIVE = 0.6, 0.4
_REACHED = 0.75
_DUPLICATE_COVERAGE, _DUPLICATE_OVERLAP = 0.5, 0.15
_BACKGROUND = ""


@dataclass(frozen=True)
class Detection:
    """A detected box with its label and score."""

    label: str
    box: Box
    score: float


@dataclass(frozen=True)
class PageExample:
    """A page of a training set: candidates and annotated boxes, each with a row of features."""

    boxes: list[Box]
    labels: list[str | None]  # of the candidates, see `_label`
    rows: Any
    annotated_rows: Any
    annotated: tuple[AnnotatedBox, ...]
    document: int


def window_sizes(pages: Iterable[tuple[PageImage, Sequence[AnnotatedBox]]]) -> list[Size]:
    """Return the window sizes needed to reach the annotated boxes.

    None for a label whose boxes are connected regions, as on office papers; otherwise three, as
    on photographs.
    """
    by_label: dict[str, list[tuple[bool, Size]]] = {}
    for page, annotated in pages:
        boxes = candidates(page, ())
        for annotation in annotated:
            is_reached = any(overlap(annotation.box, box) >= _POSITIVE for box in boxes)
            size = annotation.box.width, annotation.box.height
            by_label.setdefault(annotation.label, []).append((is_reached, size))
    missed = [
        [size for _, size in boxes]
        for boxes in by_label.values()
        if sum(is_reached for is_reached, _ in boxes) < _REACHED * len(boxes)
    ]
    return sorted({size for sizes in missed for size in _typical(sizes)})


def page_example(
    page: PageImage,
    annotated: Sequence[AnnotatedBox],
    sizes: Sequence[Size],
    document: int,
    most: int,
) -> PageExample:
    """Return the example of a page, with at most about `most` candidates."""
    labeled = [(box, _label(box, annotated)) for box in candidates(page, sizes)]
    kept = subsample(labeled, lambda item: item[1] != _BACKGROUND, most)
    boxes, labels = [box for box, _ in kept], [label for _, label in kept]
    annotated_rows = features(page, [annotation.box for annotation in annotated])
    rows = features(page, boxes)
    return PageExample(boxes, labels, rows, annotated_rows, tuple(annotated), document)


def fit(pages: Sequence[PageExample], strength: float) -> Any:
    """Return an estimator fitted to pages; `strength` is the inverse regularization."""
    import numpy as np
    from sklearn.preprocessing import StandardScaler

    rows: list[Any] = []
    labels: list[str] = []
    for page in pages:
        kept = [index for index, label in enumerate(page.labels) if label is not None]
        if kept:
            rows.append(page.rows[kept])
            labels.extend(label for label in page.labels if label is not None)
        if page.annotated:
            rows.append(page.annotated_rows)
            labels.extend(annotation.label for annotation in page.annotated)
    options = {"class_weight": "balanced", "max_iter": 2000, "tol": 1e-3}
    pipeline = classifier_pipeline(("scale", StandardScaler()), C=0.01 * strength, **options)
    return pipeline.fit(np.concatenate(rows), np.array(labels))


def has_background(pages: Sequence[PageExample]) -> bool:
    """Return whether there is a negative example."""
    return any(_BACKGROUND in page.labels for page in pages)


def detect(estimator: Any, boxes: Sequence[Box], rows: Any, threshold: float) -> list[Detection]:
    """Return the detections, the best first; of overlapping ones only the best."""
    if not boxes:
        return []
    labels = estimator.classes_.tolist()
    detections = [
        Detection(labels[best], box, float(row[best]))
        for box, row in zip(boxes, estimator.predict_proba(rows), strict=True)
        if labels[best := int(row.argmax())] != _BACKGROUND and row[best] >= threshold
    ]
    detections.sort(key=lambda d: (-d.score, d.label, -d.box.area, d.box.x, d.box.y))
    kept: list[Detection] = []
    for detection in detections:
        if not any(_is_duplicate(detection.box, better.box) for better in kept):
            kept.append(detection)
    return kept


def count(annotated: Sequence[AnnotatedBox], detections: Sequence[Detection]) -> Counts:
    """Return the numbers of correct, missed and false boxes by label."""
    missed = list(annotated)
    counts: Counts = Counter()
    for detection in detections:
        overlaps = [
            (overlap(annotation.box, detection.box), annotation)
            for annotation in missed
            if annotation.label == detection.label
        ]
        share, match = max(overlaps, key=lambda pair: pair[0], default=(0.0, None))
        if match is not None and share >= CORRECT_OVERLAP:
            missed.remove(match)
            counts[detection.label, "correct"] += 1
        else:
            counts[detection.label, "false"] += 1
    counts.update((annotation.label, "missed") for annotation in missed)
    return counts


def _is_duplicate(box: Box, better: Box) -> bool:
    return coverage(box, better) > _DUPLICATE_COVERAGE or overlap(box, better) > _DUPLICATE_OVERLAP


def _label(box: Box, annotated: Sequence[AnnotatedBox]) -> str | None:
    """Return the label of a candidate; None if it overlaps too little and too much."""
    best = max(annotated, key=lambda a: overlap(a.box, box), default=None)
    share = overlap(best.box, box) if best else 0.0
    if best and share >= _POSITIVE:
        return best.label
    return _BACKGROUND if share < _NEGATIVE else None


def _typical(sizes: Sequence[Size]) -> list[Size]:
    """Return the sizes at a sixth, a half and five sixths, by area."""
    ordered = sorted(sizes, key=lambda size: size[0] * size[1])
    return [ordered[len(ordered) * place // 6] for place in (1, 3, 5)]
