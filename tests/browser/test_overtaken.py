"""What is done in the browser while a part of it waits in a busy kernel.

Where kernels have subshells, the first message of each widget goes to the kernel's main thread,
where a cell may be running, and later ones to another thread: so these overtake those.
"""

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT
from .form import FormOnPage

BUSY = "import pathlib, time\n\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.05)"


@pytest.fixture
def go(lab):
    """The file that ends the busy cell."""
    path = lab.folder / "go"
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def opened(open_notebook, leia, go):
    """Open a form or view as the second cell; the third one is busy until it is told to go."""

    def start(code):
        notebook = open_notebook(CONNECT, code, BUSY)
        for cell in (0, 1):
            notebook.run_cell(cell)
        return notebook

    return start


def test_a_click_waits_for_words_that_were_typed_before_it(opened, leia, page, go):
    notebook = opened("leia.forms.train()")
    form = notebook.form(1)
    form.click("Train")  # from now on the button is heard while a cell runs, the words are not
    form.expect_message("Documents tag is empty.")
    form.fill("Model module", "image_classifier")
    form.fill("Documents tag", "digits-train")
    form.fill("Short name", "overtaken")
    notebook.start_cell(2)
    form.field("Tags").click()
    page.keyboard.type("keys\nmice\nscreens")
    form.click("Train")
    expect(form.button("Train")).to_be_disabled()
    form.expect_text("Waiting for your latest input to reach the kernel")
    expect(form.button("Cancel job")).to_be_hidden()
    go.touch()
    expect(form.locator.locator(".leia-card")).to_be_visible(timeout=60_000)
    assert leia.models.get("overtaken").tags == ("keys", "mice", "screens")


def test_a_button_of_a_view_waits_for_ticks_that_were_made_before_it(opened, go):
    notebook = opened("leia.forms.jobs()")
    view = FormOnPage(notebook.output(1).locator(".leia-form").first)
    boxes = view.locator.locator("tbody").get_by_role("checkbox")
    expect(boxes.first).to_be_visible()
    notebook.start_cell(2)
    boxes.first.click()
    view.click("Open result")
    expect(view.button("Close")).to_be_hidden()
    go.touch()
    expect(view.button("Close")).to_be_visible()
