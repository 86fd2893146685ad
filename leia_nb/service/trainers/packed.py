"""What applies the estimators that `leia_nb.packaging.pack` made model files of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn

from leia_nb.enums import ModelInputType, ModelType
from leia_nb.packaging import ModelDescription, predict
from leia_nb.packaging.pack_checks import CLASSIFIER, EXTRACTOR, MOST_SIDE
from leia_nb.service import parameters as reader
from leia_nb.service.documents.base import InputDocument, TrainingDocument, UnusableDocuments
from leia_nb.service.documents.readers import read_image, read_text
from leia_nb.service.parameters import Parameter
from leia_nb.service.trainers.base import Prediction, Trained
from leia_nb.service.trainers.classifier import TOP, prediction
from leia_nb.service.trainers.parametrized import Parametrized

_KINDS = (str(ModelInputType.TEXT), str(ModelInputType.IMAGE))
_FEEDING = (
    Parameter("reads", "text", "what the estimator is given", choices=_KINDS),
    Parameter("width", 24, "pixels that images are resized to", 1, MOST_SIDE),
    Parameter("height", 24, "pixels that images are resized to", 1, MOST_SIDE),
    Parameter("color", False, "whether colours are kept"),
    Parameter("white", 1.0, "the number that white becomes", 1e-9, 1e6),
)


class _Packed(Parametrized):
    """A module that applies estimators, but cannot train them."""

    input_types = _KINDS
    trainable = False

    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Refuse to train."""
        self._refuse(documents)

    def fit(self, documents: Sequence[TrainingDocument], parameters: dict[str, Any]) -> Trained:
        """Refuse to train."""
        del parameters
        self._refuse(documents)

    def _refuse(self, documents: Sequence[TrainingDocument]) -> NoReturn:
        raise UnusableDocuments(
            f"{self.name} cannot learn from the {len(documents)} documents: it applies "
            "estimators that their owners fitted. Train with another module."
        )

    def rows(self, description: ModelDescription, documents: Sequence[InputDocument]) -> Any:
        """Return what the estimator takes: a list of texts, or an array of pixels."""
        feeding = reader.read(_FEEDING, description.parameters, f"a model of {self.name}")
        if feeding["reads"] == ModelInputType.TEXT:
            return [read_text(document) for document in documents]
        import numpy as np

        return np.stack([_pixels(document, feeding) for document in documents])


class PackedClassifier(_Packed):
    """Applies classifiers that were packed.

    Examples
    --------
    >>> PackedClassifier().trainable, PackedClassifier().read_apply_parameters({"top": 2})
    (False, {'top': 2})
    """

    name = CLASSIFIER
    model_type = str(ModelType.CLASSIFICATION)
    about = "Applies a classifier of texts or images that its owner fitted and packed."
    apply_parameters: ClassVar[tuple[Parameter, ...]] = (TOP,)

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: dict[str, Any],
    ) -> list[Prediction]:
        """Apply a model: every category with its score, and the best one."""
        if not documents:
            return []
        categories, scores = predict.classify(estimator, self.rows(description, documents))
        top = parameters.get("top")
        return [prediction(categories, row, description.accuracy, top) for row in scores]


class PackedExtractor(_Packed):
    """Applies estimators that were packed and tell values of keys."""

    name = EXTRACTOR
    model_type = str(ModelType.KEY_VALUE_EXTRACTION)
    about = "Applies an estimator that its owner fitted and packed; it tells values of keys."

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: dict[str, Any],
    ) -> list[Prediction]:
        """Apply a model: the values of its keys, in the keys' order."""
        del parameters
        if not documents:
            return []
        keys = [str(key) for key in description.extra.get("keys", [])]
        said = predict.extract(estimator, self.rows(description, documents), keys)
        return [Prediction(items) for items in said]


def _pixels(document: InputDocument, feeding: Mapping[str, Any]) -> Any:
    import numpy as np
    from PIL.Image import Resampling

    image = read_image(document, color=feeding["color"])
    resized = image.resize((feeding["width"], feeding["height"]), Resampling.BILINEAR)
    return (np.asarray(resized, dtype=np.float64) / 255 * feeding["white"]).ravel()
