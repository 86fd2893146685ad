"""Which estimators of scikit-learn can be packed, as docs/own_models.md tells."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import NMF, PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import (
    LogisticRegression,
    LogisticRegressionCV,
    Perceptron,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, Normalizer, StandardScaler
from sklearn.svm import SVC, LinearSVC, NuSVC
from sklearn.tree import DecisionTreeClassifier

from leia_nb.errors import InvalidInput
from leia_nb.packaging import pack

TEXTS = ["please pay the bill", "amount due now", "dear Ann", "kind regards, Bob"] * 5
KINDS = ["bill", "bill", "letter", "letter"] * 5
PIXELS = np.random.default_rng(0).random((20, 9))
DENSE = TruncatedSVD(3, random_state=0)
BRUTE = KNeighborsClassifier(1, algorithm="brute")
IMAGE = {"model_type": "classification", "input_types": "image", "image_size": 3}
TEXT = {"model_type": "classification", "input_types": "text"}
DOCUMENT = Path(__file__).parents[3] / "docs/own_models.md"


def named(estimator):
    return type(estimator).__name__


def fitted(estimator, rows):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator.fit(rows, KINDS)


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(), LogisticRegressionCV(), RidgeClassifier(), SGDClassifier(),
        Perceptron(), LinearSVC(), SVC(), NuSVC(), GaussianNB(), BernoulliNB(), ComplementNB(),
        MultinomialNB(), BRUTE, NearestCentroid(), LinearDiscriminantAnalysis(),
        QuadraticDiscriminantAnalysis(reg_param=0.5), DummyClassifier(),
        OneVsRestClassifier(LinearSVC()),
    ],
    ids=named,
)  # fmt: skip
def test_these_can_be_packed(estimator):
    scaled = make_pipeline(MinMaxScaler(), estimator)
    assert pack(fitted(scaled, PIXELS), **IMAGE)[:2] == b"PK"


@pytest.mark.parametrize(
    "steps",
    [
        (CountVectorizer(), MultinomialNB()), (TfidfVectorizer(), LogisticRegression()),
        (HashingVectorizer(n_features=64), LinearSVC()), (TfidfVectorizer(), ComplementNB()),
        (TfidfVectorizer(), MaxAbsScaler(), SGDClassifier()),
        (TfidfVectorizer(), DENSE, SVC()), (TfidfVectorizer(), DENSE, BRUTE),
        (TfidfVectorizer(), DENSE, Normalizer(), StandardScaler(), LinearDiscriminantAnalysis()),
        (TfidfVectorizer(), NMF(2), LogisticRegression()),
        (TfidfVectorizer(), DENSE, PCA(2), GaussianNB()),
    ],
    ids=lambda steps: "-".join(map(named, steps)),
)  # fmt: skip
def test_these_can_be_packed_for_texts(steps):
    assert pack(fitted(make_pipeline(*steps), TEXTS), **TEXT)[:2] == b"PK"


@pytest.mark.parametrize(
    "estimator",
    [
        DecisionTreeClassifier(), RandomForestClassifier(5), ExtraTreesClassifier(5),
        GradientBoostingClassifier(n_estimators=5), HistGradientBoostingClassifier(max_iter=5),
        MLPClassifier(5, max_iter=5), GaussianProcessClassifier(),
        CalibratedClassifierCV(LinearSVC(), cv=2),
        VotingClassifier([("a", LogisticRegression())]),
        StackingClassifier([("a", MultinomialNB())], cv=2),
        GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2),
    ],
    ids=named,
)  # fmt: skip
def test_these_cannot_be_packed_and_others_are_offered(estimator):
    with pytest.raises(InvalidInput, match=r"not trusted: sklearn\.") as caught:
        pack(fitted(estimator, PIXELS), **IMAGE)
    said = str(caught.value)
    assert "Forests, trees, boosting and neural networks cannot be packed" in said
    assert "These can: linear models, LinearSVC, SVC" in said
    assert "Use estimators of scikit-learn itself" not in said


def test_a_search_is_packed_by_its_best_estimator():
    search = fitted(GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2), PIXELS)
    assert pack(search.best_estimator_, **IMAGE)[:2] == b"PK"


@pytest.mark.parametrize(
    "steps",
    [(SVC(),), (BRUTE,), (DENSE, KNeighborsClassifier(1, algorithm="kd_tree"))],
    ids=lambda steps: named(steps[-1]),
)
def test_kept_rows_are_to_be_dense_and_compared_one_by_one(steps):
    with pytest.raises(InvalidInput, match=r"TruncatedSVD.*algorithm='brute'") as caught:
        pack(fitted(make_pipeline(TfidfVectorizer(), *steps), TEXTS), **TEXT)
    assert "cannot be packed" not in str(caught.value)


def test_the_document_tells_the_same():
    told = " ".join(DOCUMENT.read_text(encoding="utf-8").split())
    assert "forests, trees, boosting and neural networks cannot be packed" in told.lower()
    assert '`algorithm="brute"`' in told
