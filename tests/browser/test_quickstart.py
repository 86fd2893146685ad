"""The quickstart, run by a person in JupyterLab."""

import nbformat
import pytest
from playwright.sync_api import expect

from leia_nb import embedded

from .conftest import ROOT
from .lab import OWN_DATA

NAME = "00_quickstart.ipynb"


@pytest.fixture
def quickstart(lab, open_notebook):
    """The quickstart as it is committed, with a data folder that is empty."""
    content = nbformat.read(ROOT / "notebooks" / NAME, as_version=4)
    content.metadata["kernelspec"]["name"] = OWN_DATA
    nbformat.write(content, lab.folder / NAME)
    yield open_notebook(name=NAME)
    embedded.stop(lab.own_data)


def test_quickstart_runs_and_shows_its_pictures(page, quickstart, artifacts):
    quickstart.menu("Edit", "Clear Outputs of All Cells")
    quickstart.run_all(timeout=180)
    expect(quickstart.panel.locator(".jp-RenderedImage img")).to_have_count(2)

    page.set_viewport_size({"width": 1100, "height": 1350})  # the README's picture
    heading = quickstart.panel.get_by_role("heading", name="Apply")
    for _ in range(4):  # JupyterLab lays cells out as they come into view, and shifts what is below
        heading.evaluate("element => element.scrollIntoView({block: 'start'})")
        page.wait_for_timeout(500)
    page.screenshot(path=artifacts / "quickstart.png")
