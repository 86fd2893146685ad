"""Own estimators, packed: uploaded, applied and refused over HTTP."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from leia_nb import errors, packaging
from leia_nb.packaging import pack
from leia_nb.samples.digits import digits

from .clients import connected
from .service_process import write_model_file

TEXTS = ["please pay the bill", "amount due", "dear Ann", "kind regards"]


@pytest.fixture(scope="module")
def leia(service):
    with connected(service) as opened:
        yield opened


def _text(leia, content):
    return leia.documents.upload(content.encode(), filename="a.txt", progress=False)


def test_a_packed_text_classifier_is_applied(leia):
    own = make_pipeline(CountVectorizer(), MultinomialNB()).fit(TEXTS, ["bill", "bill", "x", "x"])
    model = leia.models.create(
        pack(own, model_type="classification", input_types="text"), "Own texts", progress=False
    )
    assert (model.model_module, model.model_type) == ("packed_classifier", "classification")
    document = _text(leia, "the amount due")
    said = leia.models.apply(model, document, format_type="classification").wait(progress=False)
    assert said["category"].tolist() == ["bill"]
    assert said["score"].iloc[0] == pytest.approx(own.predict_proba(["the amount due"])[0, 0])
    assert np.isnan(said["accuracy"].iloc[0])


def test_a_packed_image_classifier_gets_the_pixels_it_was_fitted_on(leia, tmp_path):
    rows, labels = load_digits(return_X_y=True)
    own = LogisticRegression(max_iter=2000).fit(rows[:300], labels[:300])
    packed = pack(
        own, model_type="classification", input_types="image", image_size=8, white=16,
        accuracy=0.9, path=tmp_path / "own.zip",
    )  # fmt: skip
    model = leia.models.create(packed, "Own digits", progress=False)
    some = [
        leia.documents.upload(digit.png, filename=digit.filename, progress=False)
        for digit in digits()[300:320]
    ]
    said = leia.models.apply(model, some, format_type="classification").wait(progress=False)
    assert said["category"].tolist() == [str(label) for label in own.predict(rows[300:320])]
    assert said["score"].tolist() == pytest.approx(
        own.predict_proba(rows[300:320]).max(axis=1).tolist(), abs=0.05
    )
    assert said["accuracy"].tolist() == [0.9] * 20


def test_a_packed_extractor_tells_values_of_keys(leia):
    own = make_pipeline(CountVectorizer(), MultiOutputClassifier(MultinomialNB()))
    own.fit(TEXTS, np.array([["bill", "1"], ["bill", "1"], ["letter", "2"], ["letter", "2"]]))
    packed = pack(own, model_type="key_value_extraction", input_types="text", keys=["kind", "tray"])
    model = leia.models.create(packed, "Own keys", progress=False)
    said = leia.models.apply(model, _text(leia, "dear Ann")).wait(progress=False)
    assert said[["kind", "tray"]].to_numpy().tolist() == [["letter", "2"]]
    assert 0.5 < said["kind_score"].iloc[0] <= 1


def test_an_image_given_to_a_model_of_texts_fails_with_a_reason(leia):
    own = make_pipeline(CountVectorizer(), MultinomialNB()).fit(TEXTS, list("aabb"))
    model = leia.models.create(
        pack(own, model_type="classification", input_types="text"), "Own", progress=False
    )
    image = leia.documents.upload(digits()[0].png, filename="d.png", progress=False)
    with pytest.raises(errors.LeiaError, match="image/png"):
        leia.models.apply(model, image).wait(progress=False)


def test_packed_models_cannot_be_trained(admin):
    admin.document(b"a text", tags=["packed-training"])
    for module in ("packed_classifier", "packed_extractor"):
        answer = admin.post(f"/model/{module}/train/packed-training")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_trainable")


def test_a_model_of_an_unknown_module_is_refused_and_what_there_is_is_named(admin, tmp_path):
    file = write_model_file(tmp_path / "m.zip", model_module="astrologer")
    answer = admin.post(
        f"/admin/{admin.id}/model", params={"name": "Stars"}, data=file.read_bytes()
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_model_file")
    assert "'astrologer'" in answer.json()["message"]
    assert "image_classifier, " in answer.json()["message"]


def test_hostile_settings_of_a_packed_model_fail_the_job_only(admin, tmp_path):
    said = packaging.ModelDescription(
        "classification", ("image",), "packed_classifier", "X",
        parameters={"reads": "image", "width": 10**9, "height": 10**9},
    )  # fmt: skip
    packaging.write_model(tmp_path / "m.zip", MultinomialNB().fit([[1], [2]], [0, 1]), said)
    model = admin.model(tmp_path / "m.zip")
    image = admin.document(digits()[0].png, filename="d.png")
    job = admin.finished_job(admin.post(f"/model/{model['id']}/apply/{image['id']}").json())
    assert job["status"] == "FAILED"
    assert "got 1000000000" in job["reason"]


def test_categories_that_no_answer_can_carry_fail_the_job_and_nothing_else(admin, tmp_path):
    own = make_pipeline(CountVectorizer(), MultinomialNB())
    own.fit(TEXTS, ["\ud800", "\ud800", "letter", "letter"])
    said = packaging.ModelDescription("classification", ("text",), "packed_classifier", "X")
    packaging.write_model(tmp_path / "m.zip", own, said)
    model, text = admin.model(tmp_path / "m.zip"), admin.document(b"dear Ann")
    job = admin.finished_job(admin.post(f"/model/{model['id']}/apply/{text['id']}").json())
    assert (job["status"], "is not valid JSON" in job["reason"]) == ("FAILED", True)
    assert admin.get("/job").status_code == 200
