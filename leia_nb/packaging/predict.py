"""The results of a packed estimator: categories with scores, or values of keys."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

SCORES = {
    "predict_proba": "Scores are the probabilities of predict_proba.",
    "decision_function": ("Scores are a softmax of decision_function, not probabilities."),
    "predict": "The score is always 1, because the estimator predicts a category only.",
}


def scored_by(estimator: Any) -> str:
    """Return the method that the scores of a classifier come from, a key of `SCORES`."""
    return next((name for name in SCORES if hasattr(estimator, name)), "predict")


def classify(estimator: Any, rows: Any) -> tuple[list[str], list[list[float]]]:
    """Return the categories in the estimator's order, and their scores (sum 1) for every row.

    Raises `ValueError` if the estimator returns something else.
    """
    categories = [str(category) for category in estimator.classes_.tolist()]
    method = scored_by(estimator)
    with _no_warnings():
        results = getattr(estimator, method)(rows).tolist()
    if method == "predict":
        scores = [[float(str(result) == name) for name in categories] for result in results]
    elif method == "decision_function":
        scores = [_softmax(result) for result in results]
    else:
        scores = results
    if any(len(row) != len(categories) or not all(map(math.isfinite, row)) for row in scores):
        raise ValueError(f"{method} must return one finite number per category")
    return categories, scores


def extract(estimator: Any, rows: Any, keys: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Return ``{"key", "value"}`` items for every row, with ``score`` if there is one.

    Values that are None or NaN are omitted. Raises `ValueError` if the estimator does not return
    a dict, or one value per key, for every row.
    """
    with _no_warnings():
        results = estimator.predict(rows)
        results = list(results.tolist() if hasattr(results, "tolist") else results)
        scores = _scores(estimator, rows, keys) or [[{}] * len(keys)] * len(results)
    return [
        [
            {"key": key, "value": value, **score}
            for key, value, score in zip(keys, _values(result, keys), row_scores, strict=True)
            if not _is_missing(value)
        ]
        for result, row_scores in zip(results, scores, strict=False)
    ]


def _values(result: Any, keys: Sequence[str]) -> list[Any]:
    if isinstance(result, Mapping):
        values: Sequence[Any] = [result.get(key) for key in keys]
    else:
        values = result if isinstance(result, list | tuple) else [result]
    if len(values) != len(keys):
        raise ValueError(f"predict returned {len(values)} values for {len(keys)} keys")
    return [value.item() if hasattr(value, "item") else value for value in values]


def _scores(estimator: Any, rows: Any, keys: Sequence[str]) -> list[list[dict[str, float]]]:
    """Return the score of every key for every row; nothing without probabilities per key."""
    if not hasattr(estimator, "predict_proba"):
        return []
    probabilities = estimator.predict_proba(rows)
    by_key = probabilities if isinstance(probabilities, list) else [probabilities]
    if len(by_key) != len(keys):
        return []
    best = [shares.max(axis=1).tolist() for shares in by_key]
    return [[{"score": score} for score in row] for row in zip(*best, strict=True)]


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _softmax(decision: Any) -> list[float]:
    values = decision if isinstance(decision, list) else [0.0, decision]
    top = max(values)
    powers = [math.exp(value - top) for value in values]
    return [power / sum(powers) for power in powers]


@contextmanager
def _no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
