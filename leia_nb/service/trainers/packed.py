"""The modules that apply the model files of `leia_nb.packaging.pack`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, NoReturn

from pydantic import Field

from leia_nb.enums import ModelInputType, ModelType
from leia_nb.packaging import ModelDescription, predict
from leia_nb.packaging.pack_checks import CLASSIFIER, EXTRACTOR, MOST_SIDE
from leia_nb.service.documents.base import InputDocument, TrainingDocument, UnusableDocuments
from leia_nb.service.documents.readers import read_image, read_text
from leia_nb.service.parameters import read
from leia_nb.service.trainers.base import Prediction, Trained, Trainer, TrainerParameters
from leia_nb.service.trainers.classifier import ClassifierApplyParameters, prediction


class _EstimatorInput(TrainerParameters):
    """What `pack` records about the estimator's input in the model file."""

    reads: Literal["text", "image"] = Field("text", description="the estimator's input")
    width: int = Field(24, ge=1, le=MOST_SIDE, description="width of the resized images, in pixels")
    height: int = Field(
        24, ge=1, le=MOST_SIDE, description="height of the resized images, in pixels"
    )
    color: bool = Field(False, description="whether colors are kept")
    white: float = Field(1.0, ge=1e-9, le=1e6, description="the number that stands for white")


class _Packed(Trainer):
    """A module that applies estimators, but cannot train them."""

    input_types = (str(ModelInputType.TEXT), str(ModelInputType.IMAGE))
    trainable = False

    def check(self, documents: Sequence[TrainingDocument]) -> NoReturn:
        """Refuse to train."""
        raise UnusableDocuments(
            f"{self.name} cannot be trained on the {len(documents)} documents: it only "
            "applies estimators that are already fitted. Train with another model_module."
        )

    def fit(self, documents: Sequence[TrainingDocument], parameters: Any) -> Trained:
        """Refuse to train."""
        del parameters
        self.check(documents)

    def rows(self, description: ModelDescription, documents: Sequence[InputDocument]) -> Any:
        """Return the input of the estimator: a list of texts, or an array of pixels."""
        settings = read(_EstimatorInput, description.parameters, f"a model of {self.name}")
        if settings.reads == "text":
            return [read_text(document) for document in documents]
        import numpy as np

        return np.stack([_pixels(document, settings) for document in documents])


class PackedClassifier(_Packed):
    """Applies packed classifiers."""

    name = CLASSIFIER
    model_type = str(ModelType.CLASSIFICATION)
    description = "Applies a classifier of texts or images that its owner fitted and packed."
    apply_parameters: ClassVar = ClassifierApplyParameters

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: Any,
    ) -> list[Prediction]:
        """Return every category with its score, and the best one."""
        if not documents:
            return []
        categories, scores = predict.classify(estimator, self.rows(description, documents))
        return [prediction(categories, row, description.accuracy, parameters.top) for row in scores]


class PackedExtractor(_Packed):
    """Applies packed estimators that predict values of keys."""

    name = EXTRACTOR
    model_type = str(ModelType.KEY_VALUE_EXTRACTION)
    description = "Applies an estimator of values by key that its owner fitted and packed."

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: Any,
    ) -> list[Prediction]:
        """Return the values of the model's keys, in the keys' order."""
        del parameters
        if not documents:
            return []
        keys = [str(key) for key in description.extra.get("keys", [])]
        results = predict.extract(estimator, self.rows(description, documents), keys)
        return [Prediction(items) for items in results]


def _pixels(document: InputDocument, settings: _EstimatorInput) -> Any:
    import numpy as np
    from PIL.Image import Resampling

    image = read_image(document, color=settings.color)
    resized = image.resize((settings.width, settings.height), Resampling.BILINEAR)
    return (np.asarray(resized, dtype=np.float64) / 255 * settings.white).ravel()
