"""The form that edits a model, and its code in a fresh process: they do the same."""

import pytest

from .form_code import run


@pytest.fixture
def leia(leia_of_examples):
    return leia_of_examples


@pytest.fixture
def model(leia, tmp_path):
    path = leia.models.download("digits-v1", tmp_path / "digits.zip", progress=False)
    made = leia.models.create(path, "Before", short_name="edited", ttl=300, progress=False)
    yield made
    leia.models.delete(made)


CHANGES = {
    "name": "After",
    "short_name": "edited-too",
    "description": 'It\'s "new"',
    "ttl": -1,
    "allow_all_applications": True,
}


def test_the_pasted_code_changes_the_same(leia, model, tmp_path):
    form = leia.forms.edit(model).fill(**CHANGES)
    code = form.code
    changed = form.submit(wait=True)
    leia.models.edit(
        model, name="Before", short_name="edited", description="", ttl=300,
        allow_all_applications=False,
    )  # fmt: skip
    pasted = run(code, tmp_path)
    assert pasted == changed
    assert {name: getattr(pasted, name) for name in CHANGES} == CHANGES


def test_the_code_after_saving_still_changes_the_same(leia, model, tmp_path):
    form = leia.forms.edit(model).fill(**CHANGES)
    changed = form.submit(wait=True)
    leia.models.edit(model, name="Before", ttl=300)
    assert run(form.code, tmp_path) == changed


def test_the_pasted_code_clears_the_allowed_applications(leia, model, tmp_path):
    leia.models.edit(model, allowed_application_ids=[leia.whoami().id])
    form = leia.forms.edit("edited")
    form.fields["allowed_application_ids"].control.words = []  # as the chip's button does
    assert run(form.code, tmp_path).allowed_application_ids == ()


def test_two_forms_of_one_model_send_only_their_own_changes(leia, model):
    first, second = leia.forms.edit(model), leia.forms.edit(model)
    first.fill(name="First").submit(wait=True)
    second.fill(ttl=7).submit(wait=True)
    now = leia.models.get(model)
    assert (now.name, now.ttl) == ("First", 7)
