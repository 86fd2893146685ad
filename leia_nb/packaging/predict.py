"""What a packed estimator says of rows: categories with scores, or values of keys."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

SCORES = {
    "predict_proba": "Scores are the probabilities that predict_proba tells.",
    "decision_function": (
        "Scores are the softmax of what decision_function tells; they are no probabilities."
    ),
    "predict": "The score is always 1: the estimator tells no more than its answer.",
}


def scored_by(estimator: Any) -> str:
    """Return the method that tells a classifier's scores.

    Returns
    -------
    str
        ``predict_proba``, else ``decision_function``, else ``predict``.

    Examples
    --------
    >>> from sklearn.svm import LinearSVC
    >>> scored_by(LinearSVC())
    'decision_function'
    """
    return next((name for name in SCORES if hasattr(estimator, name)), "predict")


def classify(estimator: Any, rows: Any) -> tuple[list[str], list[list[float]]]:
    """Return the categories, and the score of each for every row.

    Parameters
    ----------
    estimator : object
        A fitted classifier.
    rows : list of str or numpy.ndarray
        What its methods take.

    Returns
    -------
    tuple of list of str and list of list of float
        The categories in the estimator's order; per row as many scores, which add up to 1.

    Raises
    ------
    ValueError
        If it answers something else.
    """
    categories = [str(category) for category in estimator.classes_.tolist()]
    method = scored_by(estimator)
    with _quiet():
        said = getattr(estimator, method)(rows)
    if method == "predict":
        scores = [[float(str(one) == name) for name in categories] for one in said.tolist()]
    elif method == "decision_function":
        scores = [_softmax(one) for one in said.tolist()]
    else:
        scores = said.tolist()
    if any(len(row) != len(categories) or not all(map(math.isfinite, row)) for row in scores):
        raise ValueError(f"{method} tells not one finite number per category")
    return categories, scores


def extract(estimator: Any, rows: Any, keys: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Return the key-value items for every row.

    Parameters
    ----------
    estimator : object
        A fitted estimator whose ``predict`` tells a dict, or one value per key, for each row.
    rows : list of str or numpy.ndarray
        What its methods take.
    keys : sequence of str
        The keys, in the order of the values; of a dict, the ones to keep.

    Returns
    -------
    list of list of dict
        ``{"key", "value"}``, with ``score`` if ``predict_proba`` tells one; a value that is
        None or NaN is left out.

    Raises
    ------
    ValueError
        If it answers something else.
    """
    with _quiet():
        said = _listed(estimator.predict(rows))
        scores = _scores(estimator, rows, keys)
    return [
        [
            {"key": key, "value": value, **score}
            for key, value, score in zip(keys, _values(one, keys), scores(number), strict=True)
            if not _is_nothing(value)
        ]
        for number, one in enumerate(said)
    ]


def _values(said: Any, keys: Sequence[str]) -> list[Any]:
    if isinstance(said, Mapping):
        return [_plain(said.get(key)) for key in keys]
    values = said if isinstance(said, list | tuple) else [said]
    if len(values) != len(keys):
        raise ValueError(f"predict tells {len(values)} values, but there are {len(keys)} keys")
    return [_plain(value) for value in values]


def _scores(estimator: Any, rows: Any, keys: Sequence[str]) -> Any:
    """Return a function that tells, for a row's number, what to say of each key's score."""
    if not hasattr(estimator, "predict_proba"):
        return lambda _: [{} for _ in keys]
    said = estimator.predict_proba(rows)
    by_key = said if isinstance(said, list) else [said]
    if len(by_key) != len(keys):
        return lambda _: [{} for _ in keys]
    best = [shares.max(axis=1).tolist() for shares in by_key]
    return lambda number: [{"score": shares[number]} for shares in best]


def _listed(values: Any) -> list[Any]:
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _softmax(decision: Any) -> list[float]:
    values = decision if isinstance(decision, list) else [0.0, decision]
    top = max(values)
    powers = [math.exp(value - top) for value in values]
    return [power / sum(powers) for power in powers]


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
