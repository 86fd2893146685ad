"""Pack an estimator into a model file."""

from __future__ import annotations

import io
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from leia_nb.api.paths import atomic_write, target_path
from leia_nb.enums import ModelType, Speed
from leia_nb.errors import InvalidInput
from leia_nb.packaging import pack_checks, predict
from leia_nb.packaging.archive import write_model
from leia_nb.packaging.description import ModelDescription, ModelFileError
from leia_nb.packaging.extras import require_extra
from leia_nb.packaging.pack_checks import CLASSIFIER, EXTRACTOR

_OUTPUTS = {
    CLASSIFIER: {"category": "str", "score": "float", "accuracy": "float"},
    EXTRACTOR: {"key": "str", "value": "object", "score": "float"},
}


def pack(
    estimator: Any,
    *,
    model_type: ModelType | str,
    input_types: Sequence[str] | str,
    path: str | os.PathLike[str] | None = None,
    documentation: str | None = None,
    accuracy: float | None = None,
    speed: Speed | str | None = None,
    keys: Sequence[str] = (),
    image_size: int | tuple[int, int] | None = None,
    color: bool = False,
    white: float = 1.0,
) -> Path | bytes:
    """Pack a fitted scikit-learn estimator into a model file, for `leia.models.create`.

    The estimator is applied to two artificial documents first. The same estimator gives the
    same bytes.

    Parameters
    ----------
    estimator : object
        The fitted estimator or pipeline of scikit-learn's own classes, but no trees, forests,
        boosting or neural networks, which skops does not trust. For texts, its methods accept
        a list of str; for images, a float64 array of shape ``(n, width * height)``, or
        ``(n, width * height * 3)`` in color (RGB, pixel by pixel), row by row from the upper
        left corner.
    model_type : ModelType or str
        ``"classification"``: ``classes_`` are the categories; the score comes from
        ``predict_proba``, else from a softmax of ``decision_function``, else it is 1.0 for the
        category that ``predict`` returns. ``"key_value_extraction"``: ``predict`` returns one
        dict, or one value per key, for each document.
    input_types : str or sequence of str
        ``"text"`` (this includes PDFs with text) or ``"image"``.
    path : path, optional
        The file to write, or a folder, in which the file is named after the estimator's class.
        Default: no file; the bytes are returned.
    documentation : str, optional
        The purpose of the model. The form of its input and its scores are appended.
    accuracy : float, optional
        The measured share of correct results, 0 to 1; shown with every result.
    speed : Speed or str, optional
        ``"VERYFAST"``, ``"FAST"``, ``"SLOW"`` or ``"VERYSLOW"``.
    keys : sequence of str
        For ``key_value_extraction``: the keys, in the order of the values.
    image_size : int or (int, int), optional
        For images: the width and height in pixels to which they are resized, 1 to 512; one
        number for a square.
    color : bool
        For images: whether to keep colors. Default: gray.
    white : float
        For images: the value of white; black is 0. Default: 1.0.

    Returns
    -------
    pathlib.Path or bytes
        The file if `path` was given, else its content.

    Raises
    ------
    InvalidInput
        If the estimator is not fitted, contains types that skops does not trust (the message
        names them), was fitted on rows of another length, or returns something else; if the
        file cannot be written; or if another argument is invalid. `field` names the argument.
    MissingExtra
        If ``leia_nb[local]`` is not installed.

    Examples
    --------
    >>> from sklearn.feature_extraction.text import CountVectorizer
    >>> from sklearn.naive_bayes import MultinomialNB
    >>> from sklearn.pipeline import make_pipeline
    >>> own = make_pipeline(CountVectorizer(), MultinomialNB())
    >>> _ = own.fit(["please pay", "amount due", "dear Ann", "kind regards"], list("bbll"))
    >>> file = pack(own, model_type="classification", input_types="text")
    >>> file[:2]
    b'PK'
    >>> pack(own[-1], model_type="classification", input_types="image", image_size=8)
    Traceback (most recent call last):
    leia_nb.errors.InvalidInput: estimator: it was fitted on rows of ... numbers, ...
    """
    require_extra()
    clazz = type(_last_step(estimator)).__name__
    target = None if path is None else target_path(path, f"{clazz}.zip")
    module = pack_checks.module(str(model_type))
    input_type = pack_checks.input_type(input_types)
    parameters = pack_checks.input_format(input_type, image_size, color=color, white=white)
    names = pack_checks.keys(keys, module)
    pack_checks.require_fitted(estimator)
    pack_checks.require_size(estimator, parameters)
    categories = pack_checks.trial_categories(estimator, module, parameters, names)
    documentation = pack_checks.documentation(documentation)
    description = ModelDescription(
        model_type=str(model_type),
        input_types=(input_type,),
        model_module=module,
        model_clazz=clazz,
        documentation=_documentation(documentation, estimator, module, parameters),
        output_format=_OUTPUTS[module],
        speed=pack_checks.speed(speed),
        accuracy=pack_checks.accuracy(accuracy),
        parameters=parameters,
        categories=categories,
        extra={"keys": names} if names else {},
    )
    data = _model_file(estimator, description)
    if target is None:
        return data
    with atomic_write(target) as file:
        file.write(data)
    return target


def _documentation(
    documentation: str | None, estimator: Any, module: str, parameters: dict[str, Any]
) -> str:
    import sklearn

    rows = "a list of texts"
    if "width" in parameters:
        colors = "color" if parameters["color"] else "gray"
        size = f"{parameters['width']} x {parameters['height']} pixels"
        rows = f"images of {size} in {colors}, 0 (black) to {parameters['white']:g} (white)"
    scores = f" {predict.SCORES[predict.scored_by(estimator)]}" if module == CLASSIFIER else ""
    clazz = type(_last_step(estimator)).__name__
    facts = (
        f"{clazz}, packed by its owner. Its input is {rows}.{scores}\n"
        f"Packed with scikit-learn {sklearn.__version__}, Python {platform.python_version()}."
    )
    return f"{documentation}\n\n{facts}" if documentation else facts


def _last_step(estimator: Any) -> Any:
    steps = getattr(estimator, "steps", None)
    return steps[-1][1] if steps else estimator


def _model_file(estimator: Any, description: ModelDescription) -> bytes:
    buffer = io.BytesIO()
    try:
        write_model(buffer, estimator, description)
    except ModelFileError as error:
        message = f"estimator: {str(error).replace('its estimator', 'it', 1)}."
        raise InvalidInput(message, field="estimator") from None
    except Exception as error:
        message = f"estimator: skops cannot store it ({type(error).__name__}: {error})."
        raise InvalidInput(message, field="estimator") from error
    return buffer.getvalue()
