"""The form that creates a model: checks, sends, shows."""

import pytest

from leia_nb.errors import InvalidInput, InvalidModelFile, ShortNameTaken
from leia_nb.widgets import CreateForm


@pytest.fixture(scope="module")
def model_file(leia_of_examples, tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "digits.zip"
    return leia_of_examples.models.download("digits-v1", path, progress=False)


@pytest.fixture
def form(leia):
    made = CreateForm(leia)
    yield made
    if made.result is not None:
        leia.models.delete(made.result)
    made.close()


def test_the_most_important_fields_come_first(form):
    assert list(form.fields)[:4] == ["file", "name", "short_name", "tags"]
    assert form.form_layout._more_names == set(form.fields) - {"file", "name", "short_name", "tags"}


def test_every_message_before_sending(form, tmp_path):
    form.fill(
        short_name="no short name", ttl="soon", file=tmp_path / "none.zip", name="", tags=None
    )
    with pytest.raises(InvalidInput):
        form.submit()
    assert set(form.errors) == {"file", "name", "short_name", "ttl"}
    assert form.errors["name"] == "Name is empty. Fill it in."
    assert "does not exist in the kernel" in form.errors["file"]
    assert "such as 'digits-v1', got 'no short name'." in form.errors["short_name"]
    assert "must be a whole number of seconds" in form.errors["ttl"]


def test_a_file_that_is_no_zip(form, tmp_path):
    (tmp_path / "text.zip").write_text("text")
    form.fill(file=tmp_path / "text.zip")
    assert "a model file is a zip and starts with PK" in form.check()["file"]


def test_a_zip_that_is_no_model_is_refused_beside_the_field(form, tmp_path):
    (tmp_path / "no-model.zip").write_bytes(b"PK" + bytes(100))
    form.fill(file=tmp_path / "no-model.zip", name="None")
    with pytest.raises(InvalidModelFile):
        form.submit(wait=True)
    (message,) = form.errors.values()
    assert message
    assert form.result is None


def test_a_short_name_that_is_taken_is_shown_at_its_field(form, model_file):
    form.fill(file=model_file, name="Taken", short_name="digits-v1")
    with pytest.raises(ShortNameTaken):
        form.submit(wait=True)
    assert list(form.errors) == ["short_name"]


def test_all_values_arrive(form, leia, model_file):
    values = {
        "file": model_file,
        "name": "A copy",
        "short_name": "a-copy",
        "tags": ["copied", "of digits"],
        "description": "Made by a form",
        "ttl": -1,
        "allow_all_applications": True,
        "application_id": leia.whoami().id,
    }
    model = form.fill(**values).submit(wait=True)
    for name in ("name", "short_name", "description", "ttl", "allow_all_applications"):
        assert getattr(model, name) == values[name], name
    assert set(model.tags) == {"copied", "of digits"}
    assert model.application_id == values["application_id"]
    assert "A copy" in form.result_panel._result.value
    assert form.result == leia.models.get("a-copy")


def test_the_bar_counts_what_is_sent(form, model_file, monkeypatch):
    reported = []

    def report(done, total):
        reported.append((done, total))

    monkeypatch.setattr(form.result_panel, "show_upload", report)
    form.fill(file=model_file, name="Counted").submit(wait=True)
    assert reported[-1] == (model_file.stat().st_size, model_file.stat().st_size)


def test_a_dropped_file_is_sent_and_then_removed(form, model_file):
    form.fields["file"].fill(model_file.read_bytes())
    kept = form.fields["file"].value
    form.fill(name="Dropped").submit(wait=True)
    assert not kept.exists()
    form.again()
    with pytest.raises(InvalidInput, match="was sent and is no longer kept here"):
        form.submit()


def test_code(form, model_file):
    form.fill(file=model_file, name="A copy", tags=["a", "b"])
    assert form.code.endswith(
        f"model = leia.models.create(\n    {str(model_file)!r},\n    'A copy',\n"
        "    tags=['a', 'b'],\n)\nmodel"
    ) or form.code.endswith(
        f"model = leia.models.create({str(model_file)!r}, 'A copy', tags=['a', 'b'])\nmodel"
    )


def test_code_of_a_dropped_file_says_where_to_put_it(form):
    form.fields["file"]._take(form.fields["file"].area.keep("mine.zip", b"PK..."))
    form.fill(name="Mine")
    assert "# mine.zip came from the browser: copy it to where the kernel runs." in form.code
    assert "leia.models.create('mine.zip', 'Mine')" in form.code


def test_code_of_an_empty_form_can_be_read(form):
    compile(form.code, "code", "exec")


def test_code_never_tells_the_key(form, leia):
    assert leia._session._get_api_key() not in form.code
