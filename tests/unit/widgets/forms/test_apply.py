"""The form that applies a model, without a browser: checks, submission, result, code."""

import pandas as pd
import pytest

from leia_nb import errors
from leia_nb.widgets import ApplyForm
from leia_nb.widgets.fields.documents import DROP

NO_ID = "f" * 24


@pytest.fixture
def form(leia):
    made = ApplyForm(leia)
    yield made
    made.close()


@pytest.fixture
def filled(form):
    return form.fill(model="digits-v1", documents="digits-test")


@pytest.fixture
def blocked(leia):
    """A blocked job with two documents."""
    documents = leia.documents.list(tags=["digits-test"], limit=2)
    job = leia.models.apply("digits-v1", documents, block_processing=True)
    yield job
    if not job.refresh().is_over:
        job.cancel()


@pytest.fixture
def extractor(leia, tmp_path):
    """A model that is not a classifier."""
    from sklearn.dummy import DummyClassifier

    from leia_nb import packaging

    description = packaging.ModelDescription(
        model_type="key_value_extraction",
        input_types=("text",),
        model_module="text_classifier",
        model_clazz="DummyClassifier",
        documentation="A model for tests.",
        output_format={"total": "str"},
        accuracy=None,
        categories=None,
    )
    file = tmp_path / "model.zip"
    packaging.write_model(file, DummyClassifier().fit([[0], [1]], ["a", "b"]), description)
    model = leia.models.create(file, "Totals", short_name="totals", progress=False)
    yield model
    leia.models.delete(model)


def shown(widget):
    return widget.layout.display != "none"


# -- fields --------------------------------------------------------------------------------


def test_every_parameter_of_the_call_is_a_field(form):
    assert set(form.fields) == {
        "model", "documents", "format_type", "tag", "execute_after_id", "page_range",
        "block_processing", "save_result", "priority", "model_params", "callback_url",
        "callback_headers", "application_id",
    }  # fmt: skip


def test_the_most_important_fields_come_first(form):
    assert list(form.fields)[:3] == ["model", "documents", "format_type"]
    assert not shown(form.form_layout._more_rows)


def test_every_field_has_a_label_and_a_tooltip(form):
    for field in form.fields.values():
        assert field.label[0].isupper()
        assert field.tooltip.endswith(".")


def test_a_classifier_is_asked_for_classifications(filled):
    assert filled.values["format_type"] == "classification"


def test_another_choice_is_left_alone(form):
    form.fill(format_type=None).fill(model="digits-v1", documents="digits-test")
    assert "format_type" not in form.values


def test_a_choice_made_afterwards_counts(filled):
    assert filled.values["format_type"] == "classification"
    filled.fields["format_type"].control.value = None
    assert "format_type" not in filled.values


def test_no_classifier_is_not_asked_for_classifications(form, extractor):
    form.fill(model="digits-v1")
    assert form.values["format_type"] == "classification"
    form.fill(model="totals")
    form.fields["model"].refresh()
    assert "format_type" not in form.values


# -- checks --------------------------------------------------------------------------------


def messages(form, **values):
    return form.fill(**values).check()


def test_model_and_documents_are_needed(form):
    assert form.check() == {
        "model": "Model is empty. Fill it in.",
        "documents": "Documents: none selected. Enter a tag, select documents, or drop files.",
    }
    with pytest.raises(errors.InvalidInput, match="Model is empty") as caught:
        form.submit()
    assert caught.value.field == "model"
    assert form.job is None


def test_the_message_is_shown_at_the_field(filled):
    messages(filled, model="invoices")
    assert "No model is named" in filled.fields["model"]._message.value
    assert messages(filled, model="digits-v1") == {}
    assert filled.fields["model"]._message.value == ""


def test_page_range_needs_a_job(filled, blocked):
    assert messages(filled, page_range="0,2:5") == {
        "page_range": "Page range selects pages from the result of another job. Choose that job "
        "in Execute after, or leave Page range empty."
    }
    assert messages(filled, execute_after_id=blocked) == {}


def test_a_malformed_page_range_names_its_part(filled, blocked):
    found = messages(filled, page_range="0,x", execute_after_id=blocked)
    assert "'x' (at character 3) is neither a page nor a slice" in found["page_range"]


def test_a_page_range_that_picks_nothing(filled, blocked):
    assert messages(filled, page_range="5:", execute_after_id=blocked) == {
        "page_range": "Page range '5:' selects none of the job's 2 pages. Use page numbers from 0 "
        "to 1."
    }
    assert messages(filled, page_range="-1") == {}


def test_a_message_under_more_unfolds_it(filled):
    messages(filled, page_range="0")
    assert shown(filled.form_layout._more_rows)


def test_tag_needs_one_document(filled):
    assert messages(filled, tag="page") == {
        "tag": "Tag selects documents that were made from one document: expected one document, "
        "got 20. Choose exactly one in Documents, or leave Tag empty."
    }


def test_tag_needs_a_document(form):
    assert messages(form, model="digits-v1", tag="page")["tag"] == (
        "Tag selects documents that were made from one document: expected one document, got 0. "
        "Choose exactly one in Documents, or leave Tag empty."
    )


def test_tag_with_one_document_is_right(leia, filled):
    one = leia.documents.list(tags=["digits-test"], limit=1)
    assert messages(filled, tag="page", documents=one) == {}


def test_classifications_of_no_classifier(leia, extractor):
    form = ApplyForm(leia)
    assert messages(
        form, model="totals", documents="digits-test", format_type="classification"
    ) == {
        "format_type": "Format type 'classification' needs a classifier, but Totals (totals) is of "
        "type key_value_extraction. Set Format type to 'as the model gives it'."
    }


def test_an_unknown_format_type_cannot_be_chosen(form):
    with pytest.raises(errors.InvalidInput, match="format_type cannot be 'table'"):
        form.fill(format_type="table")


def test_an_unknown_job_is_shown(filled):
    found = messages(filled, execute_after_id=NO_ID)
    assert found["execute_after_id"].startswith(f"There is no job '{NO_ID}'.")


def test_model_params_must_be_a_json_object(filled):
    filled.fields["model_params"].control.value = '{"top": }'
    assert "invalid JSON at line 1, column 9" in filled.check()["model_params"]
    filled.fields["model_params"].control.value = "[1]"
    assert "must be a JSON object" in filled.check()["model_params"]
    assert messages(filled, model_params={"top": 2}) == {}


def test_callback_headers_must_be_texts(filled):
    assert messages(filled, callback_headers={"X-Count": 1}) == {
        "callback_headers": "callback_headers must be a dict of strings without line breaks."
    }
    filled.fields["callback_headers"].control.value = "{"
    assert "invalid JSON" in filled.check()["callback_headers"]
    assert messages(filled, callback_headers={"X-Count": "1"}) == {}


def test_callback_url_must_be_an_address(filled):
    assert messages(filled, callback_url="example.org") == {
        "callback_url": "callback_url must be an HTTP(S) URL such as 'https://example.org/jobs', "
        "got 'example.org'."
    }
    assert messages(filled, callback_url="https://example.org/hook") == {}


def test_files_on_their_way_are_waited_for(filled):
    filled.fields["documents"].control.value = DROP
    filled.fields["documents"].dropped.area._handle_custom_msg(
        {"kind": "begin", "file": "1", "name": "slow.png", "size": 10}, []
    )
    assert filled.check() == {"documents": "Files are still being uploaded. Wait a moment."}


def test_there_is_nothing_to_wait_for_in_a_blocked_job(filled):
    filled.fill(block_processing=True)
    with pytest.raises(errors.InvalidInput, match="wait=True would never return") as caught:
        filled.submit(wait=True)
    assert caught.value.field == "block_processing"
    assert filled.job is None


def test_an_unknown_parameter_has_no_field(form):
    with pytest.raises(errors.InvalidInput, match="has no field 'colour'"):
        form.fill(colour="blue")


# -- live help -----------------------------------------------------------------------------


def test_the_page_range_is_read_with_the_pages_of_the_job(filled, blocked, until):
    hint = filled.fields["page_range"]._hint
    filled.fill(page_range="0,1:5")
    assert "of 10 pages it would select: pages 1, 2, 3, 4, 5" in hint.value
    filled.fill(execute_after_id=blocked)
    until(lambda: "pages 1, 2 of 2" in hint.value)
    filled.fill(execute_after_id=None)
    until(lambda: "of 10 pages" in hint.value)


def test_another_application_has_other_lists(leia, form, until):
    form.fill(model="digits-v1", documents="digits-test", application_id=NO_ID)
    assert set(form.check()) == {"model", "documents"}
    form.fill(application_id=leia.application.id)
    assert form.check() == {}


# -- submission ----------------------------------------------------------------------------


def test_submit_and_wait_returns_the_table(leia, filled):
    table = filled.submit(wait=True)
    assert list(table.columns) == ["category", "score", "accuracy"]
    assert list(table.index) == list(leia.documents.list(tags=["digits-test"]).index)
    assert filled.result is table
    assert filled.errors == {}
    assert filled.job.status == "PROCESSED"
    assert "<table" in filled.result_panel._result.value


def test_submit_alone_returns_at_once(filled, until):
    assert filled.submit() is None
    until(lambda: filled.result is not None)
    assert isinstance(filled.result, pd.DataFrame)


def test_two_submissions_at_once_send_once(leia, filled):
    before = len(leia.jobs.list(job_type="predict"))
    filled.submit_button.click()
    filled.submit_button.click()
    filled.submit(wait=True)
    assert len(leia.jobs.list(job_type="predict")) == before + 1
    filled.again().submit(wait=True)
    assert len(leia.jobs.list(job_type="predict")) == before + 2


def test_without_format_type_the_models_own_result(form, leia):
    form.fill(model="digits-v1", documents="digits-test", format_type=None)
    table = form.fill(model_params={"top": 2}).submit(wait=True)
    assert "category" not in table.columns
    assert len(table) == 20


def test_dropped_files_are_applied_to(leia, form):
    documents = leia.documents.list(tags=["digits-test"], limit=1)
    content = leia.documents.contents(documents)
    dropped = form.fill(model="digits-v1").fields["documents"].dropped
    form.fields["documents"].control.value = DROP
    dropped.receive("dropped.png", content)
    assert dropped.wait(60)
    table = form.submit(wait=True)
    assert list(table.index) == list(form.values["documents"])
    leia.documents.delete(table.index[0])


def test_errors_of_leia_are_shown_at_their_field(filled, monkeypatch):
    filled.fill(model_params={"no_such_parameter": 1})
    with pytest.raises(errors.LeiaError) as caught:
        filled.submit(wait=True)
    assert caught.value.field == "model_params"
    assert filled.errors == {"model_params": str(caught.value)}
    assert "no_such_parameter" in filled.fields["model_params"]._message.value


@pytest.mark.parametrize(
    ("said", "field"),
    [("model_id", "model"), ("document_ids", "documents"), ("document_id", "documents")],
)
def test_leias_names_are_those_of_the_form(leia, filled, monkeypatch, said, field):
    def refuse(*_arguments, **_keywords):
        raise errors.BadRequest("LEIA will not.", field=said)

    monkeypatch.setattr(leia.models, "apply", refuse)
    with pytest.raises(errors.BadRequest):
        filled.submit(wait=True)
    assert filled.errors == {field: "LEIA will not."}


def test_documents_that_the_model_cannot_read(leia, filled):
    text = leia.documents.upload(b"no picture", filename="x.txt", progress=False)
    with pytest.raises(errors.UnusableDocuments):
        filled.fill(documents=text).submit(wait=True)
    assert set(filled.errors) == {"documents"}
    leia.documents.delete(text)


def test_a_failed_job_shows_its_reason(leia, filled):
    broken = leia.documents.upload(b"no picture", filename="x.png", progress=False)
    with pytest.raises(errors.JobFailed) as caught:
        filled.fill(documents=broken).submit(wait=True)
    assert caught.value.reason
    assert filled.errors == {"": str(caught.value)}
    assert str(caught.value.job_id) in filled.result_panel._message.value
    leia.documents.delete(broken)


# -- while the job goes on -----------------------------------------------------------------


def test_a_blocked_job_is_started_with_the_button(filled, until):
    filled.fill(block_processing=True).submit()
    until(lambda: shown(filled.start_button))
    until(lambda: "BLOCKED" in filled.result_panel._stage.value)
    filled.start_button.click()
    until(lambda: filled.result is not None)
    assert not shown(filled.start_button)
    assert filled.job.status == "PROCESSED"


def test_a_blocked_job_is_started_by_start(filled, until):
    with pytest.raises(errors.InvalidInput, match="No job has been submitted"):
        filled.start()
    filled.fill(block_processing=True).submit()
    until(lambda: filled.job)
    filled.start()
    until(lambda: filled.result is not None)


def test_a_job_that_is_over_cannot_be_started(filled, until):
    filled.submit(wait=True)
    filled._start()
    assert "is PROCESSED and cannot be started" in filled.result_panel._message.value


def test_the_job_is_canceled_with_the_button(filled, blocked, until):
    filled.fill(execute_after_id=blocked).submit()
    until(lambda: "WAITING" in filled.result_panel._stage.value)
    filled.result_panel.cancel_button.click()
    until(lambda: filled.errors)
    assert "was canceled" in filled.errors[""]
    assert "was canceled" in filled.result_panel._message.value
    assert filled.job.status == "CANCELED"
    assert filled.result is None


def test_a_job_that_waits_goes_on_when_the_other_is_done(filled, blocked, until):
    filled.fill(execute_after_id=blocked, page_range="1")
    filled.submit()
    until(lambda: filled.job)
    blocked.start()
    until(lambda: filled.result is not None)
    assert list(filled.result.index) == [blocked.record.document_ids[1]]


# -- code ----------------------------------------------------------------------------------


def test_the_code_is_the_call(filled, leia):
    assert filled.code == (
        f"import leia_nb\n\nleia = {leia.connect_code}\n"
        "job = leia.models.apply(\n"
        "    'digits-v1',\n"
        "    leia.documents.list(tags=['digits-test'], scope='plain'),\n"
        "    format_type='classification',\n"
        ")\n"
        "job.result()"
    )


def test_the_code_has_every_parameter_that_is_filled_in(filled, blocked):
    filled.fill(
        execute_after_id=blocked,
        page_range="0",
        block_processing=True,
        model_params={"top": 2},
        callback_url="https://example.org/hook",
        callback_headers={"X-Project": "digits"},
    )
    for name in filled.values:
        if name not in ("model", "documents"):
            assert f"    {name}=" in filled.code
    assert filled.code.endswith("job.start()\njob.result()")
    compile(filled.code, "code", "exec")


def test_the_code_of_many_documents_keeps_to_the_page(leia, form):
    documents = leia.documents.list(tags=["digits-train"])
    code = form.fill(model="digits-v1", documents=documents).code
    assert max(map(len, code.splitlines())) <= 100
    compile(code, "code", "exec")
    assert all(document in code for document in documents.index)


def test_the_code_is_shown(filled):
    filled.code_button.value = True
    assert "leia.models.apply" in filled.form_layout._code.value


def test_a_failed_submission_has_no_result(filled):
    filled.submit(wait=True)
    with pytest.raises(errors.LeiaError):
        filled.fill(model_params={"no_such_parameter": 1}).submit(wait=True)
    assert filled.result is None
