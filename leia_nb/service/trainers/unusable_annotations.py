"""What annotations say that a training cannot use, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from leia_nb.service.documents.base import TrainingDocument

_MOST = 3
_NAMES = {type(None): "nothing", bool: "a truth", list: "a list", dict: "an object"}


def told(documents: Iterable[TrainingDocument], kind: str, wanted: str) -> str:
    """Say how many annotations of a kind there are, what they say, and what is wanted.

    Parameters
    ----------
    documents : iterable of TrainingDocument
        Documents whose annotations are of no use.
    kind : str
        The annotation type.
    wanted : str
        What a prediction is to be.

    Returns
    -------
    str
        A sentence with a space after it; empty if there are no such annotations.
    """
    found = Counter(
        _said(said)
        for document in documents
        for type_, said in document.annotations
        if type_ == kind
    )
    count = found.total()
    if not count:
        return ""
    listed = "; ".join(f"{words} ({number})" for words, number in found.most_common(_MOST))
    more = "; …" if len(found) > _MOST else ""
    annotations = "annotation whose" if count == 1 else "annotations, but their"
    there = "is 1" if count == 1 else f"are {count}"
    return f"There {there} {kind} {annotations} prediction {listed}{more}; wanted is {wanted}. "


def _said(prediction: Any) -> str:
    if isinstance(prediction, dict) and prediction:
        keys = [f"{key!r:.60}{_odd(value)}" for key, value in prediction.items()]
        return "has " + ", ".join(keys[:_MOST]) + (", …" if len(keys) > _MOST else "")
    return f"is {_name(prediction)}"


def _odd(value: Any) -> str:
    usable = isinstance(value, int | float | str) and not isinstance(value, bool) and value != ""
    return "" if usable else f" ({_name(value)})"


def _name(value: Any) -> str:
    if isinstance(value, str):
        return "a text" if value.strip() else "an empty text"
    return _NAMES.get(type(value), "a number")
