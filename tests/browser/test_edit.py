"""Editing a model: the form shows what holds, and saves what is changed."""

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT


@pytest.fixture
def copy(leia, tmp_path):
    file = leia.models.download("digits-v1", tmp_path / "digits.zip", progress=False)
    model = leia.models.create(file, "To be edited", short_name="edited", progress=False)
    yield model
    leia.models.delete(model)


def test_edit(open_notebook, leia, copy):
    notebook = open_notebook(CONNECT, 'form = leia.forms.edit("edited")\nform')
    notebook.run_all()
    form = notebook.form(1)
    expect(form.field("Name")).to_have_value("To be edited")
    form.click("Save")
    form.expect_message("No changes to save")
    form.fill("Name", "Edited")
    form.fill("Keep loaded (ttl)", "soon")
    form.click("Save")
    form.expect_message("must be a whole number of seconds")
    form.fill("Keep loaded (ttl)", "3600")
    form.expect_text("1 h")
    form.choose("Allow all applications", "yes")
    form.click("Save")
    expect(form.locator.locator(".leia-card")).to_contain_text("Edited")
    now = leia.models.get(copy)
    assert (now.name, now.ttl, now.allow_all_applications) == ("Edited", 3600, True)
    assert now.short_name == "edited"
