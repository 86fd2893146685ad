"""What the trainers of scikit-learn pipelines share."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field

from leia_nb.enums import ModelInputType
from leia_nb.packaging import ModelDescription
from leia_nb.service.documents.base import TrainingDocument, UnusableDocuments
from leia_nb.service.documents.document_types import accepts, transform_advice
from leia_nb.service.parameters import values_of
from leia_nb.service.trainers.base import Trained, Trainer, TrainerParameters

Strength = Annotated[
    float,
    Field(ge=1e-4, le=1e4, description="how closely to fit the examples (inverse regularization)"),
]
Folds = Annotated[
    int,
    Field(
        ge=2, le=20, description="folds of the cross-validation, fewer if there are few documents"
    ),
]
Pages = Annotated[
    int, Field(ge=1, le=100, description="how many pages of a document to use, from the first")
]
Threshold = Annotated[float, Field(ge=0, le=1, description="lowest score of a result")]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1, description="seed of the random numbers")]
_READABLE: dict[str, tuple[str, ...]] = {
    ModelInputType.IMAGE: ("images",),
    ModelInputType.PDFS: ("PDFs",),
    ModelInputType.TEXT: ("text documents", "PDFs"),
    ModelInputType.TEXT_TREE: ("text trees",),
}
_MOST_LISTED = 3
_T = TypeVar("_T")
_TYPES = {type(None): "null", bool: "a boolean", list: "a list", dict: "an empty object"}


class SklearnTrainer(Trainer):
    """A trainer of scikit-learn pipelines."""

    output_format: ClassVar[Any]
    speed: ClassVar[str]

    def check_types(self, documents: Iterable[TrainingDocument]) -> None:
        """Raise `UnusableDocuments` if the trainer does not read the type of a document."""
        for document in documents:
            if not accepts(self.input_types, document.mime_type):
                alternative = "remove the training tag from it, or train with another module"
                raise UnusableDocuments(
                    f"{document.label} is {document.mime_type}, but {self.name} reads "
                    f"{_readable(self.input_types)}. "
                    + transform_advice(self.input_types, document.mime_type, alternative)
                )

    def trained_parameters(self, description: ModelDescription) -> Any:
        """Return the parameters that a model was trained with, or their defaults."""
        known = self.training_parameters.model_fields
        return self.read_parameters({n: v for n, v in description.parameters.items() if n in known})

    def trained(
        self,
        estimator: Any,
        accuracy: float,
        facts: Sequence[str],
        parameters: TrainerParameters,
        training_set: Iterable[tuple[str, str]],
        **fields: Any,
    ) -> Trained:
        """Return a new model with its metadata; `training_set` as `fingerprint` takes it."""
        values = values_of(parameters)
        lines = [self.description, "", *facts, *_provenance(values, training_set)]
        description = ModelDescription(
            model_type=self.model_type,
            input_types=self.input_types,
            model_module=self.name,
            model_clazz=type(estimator.steps[-1][1]).__name__,
            documentation="\n".join(lines),
            output_format=self.output_format,
            speed=self.speed,
            accuracy=accuracy,
            parameters=values,
            **fields,
        )
        return Trained(estimator, description)


def fingerprint(training_set: Iterable[tuple[str, str]]) -> str:
    """Return the MD5 of a training set: the documents' MD5s with their annotations, sorted.

    Examples
    --------
    >>> fingerprint([("b", "x"), ("a", "y")]) == fingerprint([("a", "y"), ("b", "x")])
    True
    """
    lines = "".join(f"{md5sum}\t{annotation}\n" for md5sum, annotation in sorted(training_set))
    return hashlib.md5(lines.encode(), usedforsecurity=False).hexdigest()


def describe_annotations(
    documents: Iterable[TrainingDocument], annotation_type: str, expected: str
) -> str:
    """Return a sentence on annotations that cannot be used; empty if there are none."""
    counts = Counter(
        _describe(prediction)
        for document in documents
        for type_, prediction in document.annotations
        if type_ == annotation_type
    )
    total = counts.total()
    if not total:
        return ""
    listed = "; ".join(f"{words} ({count})" for words, count in counts.most_common(_MOST_LISTED))
    more = "; …" if len(counts) > _MOST_LISTED else ""
    annotations = "annotation has" if total == 1 else "annotations have"
    return (
        f"{total} {annotation_type} {annotations} an unusable prediction: {listed}{more}; "
        f"expected {expected}. "
    )


def classifier_pipeline(*steps: tuple[str, Any], **options: Any) -> Any:
    """Return a pipeline that ends in a logistic regression with these options."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    return Pipeline([*steps, ("classify", LogisticRegression(**options))])


def split_folds(count: int, parameters: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the numbers of the training and of the test documents of each fold."""
    from sklearn.model_selection import KFold

    folds = min(parameters.folds, count)
    splitter = KFold(folds, shuffle=True, random_state=parameters.seed)
    yield from splitter.split(range(count))


def subsample(items: Sequence[_T], is_required: Callable[[_T], bool], most: int) -> list[_T]:
    """Return all required items, and evenly as many of the others as `most` allows.

    Examples
    --------
    >>> subsample(range(10), lambda number: number == 1, 4)
    [0, 1, 4, 7]
    """
    if len(items) <= most:
        return list(items)
    required = [is_required(item) for item in items]
    room = max(most - sum(required), 1)
    rest = len(items) - sum(required)
    kept, seen = [], 0
    for item, is_kept in zip(items, required, strict=True):
        if is_kept or (seen * room) // rest != ((seen - 1) * room) // rest:
            kept.append(item)
        seen += not is_kept
    return kept


def _readable(input_types: Sequence[str]) -> str:
    names = dict.fromkeys(name for t in input_types for name in _READABLE.get(t, (t,)))
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _provenance(
    parameters: Mapping[str, Any], training_set: Iterable[tuple[str, str]]
) -> list[str]:
    import numpy
    import sklearn

    return [
        "Parameters: " + ", ".join(f"{name} = {value}" for name, value in parameters.items()) + ".",
        f"Fingerprint of the training set (MD5): {fingerprint(training_set)}.",
        f"Made with scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, "
        f"Python {platform.python_version()}.",
    ]


def _describe(prediction: Any) -> str:
    if not isinstance(prediction, dict) or not prediction:
        return _type_name(prediction)
    keys = [f"{key!r:.60}{_unusable(value)}" for key, value in prediction.items()]
    more = ", …" if len(keys) > _MOST_LISTED else ""
    return f"an object with {', '.join(keys[:_MOST_LISTED])}{more}"


def _unusable(value: Any) -> str:
    usable = isinstance(value, int | float | str) and not isinstance(value, bool) and value != ""
    return "" if usable else f" ({_type_name(value)})"


def _type_name(value: Any) -> str:
    if isinstance(value, str):
        return "a string" if value.strip() else "an empty string"
    return _TYPES.get(type(value), "a number")
