"""Estimators of one's own become model files, or are refused in words."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC

from leia_nb import packaging
from leia_nb.errors import InvalidInput, MissingExtra
from leia_nb.packaging import pack, predict

TEXTS = ["please pay the bill", "amount due", "dear Ann", "kind regards"]
KINDS = ["bill", "bill", "letter", "letter"]
TEXT = {"model_type": "classification", "input_types": "text"}
IMAGE = {"model_type": "classification", "input_types": "image"}


@pytest.fixture
def words():
    return make_pipeline(CountVectorizer(), MultinomialNB()).fit(TEXTS, KINDS)


@pytest.fixture(scope="module")
def digits():
    rows, labels = load_digits(return_X_y=True)
    return KNeighborsClassifier().fit(rows[:200], labels[:200])


def _own(rows):
    return rows


def test_a_text_classifier_says_what_it_is(words, tmp_path):
    path = pack(words, **TEXT, path=tmp_path / "m.zip", documentation="Bills?", accuracy=0.75)
    assert path == tmp_path / "m.zip"
    estimator, about = packaging.load_estimator(path)
    assert about.model_module == "packed_classifier"
    assert (about.model_type, about.input_types, about.model_clazz) == (
        "classification", ("text",), "MultinomialNB",
    )  # fmt: skip
    assert (about.accuracy, about.categories) == (0.75, ("bill", "letter"))
    assert about.documentation.startswith("Bills?\n\nMultinomialNB, packed by its owner.")
    assert "predict_proba" in about.documentation
    assert estimator.predict(["amount due"]).tolist() == ["bill"]


def test_the_same_estimator_gives_the_same_bytes(words, tmp_path):
    data = pack(words, **TEXT)
    assert data == pack(words, **TEXT) == pack(words, **TEXT, path=tmp_path / "m").read_bytes()


def test_an_image_classifier_says_how_it_is_fed(digits, tmp_path):
    path = pack(digits, **IMAGE, image_size=8, white=16, path=tmp_path / "m.zip")
    about = packaging.read_description(path)
    assert about.parameters == {
        "reads": "image", "width": 8, "height": 8, "color": False, "white": 16.0,
    }  # fmt: skip
    assert "8 x 8 pixels in gray, 0 (black) to 16 (white)" in about.documentation
    assert about.categories == tuple("0123456789")


@pytest.mark.parametrize(
    ("estimator", "method"),
    [
        (LogisticRegression(), "predict_proba"),
        (LinearSVC(), "decision_function"),
        (KNeighborsClassifier(1), "predict_proba"),
    ],
)
@pytest.mark.parametrize("labels", [["a", "b"] * 6, ["a", "b", "c"] * 4])
def test_scores_add_up_to_one(estimator, method, labels):
    rows = np.arange(48.0).reshape(12, 4)
    estimator.fit(rows, labels)
    assert predict.scored_by(estimator) == method
    categories, scores = predict.classify(estimator, rows)
    assert categories == sorted(set(labels))
    assert np.sum(scores, axis=1) == pytest.approx(1)
    best = [categories[int(np.argmax(row))] for row in scores]
    assert best == estimator.predict(rows).tolist()


def test_without_scores_the_answer_has_all_of_it():
    class Plain:
        classes_ = np.array(["a", "b"])

        def predict(self, rows):
            return np.array(["b"] * len(rows))

    assert predict.classify(Plain(), [1, 2]) == (["a", "b"], [[0.0, 1.0], [0.0, 1.0]])


def test_values_of_keys(tmp_path):
    several = make_pipeline(CountVectorizer(), MultiOutputClassifier(MultinomialNB()))
    several.fit(
        TEXTS, np.array([["bill", "en"], ["bill", "en"], ["letter", "de"], ["letter", "de"]])
    )
    options = {"model_type": "key_value_extraction", "input_types": ["text"]}
    path = pack(several, **options, keys=["kind", "language"], path=tmp_path / "m.zip")
    about = packaging.read_description(path)
    assert (about.model_module, about.extra) == ("packed_extractor", {"keys": ["kind", "language"]})
    (said,) = predict.extract(several, ["amount due"], ["kind", "language"])
    assert [(item["key"], item["value"]) for item in said] == [("kind", "bill"), ("language", "en")]
    assert all(0.5 < item["score"] <= 1 for item in said)


def test_dicts_and_single_values_are_values_of_keys_too():
    class Says:
        def __init__(self, answer):
            self.answer = answer

        def predict(self, rows):
            return [self.answer for _ in rows]

    assert predict.extract(Says({"b": 1, "a": None, "c": 2}), [0], ["a", "b"]) == [
        [{"key": "b", "value": 1}]
    ]
    assert predict.extract(Says(np.float64(2.5)), [0], ["a"]) == [[{"key": "a", "value": 2.5}]]
    assert predict.extract(Says(float("nan")), [0], ["a"]) == [[]]
    with pytest.raises(ValueError, match="2 values for 1 keys"):
        predict.extract(Says([1, 2]), [0], ["a"])


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        ({"model_type": "image_extraction"}, "model_type", "cannot produce images.*own_models"),
        ({"model_type": "oracle"}, "model_type", "one of classification, key_value_extraction"),
        ({"input_types": "video"}, "input_types", "exactly one of text, image"),
        ({"input_types": ["text", "image"]}, "input_types", "exactly one"),
        ({"input_types": []}, "input_types", "exactly one"),
        ({"input_types": 5}, "input_types", "exactly one"),
        ({"keys": ["a"]}, "keys", "without keys"),
        ({"accuracy": 97}, "accuracy", "a number from 0 to 1"),
        ({"accuracy": "high"}, "accuracy", "a number from 0 to 1"),
        ({"documentation": 5}, "documentation", "expected a string"),
        ({"documentation": "\ud800"}, "documentation", "surrogate"),
        ({"speed": "quick"}, "speed", "VERYFAST"),
        ({"model_type": "key_value_extraction"}, "keys", "one for each predicted value"),
        ({"model_type": "key_value_extraction", "keys": 5}, "keys", "one for each predicted value"),
        (
            {"model_type": "key_value_extraction", "keys": ["a", "a"]},
            "keys",
            "expected different names",
        ),
        (
            {"model_type": "key_value_extraction", "keys": ["a", "b"]},
            "estimator",
            "1 values for 2 keys",
        ),
        ({"input_types": "image"}, "image_size", "width, height"),
        ({"input_types": "image", "image_size": 0}, "image_size", "1 to 512"),
        ({"input_types": "image", "image_size": (8, 8, 3)}, "image_size", "1 to 512"),
        ({"input_types": "image", "image_size": 8.5}, "image_size", "1 to 512"),
        ({"input_types": "image", "image_size": True}, "image_size", "1 to 512"),
        ({"input_types": "image", "image_size": 8, "white": 0}, "white", "the value of white"),
        ({"input_types": "image", "image_size": 8, "white": "1"}, "white", "the value of white"),
        ({"input_types": "image", "image_size": 8}, "estimator", r"failed.*of shape \(2, 64\)"),
    ],
)
def test_invalid_arguments_are_rejected(words, change, field, why):
    with pytest.raises(InvalidInput, match=why) as caught:
        pack(words, **{**TEXT, **change})
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("estimator", "options", "why"),
    [
        (MultinomialNB(), TEXT, "this MultinomialNB is not fitted"),
        (make_pipeline(CountVectorizer(), MultinomialNB()), TEXT, "not fitted"),
        ("a model", TEXT, "not a scikit-learn estimator"),
        (MultinomialNB, TEXT, "not a scikit-learn estimator"),
        (
            MultinomialNB().fit([[1, 2], [3, 4]], [0, 1]),
            {**IMAGE, "image_size": 8},
            "rows of 2 numbers, but images of 8 x 8 pixels in gray are rows of 64",
        ),
        (
            MultinomialNB().fit(np.ones((2, 64)), [0, 1]),
            {**IMAGE, "image_size": 8, "color": True},
            "8 x 8 pixels in color are rows of 192",
        ),
        (MultinomialNB().fit([[1, 2], [3, 4]], [0, 1]), TEXT, "passed as a list of str"),
        (LinearRegression().fit([[1.0], [2.0]], [1, 2]), TEXT, "lacks classes_"),
        (
            KNeighborsClassifier(1).fit([[1], [2]], [["a", "b"], ["c", "d"]]),
            TEXT,
            "has several outputs",
        ),
        (DummyClassifier().fit([[0], [1]], [" ", "a"]), TEXT, "must be different and not blank"),
    ],
)
def test_an_estimator_that_cannot_be_used_is_refused(estimator, options, why):
    with pytest.raises(InvalidInput, match=why) as caught:
        pack(estimator, **options)
    assert caught.value.field == "estimator"


def test_types_that_are_not_trusted_are_named(tmp_path):
    own = make_pipeline(FunctionTransformer(_own), CountVectorizer(), MultinomialNB())
    own.fit(TEXTS, KINDS)
    with pytest.raises(InvalidInput, match=r"types that are not trusted: .*_own"):
        pack(own, **TEXT, path=tmp_path / "m.zip")
    assert not (tmp_path / "m.zip").exists()


def test_a_folder_gets_a_file_named_like_the_class(words, tmp_path):
    assert pack(words, **TEXT, path=tmp_path) == tmp_path / "MultinomialNB.zip"
    assert [file.name for file in tmp_path.iterdir()] == ["MultinomialNB.zip"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nodir/m.zip", "folder .*nodir does not exist"),
        ("nodir/", "folder .*nodir.* does not exist"),
        ("x" * 300, "cannot be written"),
        ("a\0b", "not a valid path"),
    ],
)
def test_a_path_that_cannot_be_written_is_refused(words, tmp_path, path, why):
    with pytest.raises(InvalidInput, match=why) as caught:
        pack(words, **TEXT, path=f"{tmp_path}/{path}")
    assert caught.value.field == "path"
    assert not list(tmp_path.iterdir())


def test_a_path_of_another_type_is_refused(words):
    with pytest.raises(InvalidInput, match="path must be a string or a Path, got int"):
        pack(words, **TEXT, path=5)


def test_a_full_disk_leaves_the_old_file_alone(words, tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    (tmp_path / "m.zip").write_bytes(b"old")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InvalidInput, match="No space left"):
        pack(words, **TEXT, path=tmp_path / "m.zip")
    assert (tmp_path / "m.zip").read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["m.zip"]


@pytest.mark.parametrize("name", ["sklearn", "skops"])
def test_a_client_alone_is_told_what_to_install(words, tmp_path, monkeypatch, name):
    path = pack(words, **TEXT, path=tmp_path / "m.zip")
    monkeypatch.setattr("importlib.util.find_spec", lambda one: None if one == name else one)
    for call in (lambda: pack(words, **TEXT), lambda: packaging.load_estimator(path)):
        with pytest.raises(MissingExtra, match=rf"\({name}\).*leia_nb\[local\]"):
            call()


def test_an_object_with_fit_that_is_no_estimator_is_refused():
    class Own:
        def fit(self, rows):
            return self

    with pytest.raises(InvalidInput, match="not a scikit-learn estimator"):
        pack(Own(), **TEXT)


def test_a_file_that_is_no_model_is_an_error_of_this_package(tmp_path):
    (tmp_path / "m.zip").write_bytes(b"no zip")
    with pytest.raises(InvalidInput, match="not a zip file"):
        packaging.read_description(tmp_path / "m.zip")
