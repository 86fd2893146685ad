"""What `pack` demands of an estimator and of the other arguments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

from leia_nb.enums import ModelInputType, ModelType, Speed
from leia_nb.errors import InvalidInput
from leia_nb.packaging import predict

CLASSIFIER = "packed_classifier"
EXTRACTOR = "packed_extractor"
MOST_SIDE = 512
_MODULES = {
    str(ModelType.CLASSIFICATION): CLASSIFIER,
    str(ModelType.KEY_VALUE_EXTRACTION): EXTRACTOR,
}
_TRIAL = ["a text to try the estimator on", "another one"]


def module(model_type: str) -> str:
    """Return the module that applies models of a type."""
    if model_type == ModelType.IMAGE_EXTRACTION:
        raise InvalidInput(
            "model_type: an estimator cannot make images, so image_extraction cannot be packed. "
            "Train the model_module image_extractor, or write a trainer of your own "
            "(docs/own_models.md).",
            field="model_type",
        )
    if model_type not in _MODULES:
        said = f"model_type is {model_type!r}; it is one of {', '.join(_MODULES)}."
        raise InvalidInput(said, field="model_type")
    return _MODULES[model_type]


def reads(input_types: Sequence[str] | str) -> str:
    """Return the one kind of input."""
    given = [input_types] if isinstance(input_types, str) else _listed(input_types)
    known = (ModelInputType.TEXT, ModelInputType.IMAGE)
    if len(given) != 1 or given[0] not in known:
        raise InvalidInput(
            f"input_types is {given}; an estimator can be packed for exactly one of "
            f"{', '.join(known)}.",
            field="input_types",
        )
    return str(given[0])


def feeding(
    reads: str, image_size: int | tuple[int, int] | None, *, color: bool, white: float
) -> dict[str, Any]:
    """Return how the estimator is fed, as the model file keeps it."""
    if reads == ModelInputType.TEXT:
        return {"reads": reads}
    size = (image_size, image_size) if isinstance(image_size, int) else image_size
    if not isinstance(size, Sequence) or len(size) != 2 or not all(_is_side(side) for side in size):
        raise InvalidInput(
            f"image_size is {image_size!r}; give the pixels (width, height) that images are "
            f"resized to, each 1 to {MOST_SIDE}, or one number for a square.",
            field="image_size",
        )
    if not _is_number(white) or not 0 < white <= 1e6:
        said = f"white is {white!r}; give the number that white becomes, e.g. 1.0 or 255."
        raise InvalidInput(said, field="white")
    shape = {"width": size[0], "height": size[1], "color": bool(color), "white": float(white)}
    return {"reads": reads, **shape}


def _listed(given: object) -> list[Any]:
    return list(given) if isinstance(given, Iterable) else [given]


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_side(side: object) -> bool:
    return isinstance(side, int) and not isinstance(side, bool) and 1 <= side <= MOST_SIDE


def keys(keys: Sequence[str], module: str) -> list[str]:
    """Return the keys as a list."""
    names = [keys] if isinstance(keys, str) else _listed(keys)
    if module == CLASSIFIER and names:
        said = "keys: a classifier tells one category and has no keys; leave them out."
        raise InvalidInput(said, field="keys")
    good = all(isinstance(name, str) and name.strip() and "\0" not in name for name in names)
    if module == EXTRACTOR and not (names and good and len(set(names)) == len(names)):
        said = f"keys is {names}; name each value that the estimator tells, no name twice."
        raise InvalidInput(said, field="keys")
    return names


def require_fitted(estimator: Any) -> None:
    """Refuse what is no estimator, or not fitted."""
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
    except NotFittedError:
        said = f"estimator: this {type(estimator).__name__} is not fitted; call its fit() first."
        raise InvalidInput(said, field="estimator") from None
    except (TypeError, AttributeError) as other:
        said = f"estimator: it is no scikit-learn estimator ({other})."
        raise InvalidInput(said, field="estimator") from None


def require_size(estimator: Any, feeding: dict[str, Any]) -> None:
    """Refuse an estimator that was fitted on rows of another length."""
    wanted = getattr(estimator, "n_features_in_", None)
    if "width" not in feeding or wanted is None or wanted == _numbers(feeding):
        return
    raise InvalidInput(
        f"estimator: it was fitted on rows of {wanted} numbers, but images of "
        f"{feeding['width']} x {feeding['height']} pixels in "
        f"{'colour' if feeding['color'] else 'grey'} are rows of {_numbers(feeding)}. "
        "Give the image_size and color that it was fitted with.",
        field="estimator",
    )


def _numbers(feeding: dict[str, Any]) -> int:
    return int(feeding["width"] * feeding["height"] * (3 if feeding["color"] else 1))


def tried(
    estimator: Any, module: str, feeding: dict[str, Any], keys: Sequence[str]
) -> tuple[str, ...] | None:
    """Apply the estimator to two made-up documents; return a classifier's categories."""
    if module == CLASSIFIER:
        _require_categories(estimator)
    try:
        rows = _made_up(feeding)
        if module == EXTRACTOR:
            said: Sequence[Any] = predict.extract(estimator, rows, keys)
            categories = None
        else:
            names, said = predict.classify(estimator, rows)
            categories = tuple(names)
        if len(said) != len(rows):
            raise ValueError(f"{len(said)} answers to {len(rows)} documents")
    except Exception as broken:
        takes = "a list of str" if feeding["reads"] == ModelInputType.TEXT else f"{rows.shape}"
        raise InvalidInput(
            f"estimator: it broke when it was tried on two made-up documents, given as {takes} "
            f"({type(broken).__name__}: {broken}). Fit it on what it will be given.",
            field="estimator",
        ) from broken
    return categories


def _require_categories(estimator: Any) -> None:
    classes = getattr(estimator, "classes_", None)
    if classes is None or not hasattr(classes, "tolist"):
        has = "several outputs" if isinstance(classes, list) else "no classes_"
        raise InvalidInput(
            f"estimator: this {type(estimator).__name__} has {has}, so it is no classifier of "
            "one category. Fit a classifier, or pack it as key_value_extraction with keys.",
            field="estimator",
        )
    names = [str(category) for category in classes.tolist()]
    if len(set(names)) != len(names) or not all(name.strip() for name in names):
        said = f"estimator: its categories {names[:10]} are not all different texts."
        raise InvalidInput(said, field="estimator")


def _made_up(feeding: dict[str, Any]) -> Any:
    if feeding["reads"] == ModelInputType.TEXT:
        return _TRIAL
    import numpy as np

    return np.stack([np.zeros(_numbers(feeding)), np.full(_numbers(feeding), feeding["white"])])


def speed(speed: Speed | str) -> str:
    """Return the speed's wire value."""
    if speed not in list(Speed):
        said = f"speed is {speed!r}; it is one of {', '.join(Speed)}."
        raise InvalidInput(said, field="speed")
    return str(speed)


def documentation(documentation: str | None) -> str | None:
    """Return the documentation, or refuse what is no text that a file can hold."""
    try:
        if documentation is not None:
            documentation.encode()
    except (AttributeError, UnicodeEncodeError):
        said = (
            f"documentation is {documentation!r:.80}; it is a text, without half surrogate pairs."
        )
        raise InvalidInput(said, field="documentation") from None
    return documentation


def accuracy(accuracy: float | None) -> float | None:
    """Return the accuracy as a float."""
    if accuracy is not None and not (_is_number(accuracy) and 0 <= accuracy <= 1):
        said = f"accuracy is {accuracy!r}; it is a share, 0 to 1."
        raise InvalidInput(said, field="accuracy")
    return None if accuracy is None else float(accuracy)
