"""The trainer `text_classifier`: categories of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from leia_nb.enums import ModelInputType
from leia_nb.service.documents.base import InputDocument, TrainingDocument, UnusableDocuments
from leia_nb.service.documents.readers import read_text
from leia_nb.service.trainers.base import Trained
from leia_nb.service.trainers.classifier import Classifier, ClassifierParameters
from leia_nb.service.trainers.sklearn_trainer import Strength, classifier_pipeline

# Languages written without blanks: Thai, Lao, Burmese, Khmer, Japanese, Chinese. Each of their
# characters counts as a word, so that sequences of words are sequences of characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0002fa1f"
)
_TOKEN = rf"[{_UNSPACED}]|[^\W{_UNSPACED}]{{2,}}"


class TextClassifierParameters(ClassifierParameters):
    """The parameters of a training with `text_classifier`."""

    words: int = Field(2, ge=1, le=3, description="longest word sequence to use")
    vocabulary: int = Field(
        20_000, ge=10, le=200_000, description="how many of the most frequent word sequences to use"
    )
    strength: Strength = 1.0


class TextClassifier(Classifier):
    """Learns categories of plain texts and of PDFs that carry text."""

    name = "text_classifier"
    input_types = (str(ModelInputType.TEXT),)
    description = (
        "Predicts the category of a text, or of a PDF that carries text. A logistic regression "
        "weighs words and short word sequences by how often they occur here and elsewhere (TF-IDF)."
    )
    training_parameters: ClassVar = TextClassifierParameters

    def rows(
        self, documents: Sequence[InputDocument], parameters: TextClassifierParameters
    ) -> list[str]:
        """Return the texts; the parameters do not change them."""
        del parameters
        return [read_text(document) for document in documents]

    def estimator(self, parameters: TextClassifierParameters) -> Any:
        """Return a pipeline of TF-IDF and a logistic regression."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        words = TfidfVectorizer(
            ngram_range=(1, parameters.words),
            max_features=parameters.vocabulary,
            token_pattern=_TOKEN,
            sublinear_tf=True,
        )
        return classifier_pipeline(("words", words), C=10 * parameters.strength, max_iter=5000)

    def fit(self, documents: Sequence[TrainingDocument], parameters: Any) -> Trained:
        """Train on the documents that have a category, and cross-validate."""
        try:
            return super().fit(documents, parameters)
        except ValueError as error:
            if "empty vocabulary" not in str(error):
                raise
            raise UnusableDocuments(
                f"The texts of the {len(documents)} documents contain no words. "
                "Train with documents that contain words."
            ) from None
