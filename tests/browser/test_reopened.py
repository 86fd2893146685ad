"""A notebook with a form, opened again when its kernel is gone."""

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT

TEXT = "run this cell in JupyterLab to use this form"


@pytest.mark.parametrize("kernel", [False, True], ids=["no-kernel", "new-kernel"])
def test_readable_text_stands_where_the_form_was(open_notebook, leia, kernel):
    notebook = open_notebook(CONNECT, "leia.forms.create()")
    notebook.run_all()
    expect(notebook.form(1).locator).to_be_visible()
    expect(notebook.output(1).get_by_text(TEXT)).to_be_hidden()
    notebook.save()
    notebook.close()

    again = open_notebook(name=notebook.name, kernel=kernel)
    shown = again.output(1)
    expect(shown.get_by_text(TEXT)).to_be_visible()
    expect(shown.get_by_text("Error displaying widget")).to_be_hidden()
    expect(shown.get_by_text("Loading widget")).to_be_hidden()
