"""Applying a model: the table that comes out, and the kernel that stays free meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT


@pytest.fixture
def apply(open_notebook, leia):
    """A notebook with the form, a model and documents filled in by hand."""
    notebook = open_notebook(CONNECT, "form = leia.forms.apply()\nform", "1 + 1")
    notebook.run_cell(0)
    notebook.run_cell(1)
    form = notebook.form(1)
    form.fill("Model", "handwritten DIGITS")
    form.expect_text(re.compile(r"\(digits-v1\): classification"))
    form.fill("Documents tag", "digits-test")
    form.expect_text("20 documents have this tag")
    return notebook


def test_apply_to_documents_and_read_the_table(apply, picture):
    form = apply.form(1)
    form.click("Apply")
    form.expect_text("20 rows")
    expect(form.locator.get_by_role("columnheader", name="category")).to_be_visible()
    picture("apply-result", form)
    shown = apply.run_cell(apply.add_cell("form.result.shape, form.result.columns.tolist()"))
    expect(shown).to_contain_text("((20, 3), ['category', 'score', 'accuracy'])")
    form.click("Show code")
    form.expect_text("leia.models.apply(")


def test_kernel_is_free_while_a_job_goes_on(apply, picture):
    form = apply.form(1)
    form.click("More")
    form.choose("Block processing", "yes")
    form.click("Apply")
    form.expect_text("BLOCKED")
    picture("apply-running", form)
    expect(apply.run_cell(2)).to_contain_text("2")
    form.expect_text("BLOCKED")
    form.click("Start job")
    form.expect_text("20 rows")


def test_cancel_in_the_form(apply):
    form = apply.form(1)
    form.click("More")
    form.choose("Block processing", "yes")
    form.click("Apply")
    form.expect_text("BLOCKED")
    form.click("Cancel job")
    form.expect_message("was canceled")


def test_every_control_has_a_name_and_the_buttons_stand_in_line(apply):
    form = apply.form(1)
    for name in ("Read the list of models again", "Count again"):
        expect(form.button(name)).to_have_accessible_name(name)
    expect(form.field("Documents tag")).to_be_visible()
    tops = {form.button(name).bounding_box()["y"] for name in ("Apply", "Show code", "Copy code")}
    assert len(tops) == 1
