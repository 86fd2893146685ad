"""The quickstart, run by a person in JupyterLab."""

import shutil

from playwright.sync_api import expect

from .conftest import ROOT

NAME = "00_quickstart.ipynb"


def test_quickstart_runs_and_shows_its_pictures(page, lab, open_notebook, artifacts):
    shutil.copy(ROOT / "notebooks" / NAME, lab.folder)
    notebook = open_notebook(name=NAME)
    notebook.menu("Edit", "Clear Outputs of All Cells")
    notebook.run_all(timeout=180)
    expect(notebook.panel.locator(".jp-RenderedImage img")).to_have_count(2)

    heading = notebook.panel.get_by_role("heading", name="Apply")
    heading.scroll_into_view_if_needed()
    heading.evaluate("element => element.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(1000)  # let JupyterLab lay the cells out that come into view
    page.screenshot(path=artifacts / "quickstart.png")
