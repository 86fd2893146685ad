"""Turning an estimator of one's own into a model file."""

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
    """Make a model file of a fitted scikit-learn estimator; `leia.models.create` uploads it.

    It is tried on two made-up documents before it is packed. The same estimator gives the
    same bytes.

    Parameters
    ----------
    estimator : object
        The fitted estimator or pipeline, of scikit-learn's own classes, but no trees, forests,
        boosting or neural networks, which skops does not trust. For texts, its
        methods take a list of str; for images, an array of shape ``(n, width * height)``, or
        ``(n, width * height * 3)`` in colour (RGB, pixel by pixel), float64, row by row from
        the upper left corner.
    model_type : ModelType or str
        ``"classification"``: ``classes_`` are the categories; the score is that of
        ``predict_proba``, else a softmax of ``decision_function``, else 1.0 for what
        ``predict`` tells. ``"key_value_extraction"``: ``predict`` tells one dict, or one value
        per key, for each document.
    input_types : str or sequence of str
        ``"text"`` (PDFs with text are read, too) or ``"image"``.
    path : path, optional
        The file to write, or a folder: then the file is named like the estimator's class.
        Default: nowhere; its bytes are returned.
    documentation : str, optional
        What the model does, for people. How it is fed and scored is added.
    accuracy : float, optional
        How often it is right, 0 to 1, as you have measured it; shown with every result.
    speed : Speed or str, optional
        ``"VERYFAST"``, ``"FAST"``, ``"SLOW"`` or ``"VERYSLOW"``.
    keys : sequence of str
        For ``key_value_extraction``: the keys, in the order of the values.
    image_size : int or (int, int), optional
        For images: width and height in pixels that they are resized to, 1 to 512; one
        number for a square.
    color : bool
        For images: whether colours are kept. Default: grey.
    white : float
        For images: the number that white becomes; black is 0. Default: 1.0.

    Returns
    -------
    pathlib.Path or bytes
        The file if `path` was given, else its content.

    Raises
    ------
    InvalidInput
        If the estimator is not fitted, holds types that skops does not trust (they are
        named), takes rows of another size, or answers something else; if the file cannot
        be written; or if another argument is wrong. `field` names the argument.
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
    name = f"{type(_last(estimator)).__name__}.zip"
    target = None if path is None else target_path(path, name)
    module = pack_checks.module(str(model_type))
    reads = pack_checks.reads(input_types)
    feeding = pack_checks.feeding(reads, image_size, color=color, white=white)
    names = pack_checks.keys(keys, module)
    pack_checks.require_fitted(estimator)
    pack_checks.require_size(estimator, feeding)
    trial = pack_checks.tried(estimator, module, feeding, names)
    told = pack_checks.documentation(documentation)
    description = ModelDescription(
        model_type=str(model_type),
        input_types=(reads,),
        model_module=module,
        model_clazz=type(_last(estimator)).__name__,
        documentation=_documented(told, estimator, module, feeding),
        output_format=_OUTPUTS[module],
        speed=None if speed is None else pack_checks.speed(speed),
        accuracy=pack_checks.accuracy(accuracy),
        parameters=feeding,
        categories=trial,
        extra={"keys": names} if names else {},
    )
    data = _model_file(estimator, description)
    return data if target is None else _save(data, target)


def _documented(
    documentation: str | None, estimator: Any, module: str, feeding: dict[str, Any]
) -> str:
    import sklearn

    fed = "a list of texts"
    if "width" in feeding:
        colors = "colour" if feeding["color"] else "grey"
        size = f"{feeding['width']} x {feeding['height']} pixels"
        fed = f"images of {size} in {colors}, 0 black to {feeding['white']:g} white"
    scored = predict.SCORES[predict.scored_by(estimator)] if module == CLASSIFIER else ""
    facts = f"{type(_last(estimator)).__name__}, packed by its owner. It is given {fed}. {scored}"
    made = f"Packed with scikit-learn {sklearn.__version__}, Python {platform.python_version()}."
    return "\n\n".join([*([documentation] if documentation else []), f"{facts.strip()}\n{made}"])


def _last(estimator: Any) -> Any:
    steps = getattr(estimator, "steps", None)
    return steps[-1][1] if steps else estimator


def _model_file(estimator: Any, description: ModelDescription) -> bytes:
    buffer = io.BytesIO()
    try:
        write_model(buffer, estimator, description)
    except ModelFileError as untrusted:
        said = f"estimator: {str(untrusted).replace('its estimator', 'it', 1)}."
        raise InvalidInput(said, field="estimator") from None
    except Exception as broken:
        said = f"estimator: skops cannot store it ({type(broken).__name__}: {broken})."
        raise InvalidInput(said, field="estimator") from broken
    return buffer.getvalue()


def _save(data: bytes, target: Path) -> Path:
    with atomic_write(target) as file:
        file.write(data)
    return target
