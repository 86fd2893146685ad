"""The form that trains a model, without a browser: checks, submission, result, code."""

import pytest

from leia_nb import errors
from leia_nb.widgets import TrainForm

NO_ID = "f" * 24


@pytest.fixture
def form(leia):
    made = TrainForm(leia)
    yield made
    made.close()


@pytest.fixture
def filled(form):
    return form.fill(model_module="image_classifier", documents_tag="digits-train")


@pytest.fixture
def blocked(leia):
    """A blocked job."""
    documents = leia.documents.list(tags=["digits-test"], limit=1)
    job = leia.models.apply("digits-v1", documents, block_processing=True)
    yield job
    if not job.refresh().is_over:
        job.cancel()


@pytest.fixture
def fresh(leia):
    """Delete the documents that a test tags with `fresh-train`."""
    yield
    for document in leia.documents.list(tags=["fresh-train"]).index:
        leia.documents.delete(document)


@pytest.fixture
def trained(leia):
    """Delete the models that a test trains."""
    before = set(leia.models.list().index)
    yield
    for model in set(leia.models.list().index) - before:
        leia.models.delete(model)


def messages(form, **values):
    return form.fill(**values).check()


# -- fields --------------------------------------------------------------------------------


def test_every_parameter_of_the_call_is_a_field(form):
    assert set(form.fields) == {
        "model_module", "documents_tag", "model_name", "short_name", "description", "ttl", "tags",
        "allowed_application_ids", "allow_all_applications", "execute_after_id", "model_params",
        "callback_url", "callback_headers", "application_id",
    }  # fmt: skip


def test_the_most_important_fields_come_first(form):
    assert list(form.fields)[:3] == ["model_module", "documents_tag", "model_name"]


def test_every_field_has_a_label_and_a_tooltip(form):
    for field in form.fields.values():
        assert field.label[0].isupper()
        assert field.tooltip.endswith(".")


def test_the_tag_tells_how_many_documents_and_annotations(filled, until):
    hint = filled.fields["documents_tag"]._hint
    until(lambda: "100 documents have this tag, 100 of them annotated" in hint.value)


def test_documents_without_annotations_show_as_such(leia, form, fresh, until):
    leia.documents.upload(b"x", filename="x.txt", tags=["fresh-train"], progress=False)
    form.fill(documents_tag="fresh-train")
    hint = form.fields["documents_tag"]._hint
    until(lambda: "1 document has this tag, 0 of them annotated" in hint.value)


def test_tags_in_use_are_offered(form, until):
    until(lambda: "digits-train" in form.fields["documents_tag"].control.options)


def test_dropped_files_get_the_tag(leia, form, fresh, until):
    field = form.fill(documents_tag="fresh-train").fields["documents_tag"]
    assert field.empty
    field.dropped.receive("new.txt", b"new")
    assert field.dropped.wait(60)
    until(lambda: not field.empty)
    assert list(leia.documents.list(tags=["fresh-train"])["filename"]) == ["new.txt"]
    assert not form.check().get("documents_tag")


def test_the_drop_area_unfolds(form):
    field = form.fields["documents_tag"]
    assert field.dropped.box.layout.display == "none"
    field._drop.value = True
    assert field.dropped.box.layout.display is None


# -- checks --------------------------------------------------------------------------------


def test_module_and_tag_are_needed(form):
    assert form.check() == {
        "model_module": "Model module is empty. Fill it in.",
        "documents_tag": "Documents tag is empty. Fill it in.",
    }
    with pytest.raises(errors.InvalidInput):
        form.submit()
    assert form.job is None


def test_a_module_that_cannot_be_trained(filled):
    modules = ", ".join(filled.leia.health()["model_modules"])
    assert messages(filled, model_module="astrologer") == {
        "model_module": f"The service cannot train 'astrologer'. Choose from {modules}."
    }


def test_a_tag_that_nothing_carries(filled, blocked):
    assert messages(filled, documents_tag="no-such-tag") == {
        "documents_tag": "No document has the tag 'no-such-tag'. Upload documents with it, or "
        "enter another tag."
    }
    assert messages(filled, execute_after_id=blocked) == {}


def test_a_tag_that_nothing_carries_is_shown_once(filled, until):
    field = filled.fields["documents_tag"]
    assert messages(filled, documents_tag="no-such-tag")
    until(lambda: "No document has the tag" in field._hint.value)
    until(lambda: field._hint.layout.display == "none")
    assert field._message.layout.display is None
    assert messages(filled, documents_tag="digits-train") == {}
    until(lambda: "documents have this tag" in field._hint.value)
    until(lambda: field._hint.layout.display is None)


def test_a_tag_with_a_slash(filled):
    assert messages(filled, documents_tag="a/b") == {
        "documents_tag": "The tag 'a/b' contains a '/'. Use a tag without it."
    }


def test_a_short_name_of_wrong_form(filled):
    found = messages(filled, short_name="two words")
    assert found["short_name"].endswith("such as 'digits-v1', got 'two words'.")


def test_ttl_must_be_a_number(filled):
    assert "must be a whole number of seconds" in messages(filled, ttl="soon")["ttl"]
    assert messages(filled, ttl=-1) == {}
    assert "no limit" in filled.fields["ttl"]._hint.value


def test_model_params_must_be_json(filled):
    filled.fields["model_params"].control.value = "{'folds': 3}"
    assert "invalid JSON at line 1, column 2" in filled.check()["model_params"]


def test_callbacks_are_checked(filled):
    found = messages(filled, callback_url="ftp://x", callback_headers={"a": 1})
    assert set(found) == {"callback_url", "callback_headers"}


def test_an_unknown_job_is_shown(filled):
    assert set(messages(filled, execute_after_id=NO_ID)) == {"execute_after_id"}


# -- submission ----------------------------------------------------------------------------


def test_submit_and_wait_returns_the_model(leia, filled, trained):
    model = filled.fill(
        model_name="Trained by a form",
        short_name="formed",
        tags=["of-form"],
        description="Made in a test.",
        ttl=300,
        allow_all_applications=True,
        allowed_application_ids=[leia.application.id],
        model_params={"folds": 3},
    ).submit(wait=True)
    assert filled.result is model
    assert (model.name, model.short_name, model.tags) == (
        "Trained by a form",
        "formed",
        ("of-form",),
    )
    assert (model.description, model.ttl, model.allow_all_applications) == (
        "Made in a test.",
        300,
        True,
    )
    assert filled.job.status == "PROCESSED"
    assert "Trained by a form" in filled.result_panel._result.value


@pytest.mark.parametrize(
    ("values", "field", "error"),
    [
        ({"short_name": "digits-v1"}, "short_name", errors.ShortNameTaken),
        ({"model_params": {"colour": "blue"}}, "model_params", errors.InvalidParameters),
        ({"documents_tag": "digits-test"}, "documents_tag", errors.UnusableDocuments),
        (
            {"allowed_application_ids": [NO_ID]},
            "allowed_application_ids",
            errors.LeiaError,
        ),
        ({"application_id": NO_ID}, "application_id", errors.UnknownApplication),
    ],
)
def test_errors_of_leia_are_shown_at_their_field(filled, values, field, error):
    if "application_id" in values:
        filled.fields[
            "documents_tag"
        ].tagged._list_scope = dict  # LEIA is to be the one that refuses
    with pytest.raises(error) as caught:
        filled.fill(**values).submit(wait=True)
    assert filled.errors == {field: str(caught.value)}
    assert filled.fields[field]._message.value


def test_the_training_is_canceled_with_the_button(filled, blocked, until):
    filled.fill(execute_after_id=blocked).submit()
    until(lambda: "WAITING" in filled.result_panel._stage.value)
    filled.result_panel.cancel_button.click()
    until(lambda: "was canceled" in filled.result_panel._message.value)
    assert filled.result is None


def test_a_training_that_fails_shows_its_reason(filled, blocked, until):
    filled.fill(execute_after_id=blocked).submit()
    until(lambda: filled.job)
    blocked.cancel()
    until(lambda: blocked.id in filled.result_panel._message.value)
    assert "failed" in filled.errors[""]


# -- code ----------------------------------------------------------------------------------


def test_the_code_is_the_call(leia, filled):
    assert filled.code == (
        f"import leia_nb\n\nleia = {leia.connect_code}\n"
        "job = leia.models.train('image_classifier', 'digits-train')\n"
        "job.result()"
    )


def test_the_code_has_every_parameter_that_is_filled_in(filled, blocked):
    filled.fill(
        model_name="Digits",
        short_name="digits-v2",
        tags=["a", "b"],
        description="One 'quoted' word.",
        ttl=-1,
        allow_all_applications=False,
        execute_after_id=blocked,
        model_params={"folds": 3},
    )
    for name in filled.values:
        if name not in ("model_module", "documents_tag"):
            assert f"    {name}=" in filled.code
    compile(filled.code, "code", "exec")
