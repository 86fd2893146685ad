"""What people should not do, done in the browser: markup as names, secrets, many files."""

import json

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT

NASTY = "<img src=x onerror=\"document.title='canary'\">'\"\\{x}"
TAG = "<b>hostile"
DROP_MANY = """(area, count) => {
  const dataTransfer = new DataTransfer();
  for (let number = 0; number < count; number++)
    dataTransfer.items.add(new File([`letter ${number}`], `${number}-<i>.txt`));
  for (const kind of ["dragenter", "dragover", "drop"])
    area.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def nasty(leia, tmp_path_factory):
    """A model and a document whose names and tags would be HTML."""
    file = leia.models.download("digits-v1", tmp_path_factory.mktemp("nasty"), progress=False)
    model = leia.models.create(file, NASTY, description=NASTY, tags=[TAG], progress=False)
    leia.documents.upload(b"text", filename=f"{NASTY}.txt", tags=[TAG], progress=False)
    return model


def test_markup_is_text_wherever_it_is_shown(open_notebook, page, nasty):
    notebook = open_notebook(
        CONNECT,
        f"leia.forms.models(tags=[{TAG!r}])",
        f"leia.forms.edit({nasty.id!r}, name={NASTY + '!'!r})",
        f"leia.forms.apply(model={nasty.id!r}, documents={TAG!r})",
        f"leia.models.get({nasty.id!r})",
        f"leia.forms.train(documents_tag={TAG!r}, model_name={NASTY!r}, tags=[{TAG!r}])",
    )
    notebook.run_all()
    expect(notebook.output(1).locator("table.leia-table")).to_contain_text(NASTY)
    notebook.form(2).click("Show code")
    notebook.form(2).click("Save")
    notebook.form(2).expect_text(f"{NASTY}!")
    apply = notebook.form(3)
    apply.click("Choose")
    apply.click("Apply")
    apply.click("Show code")
    expect(notebook.output(4)).to_contain_text(NASTY)
    train = notebook.form(5)
    train.click("Train")
    train.expect_message("Model module is empty")
    train.click("Show code")
    assert "canary" not in page.title()
    assert notebook.panel.locator("img[src=x]").count() == 0
    assert notebook.panel.locator(".leia-form b:has-text('hostile')").count() == 0


def test_typed_secrets_are_not_in_the_saved_notebook(open_notebook, lab, leia):
    notebook = open_notebook(CONNECT, "form = leia.forms.apply()\nform")
    notebook.run_all()
    form = notebook.form(1)
    form.click("More")
    form.fill("Callback headers", '{"Authorization": "Bearer canary-typed"}')
    expect(form.field("Callback headers")).to_have_value('{"Authorization": "•••"}')
    form.fill("Callback URL", "https://me:canary-typed@example.org/")
    expect(form.field("Callback URL")).to_have_value("https://me:•••@example.org/")
    form.click("Show code")
    form.expect_text("os.environ['CALLBACK_HEADERS_AUTHORIZATION']")
    notebook.menu("Settings", "Save Widget State Automatically")
    try:
        saved = notebook.save()
    finally:
        notebook.menu("Settings", "Save Widget State Automatically")
    assert "application/vnd.jupyter.widget-state+json" in json.loads(saved)["metadata"]["widgets"]
    assert "canary-typed" not in saved + lab.said()
    shown = notebook.run_cell(notebook.add_cell("len(form.values['callback_headers'])"))
    expect(shown).to_contain_text("1")


def test_many_files_dropped_twice(open_notebook, leia):
    notebook = open_notebook(CONNECT, "form = leia.forms.apply()\nform")
    notebook.run_all()
    form = notebook.form(1)
    form.click("Drop files")
    area = form.locator.locator(".leia-drop")
    area.evaluate(DROP_MANY, 40)
    area.evaluate(DROP_MANY, 20)
    form.expect_text("60 files uploaded: 0-<i>.txt, 1-<i>.txt, 2-<i>.txt …")


def test_ticks_carry_over_pages(open_notebook, leia, nasty, tmp_path):
    file = leia.models.download("digits-v1", tmp_path, progress=False)
    for number in range(12):
        leia.models.create(file, f"Page {number:02}", tags=["pages"], progress=False)
    notebook = open_notebook(
        CONNECT, "view = leia.forms.models(tags=['pages'])\nview.sort = 'name'\nview"
    )
    notebook.run_all()
    view = notebook.output(1).locator(".leia-form").first
    rows = view.locator("table.leia-table tbody tr")
    expect(rows).to_have_count(10)
    view.get_by_role("checkbox", name="Select Page 03").click()
    view.get_by_role("button", name="Next", exact=True).click()
    expect(rows).to_have_count(2)
    expect(view.get_by_text("Models 11 to 12 of 12 · 1 selected on other pages")).to_be_visible()
    view.get_by_role("checkbox", name="Select all rows shown").click()
    view.get_by_role("button", name="Delete", exact=True).click()
    expect(view.get_by_text("Delete 3 models: Page 10, Page 11, Page 03?")).to_be_visible()
    view.get_by_role("button", name="Yes, delete", exact=True).click()
    expect(view.get_by_text("9 models")).to_be_visible()
