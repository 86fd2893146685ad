"""Checks of the arguments of `pack`."""

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
_TRIAL_TEXTS = ["a text to try the estimator on", "another one"]


def module(model_type: str) -> str:
    """Return the module that applies models of a type."""
    if model_type == ModelType.IMAGE_EXTRACTION:
        raise _invalid(
            "model_type",
            "an estimator cannot produce images, so image_extraction cannot be packed. Train the "
            "model_module image_extractor, or write your own trainer (docs/own_models.md).",
        )
    if model_type not in _MODULES:
        raise _unexpected("model_type", f"one of {', '.join(_MODULES)}", model_type)
    return _MODULES[model_type]


def input_type(input_types: Sequence[str] | str) -> str:
    """Return the only input type."""
    types = _as_list(input_types)
    supported = (ModelInputType.TEXT, ModelInputType.IMAGE)
    if len(types) != 1 or types[0] not in supported:
        raise _unexpected("input_types", f"exactly one of {', '.join(supported)}", types)
    return str(types[0])


def input_format(
    input_type: str, image_size: int | tuple[int, int] | None, *, color: bool, white: float
) -> dict[str, Any]:
    """Return the parameters of the model file: the format of the estimator's input."""
    if input_type == ModelInputType.TEXT:
        return {"reads": input_type}
    size = (image_size, image_size) if isinstance(image_size, int) else image_size
    if not isinstance(size, Sequence) or len(size) != 2 or not all(_is_side(side) for side in size):
        expected = f"(width, height) in pixels, each 1 to {MOST_SIDE}, or one number for a square"
        raise _unexpected("image_size", expected, image_size)
    if not _is_number(white) or not 0 < white <= 1e6:
        raise _unexpected("white", "the value of white, e.g. 1.0 or 255", white)
    shape = {"width": size[0], "height": size[1], "color": bool(color), "white": float(white)}
    return {"reads": input_type, **shape}


def _invalid(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"{field}: {problem}", field=field)


def _unexpected(field: str, expected: str, value: object) -> InvalidInput:
    return _invalid(field, f"expected {expected}, got {value!r:.80}.")


def _as_list(value: object) -> list[Any]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_side(side: object) -> bool:
    return isinstance(side, int) and not isinstance(side, bool) and 1 <= side <= MOST_SIDE


def keys(keys: Sequence[str], module: str) -> list[str]:
    """Return the keys as a list."""
    names = _as_list(keys)
    if module == CLASSIFIER:
        if names:
            raise _invalid("keys", "a classifier predicts one category without keys; omit them.")
        return names
    valid = all(isinstance(name, str) and name.strip() and "\0" not in name for name in names)
    if not (names and valid and len(set(names)) == len(names)):
        raise _unexpected("keys", "different names, one for each predicted value", names)
    return names


def require_fitted(estimator: Any) -> None:
    """Reject an object that is not a fitted estimator."""
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
    except NotFittedError:
        name = type(estimator).__name__
        raise _invalid("estimator", f"this {name} is not fitted; call its fit() first.") from None
    except (TypeError, AttributeError) as error:
        raise _invalid("estimator", f"it is not a scikit-learn estimator ({error}).") from None


def require_size(estimator: Any, parameters: dict[str, Any]) -> None:
    """Reject an estimator that was fitted on rows of another length."""
    expected = getattr(estimator, "n_features_in_", None)
    if "width" not in parameters or expected is None or expected == _row_length(parameters):
        return
    raise _invalid(
        "estimator",
        f"it was fitted on rows of {expected} numbers, but images of "
        f"{parameters['width']} x {parameters['height']} pixels in "
        f"{'color' if parameters['color'] else 'gray'} are rows of {_row_length(parameters)}. "
        "Give the image_size and color that it was fitted with.",
    )


def _row_length(parameters: dict[str, Any]) -> int:
    return int(parameters["width"] * parameters["height"] * (3 if parameters["color"] else 1))


def trial_categories(
    estimator: Any, module: str, parameters: dict[str, Any], keys: Sequence[str]
) -> tuple[str, ...] | None:
    """Apply the estimator to two artificial documents; return the categories of a classifier."""
    if module == CLASSIFIER:
        _require_categories(estimator)
    categories: tuple[str, ...] | None = None
    try:
        rows = _trial_rows(parameters)
        if module == EXTRACTOR:
            results: Sequence[Any] = predict.extract(estimator, rows, keys)
        else:
            names, results = predict.classify(estimator, rows)
            categories = tuple(names)
        if len(results) != len(rows):
            raise ValueError(f"{len(results)} results for {len(rows)} documents")
    except Exception as error:
        is_text = parameters["reads"] == ModelInputType.TEXT
        rows_type = "a list of str" if is_text else f"an array of shape {rows.shape}"
        raise _invalid(
            "estimator",
            f"it failed on two trial documents, passed as {rows_type} "
            f"({type(error).__name__}: {error}). Fit it on input of this form.",
        ) from error
    return categories


def _require_categories(estimator: Any) -> None:
    classes = getattr(estimator, "classes_", None)
    if classes is None or not hasattr(classes, "tolist"):
        problem = "has several outputs" if isinstance(classes, list) else "lacks classes_"
        raise _invalid(
            "estimator",
            f"this {type(estimator).__name__} {problem}, so it does not predict one category. "
            "Fit a classifier, or pack it as key_value_extraction with keys.",
        )
    names = [str(category) for category in classes.tolist()]
    if len(set(names)) != len(names) or not all(name.strip() for name in names):
        raise _invalid(
            "estimator", f"its categories must be different and not blank, got {names[:10]}."
        )


def _trial_rows(parameters: dict[str, Any]) -> Any:
    if parameters["reads"] == ModelInputType.TEXT:
        return _TRIAL_TEXTS
    import numpy as np

    length = _row_length(parameters)
    return np.stack([np.zeros(length), np.full(length, parameters["white"])])


def speed(speed: Speed | str | None) -> str | None:
    """Return the wire value of the speed."""
    if speed is None:
        return None
    if speed not in list(Speed):
        raise _unexpected("speed", f"one of {', '.join(Speed)}", speed)
    return str(speed)


def documentation(documentation: str | None) -> str | None:
    """Return the documentation if it is a string that a file can hold."""
    try:
        if documentation is not None:
            documentation.encode()
    except (AttributeError, UnicodeEncodeError):
        expected = "a string without lone surrogates"
        raise _unexpected("documentation", expected, documentation) from None
    return documentation


def accuracy(accuracy: float | None) -> float | None:
    """Return the accuracy as a float."""
    if accuracy is None:
        return None
    if not _is_number(accuracy) or not 0 <= accuracy <= 1:
        raise _unexpected("accuracy", "a number from 0 to 1", accuracy)
    return float(accuracy)
