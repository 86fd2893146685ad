"""A form or view whose kernel goes, or whose page is loaded again, while it is used."""

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT, wait_for_lab
from .notebook import Notebook, write_notebook

FORM = "form = leia.forms.create()\nform"
VIEW = "view = leia.forms.jobs()\nview"
LARGE = 1_900_000_000  # bytes; more than comes while a test looks
DROP = """(area, size) => {
  const part = new Blob([new Uint8Array(1_000_000)]);
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(Array(size / 1_000_000).fill(part), "large.zip"));
  area.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""
GONE = "its kernel was restarted, stopped or changed. Run the cell again to use it."


def drop_a_large_file(form):
    form.locator.locator(".leia-drop").evaluate(DROP, LARGE)
    form.expect_text("Transferring large.zip")


@pytest.mark.parametrize("end", [Notebook.restart_kernel, Notebook.stop_kernel])
def test_what_to_do_is_said_when_the_kernel_has_gone(open_notebook, leia, page, artifacts, end):
    notebook = open_notebook(CONNECT, FORM, VIEW)
    notebook.run_all()
    form, view = notebook.form(1), notebook.form(2)
    form.fill("Tags", "kept,")
    drop_a_large_file(form)
    end(notebook)
    for one in (form, view):
        one.expect_text(GONE)
    form.expect_text("large.zip: not received because the kernel has stopped.")
    expect(form.locator.get_by_text("Transferring")).to_be_hidden()
    expect(form.locator.locator(".leia-chips li span")).to_have_text(["kept"])
    page.screenshot(path=artifacts / f"kernel-gone-{end.__name__}.png")


def test_the_cells_bring_the_form_back(open_notebook, leia):
    notebook = open_notebook(CONNECT, FORM)
    notebook.run_all()
    notebook.restart_kernel()
    notebook.form(1).expect_text(GONE)
    notebook.run_all()
    form = notebook.form(1)
    expect(form.locator.get_by_text(GONE)).to_be_hidden()
    form.click("Create")
    form.expect_message("Name is empty")


@pytest.fixture
def own_page(browser, lab):
    """JupyterLab in a page of its own, which may be loaded again."""
    page = browser.new_page()
    page.goto(lab.url("lab/workspaces/again") + "&reset")
    wait_for_lab(page)
    yield page
    page.close()


def test_a_file_is_on_its_way_when_the_page_is_loaded_again(own_page, lab, leia):
    write_notebook(lab.folder / "again.ipynb", [CONNECT, FORM])
    notebook = Notebook(own_page, lab, "again.ipynb")
    notebook.run_all()
    notebook.save()
    drop_a_large_file(notebook.form(1))
    own_page.goto(lab.url("lab/workspaces/again"))
    wait_for_lab(own_page)
    form = Notebook(own_page, lab, "again.ipynb").form(1)
    form.expect_message("large.zip was not transferred: The page was reloaded during the transfer.")
    form.click("Create")
    form.expect_message("Name is empty")
    notebook.close()
