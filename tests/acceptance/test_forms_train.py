"""The form that trains a model, and its code in a fresh process: they do the same."""

import pytest

from .form_code import run
from .service_process import wait_until


@pytest.fixture
def leia(leia_of_forms):
    """The connection; models that a test trains are deleted."""
    before = set(leia_of_forms.models.list().index)
    yield leia_of_forms
    for model in set(leia_of_forms.models.list().index) - before:
        leia_of_forms.models.delete(model)


def test_the_pasted_code_trains_the_same_model(leia, tmp_path):
    form = leia.forms.train().fill(
        model_module="image_classifier",
        documents_tag="digits-train",
        model_name='Digits "by form"',
        description="Two lines:\nthis is the second.",
        tags=["by-form", "2026"],
        ttl=-1,
        model_params={"folds": 3, "seed": 7},
    )
    model = form.submit(wait=True)
    pasted = run(form.code, tmp_path)
    assert pasted.id != model.id
    assert pasted.md5sum == model.md5sum
    for name in ("name", "description", "tags", "ttl", "model_type", "allow_all_applications"):
        assert getattr(pasted, name) == getattr(model, name), name


def test_a_training_after_another_job(leia, tmp_path):
    documents = leia.documents.list(tags=["digits-test"], limit=1)
    before = leia.models.apply("digits-v1", documents, block_processing=True)
    form = leia.forms.train().fill(
        model_module="image_classifier", documents_tag="digits-train", execute_after_id=before
    )
    form.submit()
    wait_until(lambda: "WAITING" in form.result_panel._stage.value)
    before.start()
    wait_until(lambda: form.result is not None)
    assert run(form.code, tmp_path).md5sum == form.result.md5sum


def test_from_dropped_files_to_predictions(leia):
    """Train from files dropped into the form, apply to a dropped file: no other call."""
    sources = leia.documents.list(tags=["digits-train"], limit=40)
    train = leia.forms.train().fill(model_module="image_classifier", documents_tag="dropped-train")
    dropped = train.fields["documents_tag"].dropped
    for document in sources.index:
        dropped.receive(sources.loc[document, "filename"], leia.documents.contents(document))
    assert dropped.wait(120)
    said = leia.annotations.list().set_index("document_id")["prediction"]
    for source, made in zip(sources.index, dropped.documents, strict=True):
        leia.annotations.create(made, "TYPING", said[source])
    model = train.fill(model_name="Dropped").submit(wait=True)

    apply = leia.forms.apply().fill(model=model)
    apply.fields["documents"].control.value = "Drop files"
    apply.fields["documents"].dropped.receive("one.png", leia.documents.contents(sources.index[0]))
    assert apply.fields["documents"].dropped.wait(60)
    table = apply.submit(wait=True)
    assert table["category"].tolist() == [said[sources.index[0]]["category"]]
    for document in [*leia.documents.list(tags=["dropped-train"]).index, *table.index]:
        leia.documents.delete(document)
