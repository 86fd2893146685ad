"""The trainer `text_classifier`: which category a text is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from leia_nb.enums import ModelInputType
from leia_nb.service.documents.base import InputDocument, UnusableDocuments
from leia_nb.service.documents.readers import read_text
from leia_nb.service.parameters import Parameter
from leia_nb.service.trainers.classifier import Classifier
from leia_nb.service.trainers.parametrized import STRENGTH


class TextClassifier(Classifier):
    """Learn categories of texts: plain text, and PDFs that carry text.

    A logistic regression weighs words and short word sequences by TF-IDF.

    Examples
    --------
    >>> TextClassifier().read_parameters({"words": 1})["words"]
    1
    """

    name = "text_classifier"
    input_types = (str(ModelInputType.TEXT),)
    about: ClassVar[str] = (
        "Tells the category of a text, or of a PDF that carries text. A logistic regression "
        "weighs words and short word sequences by how often they occur here and elsewhere (TF-IDF)."
    )
    reads: ClassVar[str] = "text documents and PDFs"
    own_parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("words", 2, "longest word sequence to look at", 1, 3),
        Parameter(
            "vocabulary", 20_000, "most word sequences to keep, the most frequent", 10, 200_000
        ),
        STRENGTH,
    )

    def rows(self, documents: Sequence[InputDocument], parameters: Mapping[str, Any]) -> Any:
        """Return the texts; the parameters change nothing about them."""
        del parameters
        return [read_text(document) for document in documents]

    def estimator(self, parameters: Mapping[str, Any]) -> Any:
        """Return TF-IDF and a logistic regression, not yet fitted."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import Pipeline

        words = TfidfVectorizer(
            ngram_range=(1, parameters["words"]),
            max_features=parameters["vocabulary"],
            sublinear_tf=True,
        )
        weights = LogisticRegression(C=10 * parameters["strength"], max_iter=5000)
        return Pipeline([("words", words), ("classify", weights)])

    def fit(self, documents: Sequence[Any], parameters: dict[str, Any]) -> Any:
        """Train on the documents that have a category, and cross-validate."""
        try:
            return super().fit(documents, parameters)
        except ValueError as broken:
            if "empty vocabulary" not in str(broken):
                raise
            raise UnusableDocuments(
                f"The texts of the {len(documents)} documents hold no words. "
                "Train with documents that carry words."
            ) from None
