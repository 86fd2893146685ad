"""The field for a model: what it resolves, and what it says when it cannot."""

import pytest

from leia_nb import errors
from leia_nb.widgets.fields import model as model_field
from leia_nb.widgets.fields.model import ModelField


def make(leia, **about):
    return ModelField("model", leia, label="Model", tooltip="The model.", **about)


@pytest.fixture
def field(leia):
    return make(leia)


@pytest.fixture
def digits(leia):
    return leia.models.get("digits-v1")


@pytest.fixture
def copies(leia, digits, tmp_path):
    """Make models out of digits-v1; they go when the test ends."""
    file = leia.models.download(digits, tmp_path / "digits.zip", progress=False)
    made = []

    def copy(name, short_name=None):
        made.append(leia.models.create(file, name, short_name=short_name, progress=False))
        return made[-1]

    yield copy
    for model in made:
        leia.models.delete(model)


def test_a_model_goes_by_name_short_name_id_or_label(field, digits):
    for text in ("Digits", "digits", "digits-v1", digits.id, "Digits (digits-v1)", " digits-v1 "):
        field.fill(text)
        assert (field.value, field.check()) == ("digits-v1", None), text
        assert field.chosen.id == digits.id
        assert field.chosen.is_classifier


def test_a_model_without_short_name_goes_by_its_id(leia, copies):
    made = copies("Nameless")
    field = make(leia)
    field.fill("Nameless")
    assert field.value == made.id


def test_records_and_listings_go_too(leia, field, digits):
    listing = leia.models.list(short_name="digits-v1")
    for value in (digits, listing, listing.iloc[0]):
        field.fill(None)
        assert field.value is None
        field.fill(value)
        assert field.value == "digits-v1"


def test_a_listing_of_several_is_refused(leia, field, copies):
    copies("Another")
    with pytest.raises(errors.InvalidInput, match="Expected one model, got 2"):
        field.fill(leia.models.list())


def test_an_unknown_name_is_said_with_what_is_similar(field):
    field.fill("igit")
    assert field.check() == "No model is named 'igit'. Did you mean 'digits-v1'?"
    field.fill("invoices")
    assert field.check() == (
        "No model is named 'invoices'. Choose one from the list, or refresh it."
    )
    assert field.chosen is None


def test_a_name_of_several_models_is_ambiguous(leia, copies):
    first, second = copies("Twin", "twin-a"), copies("Twin")
    field = make(leia)
    field.fill("Twin")
    message = field.check()
    assert message.startswith("2 models are named 'Twin'. Choose one of them: ")
    assert "'twin-a'" in message
    assert repr(second.id) in message
    field.fill(first.short_name)
    assert field.check() is None


def test_an_exact_name_beats_another_case(leia, copies):
    made = copies("digits", "lower-digits")
    field = make(leia)
    field.fill("digits")
    assert field.chosen.id == made.id


def test_empty_is_refused_only_where_needed(leia, field):
    assert field.check() is None
    assert make(leia, required=True).check() == "Model is empty. Fill it in."


def test_refresh_finds_new_models(field, copies):
    assert field.check() is None
    copies("Fresh", "fresh")
    field.fill("fresh")
    assert field.check() == "No model is named 'fresh'. Choose one from the list, or refresh it."
    field.refresh()
    assert field.check() is None


def test_without_models_it_says_so(leia):
    field = make(leia, list_scope=lambda: {"tags": ["no-such-tag"]})
    field.fill("x")
    assert field.check() == "No model is named 'x'. There are no models yet. Create or train one."


def test_what_is_not_listed_is_left_to_leia(leia, monkeypatch):
    monkeypatch.setattr(model_field, "MOST_LISTED", 1)
    field = make(leia)
    field.fill("far-down-the-list")
    assert (field.value, field.check()) == ("far-down-the-list", None)


def test_an_unreachable_service_is_said_below_the_field(unreachable, until):
    field = make(unreachable)
    field.fill("digits-v1")
    assert (field.value, field.check()) == ("digits-v1", None)
    until(lambda: "could not be listed: Nobody answers there" in field._hint.value)


def test_the_choice_is_described_and_the_search_counted(field, until):
    field.fill("digits-v1")
    until(lambda: "classification, reads image" in field._hint.value)
    field.fill("dig")
    until(lambda: "models match" in field._hint.value)


def test_the_list_offers_labels(field, until):
    until(lambda: "Digits (digits-v1)" in field.control.options)


def test_the_button_refreshes(field, copies, until):
    copies("Clicked", "clicked")
    field.row.children[0].children[1].click()
    until(lambda: "Clicked (clicked)" in field.control.options)
