"""The types that a model file may hold: only those that skops trusts."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from leia_nb.packaging.canonical import SCHEMA
from leia_nb.packaging.description import ModelFileError

# What the embedded trainers write. A file of these alone is accepted without importing
# scikit-learn into the service; loading asks skops in any case.
KNOWN_TRUSTED = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.str",
        "builtins.tuple",
        "numpy.float64",
        "numpy.int64",
        "numpy.ndarray",
        "sklearn.feature_extraction.text.TfidfTransformer",
        "sklearn.feature_extraction.text.TfidfVectorizer",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.pipeline.Pipeline",
    }
)
_ADVICE = {
    "scikit-learn": (
        "Forests, trees, boosting and neural networks cannot be packed, since skops does not trust "
        "what they hold; nor can Gaussian processes, voting, stacking, calibration and searches "
        "(of these, pack the best_estimator_). These can: linear models, LinearSVC, SVC, naive "
        "Bayes, discriminant analysis, nearest neighbours with algorithm='brute'"
    ),
    "kept rows": (
        "Nearest neighbours and SVC keep rows that they learnt from: let a TruncatedSVD make "
        "those of texts dense, and give nearest neighbours algorithm='brute'"
    ),
    "own": "Use estimators of scikit-learn itself, without functions or classes of your own",
}
_PLAIN_LOADERS = frozenset(
    {
        "DictNode",
        "JsonNode",
        "ListNode",
        "NdArrayNode",
        "ObjectNode",
        "TupleNode",
        "TypeNode",
    }
)


def refuse_untrusted(schema: dict[str, Any]) -> None:
    """Reject an estimator with types that skops does not trust; nothing is loaded.

    `schema` is its ``schema.json``; `ModelFileError` if a type is not trusted, or skops cannot
    read it.
    """
    if "__loader__" not in schema or not isinstance(schema.get("protocol"), int):
        raise ModelFileError("its estimator is not a skops file (its schema.json lacks a root)")
    if all(_is_plain(node) for node in nodes(schema)):
        return
    import skops.io

    try:
        untrusted = skops.io.get_untrusted_types(data=_without_arrays(schema))
    except Exception as error:
        message = f"its estimator is not a skops file ({type(error).__name__}: {error})"
        raise ModelFileError(message) from None
    if untrusted:
        raise ModelFileError(
            f"its estimator holds types that are not trusted: {', '.join(untrusted)}. "
            f"{_advice(untrusted)}"
        )


def _advice(untrusted: Sequence[str]) -> str:
    """Return advice about types that are not trusted, without the final period."""
    kinds = {_kind(name) for name in untrusted}
    return ". ".join(text for kind, text in _ADVICE.items() if kind in kinds)


def _kind(name: str) -> str:
    if name.startswith(("scipy.sparse.", "sklearn.neighbors.", "sklearn.metrics._dist_metrics.")):
        return "kept rows"
    return "scikit-learn" if name.startswith("sklearn.") else "own"


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every skops node of a schema."""
    waiting = [schema]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "__loader__" in item:
                yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _is_plain(node: dict[str, Any]) -> bool:
    name = f"{node.get('__module__')}.{node.get('__class__')}"
    return name in KNOWN_TRUSTED and node["__loader__"] in _PLAIN_LOADERS


def _without_arrays(schema: dict[str, Any]) -> bytes:
    files = {node["file"] for node in nodes(schema) if isinstance(node.get("file"), str)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(SCHEMA, json.dumps(schema))
        for name in sorted(files - {SCHEMA}):
            archive.writestr(name, b"")
    return buffer.getvalue()
