"""Finding labelled boxes on a page, and learning how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from leia_nb.service.trainers.extraction.annotated_boxes import Drawn
from leia_nb.service.trainers.extraction.regions import (
    Box,
    Picture,
    candidates,
    covers,
    describe,
    overlap,
)
from leia_nb.service.trainers.extraction.subsampling import thinned

Size = tuple[float, float]
RIGHT = 0.5
_ALIKE, _ELSEWHERE = 0.6, 0.4
_ENOUGH = 0.75
_INSIDE, _BESIDE = 0.5, 0.15
_NOTHING = ""


@dataclass(frozen=True)
class Found:
    """A box on a page, what it is, and how sure that is."""

    label: str
    box: Box
    score: float


@dataclass(frozen=True)
class Case:
    """One page as the estimator sees it.

    Parameters
    ----------
    boxes, rows : list of Box, numpy.ndarray
        What may be a picture, and a row of numbers for each.
    own : numpy.ndarray
        A row for each of the boxes drawn.
    drawn : tuple of Drawn
        What people drew.
    document : int
        The number of the page's document.
    """

    boxes: list[Box]
    rows: Any
    own: Any
    drawn: tuple[Drawn, ...]
    document: int


def sizes_to_slide(pages: Iterable[tuple[Picture, Sequence[Drawn]]]) -> list[Size]:
    """Return the sizes of windows that are needed to reach the boxes drawn.

    None for a label whose boxes are what hangs together on its page, as on office papers;
    three per label otherwise, as on photographs.
    """
    reached: dict[str, list[bool]] = {}
    sizes: dict[str, list[Size]] = {}
    for picture, drawn in pages:
        boxes = candidates(picture, ())
        for one in drawn:
            hit = any(overlap(one.box, box) >= _ALIKE for box in boxes)
            reached.setdefault(one.label, []).append(hit)
            sizes.setdefault(one.label, []).append((one.box.width, one.box.height))
    wanting = [label for label, hits in reached.items() if sum(hits) < _ENOUGH * len(hits)]
    return sorted({size for label in wanting for size in _typical(sizes[label])})


def case(
    picture: Picture, drawn: Sequence[Drawn], sizes: Sequence[Size], document: int, most: int
) -> Case:
    """Return a page as the estimator sees it, with about so many boxes at most."""
    boxes = thinned(candidates(picture, sizes), lambda box: _label(box, drawn) != _NOTHING, most)
    rows = describe(picture, boxes)
    own = describe(picture, [one.box for one in drawn])
    return Case(boxes, rows, own, tuple(drawn), document)


def fitted(cases: Sequence[Case], strength: float) -> Any:
    """Return an estimator that learnt from pages.

    Parameters
    ----------
    cases : sequence of Case
        The pages.
    strength : float
        Inverse regularization.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    rows: list[Any] = []
    labels: list[str] = []
    for one in cases:
        said = [_label(box, one.drawn) for box in one.boxes]
        kept = [place for place, label in enumerate(said) if label is not None]
        if kept:
            rows.append(one.rows[kept])
            labels.extend(said[place] or _NOTHING for place in kept)
        if len(one.drawn):
            rows.append(one.own)
            labels.extend(drawn.label for drawn in one.drawn)
    weights = LogisticRegression(
        C=0.01 * strength, class_weight="balanced", max_iter=2000, tol=1e-3
    )
    steps = [("scale", StandardScaler()), ("classify", weights)]
    return Pipeline(steps).fit(np.concatenate(rows), np.array(labels))


def is_enough(cases: Sequence[Case]) -> bool:
    """Tell whether there is something beside what was drawn to tell it from."""
    return any(_label(box, one.drawn) == _NOTHING for one in cases for box in one.boxes)


def find(estimator: Any, boxes: Sequence[Box], rows: Any, threshold: float) -> list[Found]:
    """Return the boxes that are something, the surest first; of overlapping ones the surest."""
    if not boxes:
        return []
    shares = estimator.predict_proba(rows)
    labels = estimator.classes_.tolist()
    told = [
        Found(labels[place], box, float(row[place]))
        for box, row in zip(boxes, shares, strict=True)
        if labels[place := int(row.argmax())] != _NOTHING and row[place] >= threshold
    ]
    told.sort(key=lambda f: (-f.score, f.label, -f.box.area, f.box.x, f.box.y))
    kept: list[Found] = []
    for one in told:
        if not any(_is_again(one.box, other.box) for other in kept):
            kept.append(one)
    return kept


def count(drawn: Sequence[Drawn], told: Sequence[Found]) -> tuple[int, int, int]:
    """Return how many boxes were found rightly, missed, and told wrongly."""
    open_ = list(drawn)
    right = 0
    for one in told:
        hits = [d for d in open_ if d.label == one.label and overlap(d.box, one.box) >= RIGHT]
        if hits:
            open_.remove(max(hits, key=lambda d: overlap(d.box, one.box)))
            right += 1
    return right, len(open_), len(told) - right


def _is_again(box: Box, surer: Box) -> bool:
    return covers(box, surer) > _INSIDE or overlap(box, surer) > _BESIDE


def _label(box: Box, drawn: Sequence[Drawn]) -> str | None:
    """Return what a candidate is; None if it is neither much like a box drawn nor elsewhere."""
    best = max(drawn, key=lambda d: overlap(d.box, box), default=None)
    share = overlap(best.box, box) if best else 0.0
    if best and share >= _ALIKE:
        return best.label
    return _NOTHING if share < _ELSEWHERE else None


def _typical(sizes: Sequence[Size]) -> list[Size]:
    """Return three sizes: those at a sixth, a half and five sixths, by area."""
    ordered = sorted(sizes, key=lambda size: size[0] * size[1])
    return [ordered[len(ordered) * place // 6] for place in (1, 3, 5)]
