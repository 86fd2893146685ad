"""The form that edits a model: shows what holds, sends only what is changed."""

import pytest

from leia_nb.errors import InvalidInput, ShortNameTaken, UnknownModel
from leia_nb.widgets import EditForm

OTHER = "0123456789abcdef01234567"


@pytest.fixture(scope="module")
def model_file(leia_of_examples, tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "digits.zip"
    return leia_of_examples.models.download("digits-v1", path, progress=False)


@pytest.fixture
def model(leia, model_file):
    made = leia.models.create(
        model_file,
        "Before",
        short_name="before",
        description="As it was",
        ttl=300,
        allow_all_applications=False,
        progress=False,
    )
    yield made
    leia.models.delete(made)


@pytest.fixture
def form(leia, model):
    made = EditForm(leia, model)
    yield made
    made.close()


def test_the_fields_show_what_holds(form):
    shown = {name: field.value for name, field in form.fields.items()}
    assert shown == {
        "model": "before",
        "name": "Before",
        "short_name": "before",
        "description": "As it was",
        "ttl": 300,
        "allowed_application_ids": (),
        "allow_all_applications": False,
        "cores": None,
        "memory": None,
        "always_on_workers": None,
        "application_id": None,
    }


def test_what_a_model_needs(leia, model):
    form = EditForm(leia, model).fill(cores=0.5, memory="2", always_on_workers=0)
    edited = form.submit(wait=True)
    assert (edited.cores, edited.memory, edited.always_on_workers) == (0.5, 2.0, 0)
    assert "cores=0.5" in form.code
    form.close()


@pytest.mark.parametrize("how", ["id", "short_name", "record"])
def test_a_model_by(leia, model, how):
    given = model if how == "record" else getattr(model, how)
    form = EditForm(leia, given)
    assert form.record.id == model.id
    form.close()


def test_an_unknown_model(leia):
    with pytest.raises(UnknownModel):
        EditForm(leia, "no-such-model")


def test_it_edits_one_model_only(form, model):
    assert form.fill(model=model.id) is form
    with pytest.raises(
        InvalidInput,
        match="This form edits the model before",
    ):
        form.fill(model="digits-v1")


def test_nothing_changed_is_nothing_to_send(form):
    with pytest.raises(InvalidInput, match="No changes to save"):
        form.submit()
    assert "No changes to save" in form.result_panel._message.value
    form.fill(name="After")
    assert form.result_panel._message.value == ""


def test_only_what_is_changed_is_sent(form, leia, monkeypatch):
    sent = []
    edit = leia.models.edit
    monkeypatch.setattr(
        leia.models, "edit", lambda model, **given: sent.append(given) or edit(model, **given)
    )
    form.fill(name="After", ttl=300).submit(wait=True)
    assert sent == [{"name": "After"}]
    assert leia.models.get("before").name == "After"


def test_all_values_arrive(form, leia):
    values = {
        "name": "After",
        "short_name": "after",
        "description": "As it is",
        "ttl": -1,
        "allow_all_applications": True,
    }
    model = form.fill(**values).submit(wait=True)
    assert {name: getattr(model, name) for name in values} == values
    assert "After" in form.result_panel._result.value


def test_after_saving_the_form_shows_what_holds_then(form):
    form.fill(name="After", short_name="after").submit(wait=True)
    assert form.values == {"model": "after"}
    form.fill(name="Later").submit(wait=True)
    assert form.result.name == "Later"


def test_allowed_applications_are_cleared(leia, model):
    own = leia.whoami().id
    leia.models.edit(model, allowed_application_ids=[own])
    form = EditForm(leia, model)
    assert form.fields["allowed_application_ids"].value == (own,)
    form.fields["allowed_application_ids"].fill(None)
    assert form.values == {"model": "before", "allowed_application_ids": ()}
    assert "allowed_application_ids=[]" in form.code
    assert form.submit(wait=True).allowed_application_ids == ()
    form.close()


def test_a_description_is_taken_away(form):
    assert form.fill(description=None).values["description"] == ""
    assert not form.submit(wait=True).description


def test_what_was_saved_is_not_saved_again(form):
    form.fill(name="After").submit(wait=True)
    assert form.submit_button.disabled
    assert form.submit(wait=True).name == "After"
    form.fill(name="Later")
    assert not form.submit_button.disabled


@pytest.mark.parametrize("name", ["name", "short_name", "ttl", "allow_all_applications"])
def test_what_cannot_be_taken_away(form, name):
    form.fill(**{name: None})
    label = form.fields[name].label
    assert form.check() == {name: f"{label} cannot be cleared in LEIA. Enter another value."}


def test_wrong_entries_are_shown_at_their_fields(form):
    form.fill(short_name="no short name", ttl="soon")
    assert set(form.check()) == {"short_name", "ttl"}


def test_a_short_name_that_is_taken(form):
    with pytest.raises(ShortNameTaken):
        form.fill(short_name="digits-v1").submit(wait=True)
    assert list(form.errors) == ["short_name"]


def test_an_application_that_does_not_exist(form):
    form.fill(allowed_application_ids=[OTHER])
    with pytest.raises(Exception, match=OTHER):
        form.submit(wait=True)
    assert form.errors


def test_code(form):
    form.fill(name="It's new", ttl=-1)
    assert form.code.endswith(
        "model = leia.models.edit('before', name=\"It's new\", ttl=-1)\nmodel"
    )
