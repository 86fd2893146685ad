"""Creating a model from a file: chosen or dropped in the browser, or by its path."""

import base64
import re

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT

FILE_SHOWN = re.compile(r"digits\.zip · [\d.,]+ kB · md5 [0-9a-f]{32}")
DROP = """(area, [name, content]) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    area.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def model_file(leia, tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "digits.zip"
    return leia.models.download("digits-v1", path, progress=False)


@pytest.fixture
def create(open_notebook, leia):
    """A notebook with the form."""
    notebook = open_notebook(CONNECT, "form = leia.forms.create()\nform")
    notebook.run_all()
    return notebook


def models(leia, name):
    return leia.models.list(name=name, progress=False)


def test_choose_a_file(create, page, leia, model_file):
    form = create.form(1)
    with page.expect_file_chooser() as chooser:
        form.locator.locator(".leia-choose").click()
    chooser.value.set_files(model_file)
    form.expect_text(FILE_SHOWN)
    form.fill("Name", "Chosen")
    form.fill("Tags", "from-browser,")
    form.click("Create")
    expect(form.locator.locator(".leia-card")).to_contain_text("Chosen")
    made = models(leia, "Chosen")
    assert made["tags"].tolist() == [("from-browser",)]
    assert made["md5sum"].tolist() == [leia.models.get("digits-v1").md5sum]


def test_drop_a_file(create, leia, model_file):
    form = create.form(1)
    content = base64.b64encode(model_file.read_bytes()).decode()
    form.locator.locator(".leia-drop").evaluate(DROP, [model_file.name, content])
    form.expect_text(FILE_SHOWN)
    form.fill("Name", "Dropped")
    form.click("Create")
    expect(form.locator.locator(".leia-card")).to_contain_text("Dropped")


def test_wrong_entries_are_said_at_their_fields_and_nothing_is_sent(create, leia, model_file):
    form = create.form(1)
    form.fill("Model file", "/no/such/file.zip")
    form.fill("Short name", "not a short name")
    form.click("Create")
    form.expect_message("/no/such/file.zip does not exist in the kernel")
    form.expect_message("Name is empty")
    form.expect_message("got 'not a short name'")
    form.fill("Model file", str(model_file))
    form.fill("Name", "Right")
    form.fill("Short name", "digits-v1")
    form.click("Create")
    form.expect_message("'digits-v1' already belongs to another model")
    assert len(models(leia, "Right")) == 0
    form.fill("Short name", "right")
    form.click("Create")
    expect(form.locator.locator(".leia-card")).to_contain_text("Right")


def test_double_click_sends_once(create, leia, model_file):
    form = create.form(1)
    form.fill("Model file", str(model_file))
    form.fill("Name", "Twice")
    form.button("Create").dblclick()
    expect(form.locator.locator(".leia-card")).to_contain_text("Twice")
    expect(form.button("Create")).to_be_disabled()
    assert len(models(leia, "Twice")) == 1
    form.click("Again")
    form.click("Create")
    expect(form.button("Again")).to_be_hidden()
    expect(form.button("Again")).to_be_visible()
    assert len(models(leia, "Twice")) == 2


def test_keyboard_only(create, page, leia, model_file):
    form = create.form(1)
    keys = page.keyboard
    form.field("Model file").focus()
    keys.type(str(model_file))
    form.tab_to(form.field("Name"))
    keys.type("By keys")
    form.tab_to(form.field("Tags"))
    keys.type("keys")
    form.tab_to(form.button("More"))
    keys.press("Space")
    form.tab_to(form.button("Show code"))
    keys.press("Enter")
    form.expect_text("leia.models.create(")
    form.tab_to(form.field("Description"), backwards=True)
    keys.type("Made without a mouse.")
    form.tab_to(form.button("Create"))
    keys.press("Enter")
    expect(form.locator.locator(".leia-card")).to_contain_text("By keys")
    made = models(leia, "By keys").iloc[0]
    assert made["description"] == "Made without a mouse."
    assert made["tags"] == ("keys",)
