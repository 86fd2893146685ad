import hashlib
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from leia_nb import packaging
from leia_nb.service.parameters import values_of
from leia_nb.service.trainers import (
    TrainingDocument,
    UnreadableDocument,
    UnusableDocuments,
    trainer,
)

LETTERS = {
    "invoice": ["please pay the amount due", "amount due in thirty days", "pay this invoice"],
    "greeting": ["happy birthday to you", "best wishes to you", "a happy new year"],
}


def _document(path, number, category, mime_type):
    said = () if category is None else (("TYPING", {"category": category}),)
    md5sum = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    return TrainingDocument(f"{number:024x}", path, path.name, mime_type, md5sum, said)


@pytest.fixture
def letters(tmp_path):
    made = []
    for category, texts in LETTERS.items():
        for text in texts:
            path = tmp_path / f"{len(made)}.txt"
            path.write_text(text, encoding="utf-8")
            made.append(_document(path, len(made), category, "text/plain"))
    return made


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    from sklearn.datasets import load_digits

    folder = tmp_path_factory.mktemp("digits")
    data = load_digits()
    made = []
    for number, (pixels, label) in enumerate(zip(data.images, data.target, strict=True)):
        path = folder / f"digit-{number:04d}.png"
        Image.fromarray((pixels * 255 / 16).round().astype(np.uint8)).save(path)
        made.append(_document(path, number, str(label), "image/png"))
    return made


def _train(name, documents, **given):
    module = trainer(name)
    return module.fit(documents, module.read_parameters(given))


def test_digits_are_classified_accurately(digits):
    trained = _train("image_classifier", digits[:1347])
    assert trained.description.accuracy > 0.98
    module = trainer("image_classifier")
    apply = module.read_apply_parameters({})
    said = module.predict(trained.estimator, trained.description, digits[1347:], apply)
    right = [
        one.classification["category"] == document.annotations[0][1]["category"]
        for one, document in zip(said, digits[1347:], strict=True)
    ]
    assert np.mean(right) >= 0.97
    scores = [one.classification["score"] for one in said]
    assert abs(np.mean(scores) - np.mean(right)) < 0.05, "the probabilities say what they mean"


@pytest.mark.parametrize(
    "given", [{"color": True}, {"features": "pixels"}, {"image_size": 9}, {"folds": 2, "seed": 7}]
)
def test_parameters_of_images(digits, given):
    trained = _train("image_classifier", digits[:100], **given)
    module = trainer("image_classifier")
    assert trained.description.parameters == values_of(module.read_parameters(given))
    apply = module.read_apply_parameters({"top": 3})
    (said,) = module.predict(trained.estimator, trained.description, digits[:1], apply)
    assert len(said.key_values) == 3
    assert said.classification["category"] == said.key_values[0]["key"] == "0"


def test_probabilities_are_sorted_and_add_up(digits):
    trained = _train("image_classifier", digits[:100])
    module = trainer("image_classifier")
    apply = module.read_apply_parameters({})
    (said,) = module.predict(trained.estimator, trained.description, digits[3:4], apply)
    values = [item["value"] for item in said.key_values]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(1)
    assert said.classification == {
        "category": said.key_values[0]["key"],
        "score": values[0],
        "accuracy": trained.description.accuracy,
    }


def test_texts_can_be_learned(letters, tmp_path):
    trained = _train("text_classifier", letters)
    module = trainer("text_classifier")
    path = tmp_path / "new.txt"
    path.write_text("the amount you have to pay", encoding="utf-8")
    new = _document(path, 99, None, "text/plain")
    apply = module.read_apply_parameters({})
    (said,) = module.predict(trained.estimator, trained.description, [new], apply)
    assert said.classification["category"] == "invoice"
    assert module.predict(trained.estimator, trained.description, [], apply) == []


def test_the_documentation_says_how_the_model_came_about(letters, tmp_path):
    path = tmp_path / "unsaid.txt"
    path.write_text("?", encoding="utf-8")
    letters = [*letters, _document(path, 50, None, "text/plain")]
    about = _train("text_classifier", letters, seed=3).description
    assert (about.model_type, about.model_module, about.input_types) == (
        "classification", "text_classifier", ("text",),
    )  # fmt: skip
    assert about.model_clazz == "LogisticRegression"
    assert about.categories == ("greeting", "invoice")
    assert 0 <= about.accuracy <= 1
    for fact in (
        f"Accuracy: {about.accuracy:.4f}, by stratified cross-validation in 3 folds "
        "(5 requested, 3 possible).",
        "Documents: 6, skipped without a category: 1.",
        "greeting (3), invoice (3)",
        "seed = 3",
        "Fingerprint of the training set (MD5): ",
        "scikit-learn",
    ):
        assert fact in about.documentation


SCRIPT = """
import sys
from pathlib import Path
from leia_nb import packaging
from leia_nb.service.parameters import values_of
from leia_nb.service.trainers import TrainingDocument, trainer
from leia_nb.service.worker.process import warm
warm()
name, target, *lines = sys.argv[1:]
documents = []
for number, line in enumerate(lines):
    path, md5sum, category = line.split("|")
    said = (("TYPING", {"category": category}),)
    documents.append(TrainingDocument(str(number), Path(path), path, None, md5sum, said))
module = trainer(name)
trained = module.fit(documents, module.read_parameters({}))
packaging.write_model(Path(target), trained.estimator, trained.description)
"""


@pytest.mark.parametrize("name", ["image_classifier", "text_classifier"])
def test_training_twice_gives_the_same_bytes(name, digits, letters, tmp_path):
    documents = digits[:200] if name == "image_classifier" else letters
    lines = [f"{d.path}|{d.md5sum}|{d.annotations[0][1]['category']}" for d in documents]
    targets = [tmp_path / "1.zip", tmp_path / "2.zip"]
    for target, some in zip(targets, (lines, lines[::-1]), strict=True):
        subprocess.run([sys.executable, "-c", SCRIPT, name, str(target), *some], check=True)
    assert targets[0].read_bytes() == targets[1].read_bytes()
    _, about = packaging.load_estimator(targets[0])
    assert about.model_module == name


def test_a_new_seed_and_new_documents_change_the_fingerprint(letters):
    def fingerprint(documents):
        text = _train("text_classifier", documents).description.documentation
        return next(line for line in text.splitlines() if line.startswith("Fingerprint"))

    assert fingerprint(letters) == fingerprint(letters[::-1])
    assert fingerprint(letters) != fingerprint([*letters, letters[0]])


@pytest.mark.parametrize(
    ("categories", "why"),
    [
        ([None, None, None], "None of the 3 documents has a TYPING annotation"),
        (["a", "a", None], "All of the 2 annotated documents have the category 'a'"),
        (["a", "a", "b"], r"1 of 2 categories \(3 annotated documents\) has only one: 'b'"),
        (["a", "b", "c"], "3 of 3 categories"),
        (["", "  ", None], "None of the 3 documents"),
    ],
)
def test_documents_that_cannot_be_trained_on(letters, categories, why):
    documents = [
        _document(document.path, number, category, "text/plain")
        for number, (document, category) in enumerate(zip(letters, categories, strict=False))
    ]
    for refuse in (trainer("text_classifier").check, lambda d: _train("text_classifier", d)):
        with pytest.raises(UnusableDocuments, match=why) as caught:
            refuse(documents)
        assert caught.value.code == "unusable_documents"
        assert "nnotate" in caught.value.message


def test_documents_of_another_kind_are_refused_by_name(letters):
    with pytest.raises(UnusableDocuments, match=r"\.txt\) is text/plain, but image_classifier"):
        trainer("image_classifier").check(letters)


def test_predictions_that_hold_no_category_are_left_out(letters):
    odd = [
        TrainingDocument("1", letters[0].path, "x", None, "1", (("TYPING", said),))
        for said in (None, [], "invoice", {}, {"category": None}, {"category": {}})
    ]
    with pytest.raises(UnusableDocuments, match="None of the 6"):
        trainer("text_classifier").check(odd)


@pytest.mark.parametrize(
    ("kind", "prediction", "expected"),
    [
        ("TYPING", "invoice", "have an unusable prediction: a string (2); expected {"),
        (
            "TYPING",
            {"categorie": "invoice"},
            "prediction: an object with 'categorie' (2); expected",
        ),
        ("TYPING", {"category": None}, "an object with 'category' (null) (2)"),
        ("TEXT", "12.50", "2 TEXT annotations have an unusable prediction: a string (2)"),
    ],
)
def test_unusable_annotations_are_described(letters, kind, prediction, expected):
    module = "text_classifier" if kind == "TYPING" else "key_value_extractor"
    documents = [
        TrainingDocument(str(n), letters[0].path, "x", None, "1", ((kind, prediction),))
        for n in range(2)
    ]
    with pytest.raises(UnusableDocuments) as caught:
        trainer(module).check(documents)
    assert expected in caught.value.message


def test_numbers_are_categories_too(letters):
    documents = [
        TrainingDocument(
            d.id, d.path, d.filename, None, d.md5sum, (("TYPING", {"category": n % 2}),)
        )
        for n, d in enumerate(letters)
    ]
    assert _train("text_classifier", documents).description.categories == ("0", "1")


def test_an_unreadable_document_ends_a_training_by_name(digits, tmp_path):
    path = tmp_path / "broken.png"
    path.write_bytes(b"nothing")
    with pytest.raises(UnreadableDocument, match=r"\(broken.png\) is not a supported image"):
        _train("image_classifier", [*digits[:50], _document(path, 99, "1", "image/png")])


def test_texts_without_words(tmp_path):
    documents = []
    for number in range(4):
        path = tmp_path / f"{number}.txt"
        path.write_text("?!" * (number + 1), encoding="utf-8")
        documents.append(_document(path, number, "ab"[number % 2], "text/plain"))
    with pytest.raises(UnusableDocuments, match="contain no words"):
        _train("text_classifier", documents)
