"""The trainer `image_classifier`: which category an image is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from leia_nb.enums import ModelInputType
from leia_nb.service.documents.base import InputDocument
from leia_nb.service.documents.readers import read_image
from leia_nb.service.parameters import Parameter
from leia_nb.service.trainers import image_features
from leia_nb.service.trainers.classifier import Classifier
from leia_nb.service.trainers.parametrized import STRENGTH


class ImageClassifier(Classifier):
    """Learn categories of images of any size and mode.

    Every image is made a small square; a logistic regression weighs its pixels and how
    strongly edges point which way in each part of it.

    Examples
    --------
    >>> ImageClassifier().read_parameters({"image_size": "32"})["image_size"]
    32
    """

    name = "image_classifier"
    input_types = (str(ModelInputType.IMAGE),)
    about: ClassVar[str] = (
        "Tells the category of an image. A logistic regression weighs the pixels of the image, "
        "resized to a small square, and the strength of the edges per direction and part."
    )
    reads: ClassVar[str] = "images"
    own_parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            "image_size", 24, "side of the square that an image is resized to, in pixels", 8, 128
        ),
        Parameter("color", False, "whether to look at colours, or at grey only"),
        Parameter(
            "features",
            "gradients",
            "what to look at: pixels only, or the directions of edges, too",
            choices=("gradients", "pixels"),
        ),
        STRENGTH,
    )

    def rows(self, documents: Sequence[InputDocument], parameters: Mapping[str, Any]) -> Any:
        """Return one row of numbers per image, float64; see `features`."""
        import numpy as np

        return np.stack([_row(document, parameters) for document in documents], dtype=np.float64)

    def estimator(self, parameters: Mapping[str, Any]) -> Any:
        """Return a logistic regression, not yet fitted."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import Pipeline

        return Pipeline([("classify", LogisticRegression(C=parameters["strength"], max_iter=5000))])


def _row(document: InputDocument, parameters: Mapping[str, Any]) -> Any:
    image = read_image(document, color=parameters["color"])
    values = image_features.pixels(image, parameters["image_size"])
    return (
        values.ravel() if parameters["features"] == "pixels" else image_features.gradients(values)
    )
