"""The trainer `image_classifier`: categories of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from leia_nb.enums import ModelInputType
from leia_nb.service.documents.base import InputDocument
from leia_nb.service.documents.readers import read_image
from leia_nb.service.trainers import image_features
from leia_nb.service.trainers.classifier import Classifier, ClassifierParameters
from leia_nb.service.trainers.sklearn_trainer import Strength, classifier_pipeline


class ImageClassifierParameters(ClassifierParameters):
    """The parameters of a training with `image_classifier`."""

    image_size: int = Field(
        24, ge=8, le=128, description="side of the square that an image is resized to, in pixels"
    )
    color: bool = Field(False, description="whether to use colors, or gray values only")
    features: Literal["gradients", "pixels"] = Field(
        "gradients", description="pixels only, or pixels and the directions of edges"
    )
    strength: Strength = 1.0


class ImageClassifier(Classifier):
    """Learns categories of images of any size and mode."""

    name = "image_classifier"
    input_types = (str(ModelInputType.IMAGE),)
    description = (
        "Predicts the category of an image. A logistic regression weighs the pixels of the image, "
        "resized to a small square, and the strength of the edges per direction and part."
    )
    training_parameters: ClassVar = ImageClassifierParameters

    def rows(
        self, documents: Sequence[InputDocument], parameters: ImageClassifierParameters
    ) -> Any:
        """Return one row of float64 per image."""
        import numpy as np

        return np.stack([_row(document, parameters) for document in documents], dtype=np.float64)

    def estimator(self, parameters: ImageClassifierParameters) -> Any:
        """Return a logistic regression."""
        return classifier_pipeline(C=parameters.strength, max_iter=5000)


def _row(document: InputDocument, parameters: ImageClassifierParameters) -> Any:
    image = read_image(document, color=parameters.color)
    values = image_features.pixels(image, parameters.image_size)
    return values.ravel() if parameters.features == "pixels" else image_features.gradients(values)
