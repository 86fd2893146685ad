"""Words as chips: typed fast, taken out by keyboard, filled from Python."""

import time

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT
from .notebook import PATIENCE

FORM = "form = leia.forms.train()\nform"
TAGS = 'form.fields["tags"].value'
BUSY = "import time\n\ntime.sleep(2)"
FILL = 'form.fill(tags=["a,b", "c"]);'


@pytest.fixture
def train(open_notebook, leia):
    """A notebook with a form that has tags."""
    notebook = open_notebook(CONNECT, FORM, TAGS, BUSY, FILL)
    notebook.run_cell(0)
    notebook.run_cell(1)
    return notebook


def chips(form):
    return form.locator.locator(".leia-chips:visible li span")


def tags(notebook):
    """Return what the kernel has, as text; nothing while the answer is on its way."""
    said = notebook.run_cell(2).locator(".jp-OutputArea-output").all_inner_texts()
    return [text.strip() for text in said]


def expect_tags(notebook, words):
    """Ask the kernel until it has these.

    Jupyter's widgets hold a change back while the one before is under way; a cell that is
    run meanwhile overtakes it.
    """
    end = time.monotonic() + PATIENCE
    while (said := tags(notebook)) != [words]:
        assert time.monotonic() < end, f"the kernel still has {said}"


def test_typed_fast_and_entered(train, page):
    form = train.form(1)
    form.field("Tags").click()
    page.keyboard.type("keys\nmice,screens\nkeys\nand more")
    expect(chips(form)).to_have_text(["keys", "mice", "screens"])
    expect(form.field("Tags")).to_have_value("and more")
    expect_tags(train, "('keys', 'mice', 'screens', 'and more')")
    expect(chips(form)).to_have_text(["keys", "mice", "screens"])


def test_typed_fast_while_the_kernel_is_busy(train, page):
    form = train.form(1)
    train.start_cell(3)
    form.field("Tags").click()
    page.keyboard.type("keys\nmice\nscr")
    expect(chips(form)).to_have_text(["keys", "mice"])
    form.click("Show code")
    form.expect_text("tags=['keys', 'mice', 'scr']")
    expect(form.field("Tags")).to_have_value("scr")


def test_taken_out_with_the_keyboard_only(train, page):
    form = train.form(1)
    form.field("Tags").focus()
    page.keyboard.type("one,two,three,four,")
    page.keyboard.press("Backspace")
    expect(chips(form)).to_have_text(["one", "two", "three"])
    form.tab_to(form.button("Take two out"))
    page.keyboard.press("Enter")
    expect(form.button("Take three out")).to_be_focused()
    page.keyboard.press("Delete")
    expect(form.button("Take one out")).to_be_focused()
    expect(chips(form)).to_have_text(["one"])
    page.keyboard.press("Space")
    expect(form.field("Tags")).to_be_focused()
    expect(chips(form)).to_have_count(0)
    expect_tags(train, "()")


def test_filled_from_python(train):
    form = train.form(1)
    train.run_cell(4)
    expect(chips(form)).to_have_text(["a,b", "c"])
    expect(form.field("Tags")).to_have_attribute("title", "Tags of the new model. Empty: none.")
