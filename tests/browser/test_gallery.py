"""Every form in the light and the dark theme, as pictures for people and for the docs."""

import pytest
from playwright.sync_api import expect

from .conftest import CONNECT
from .notebook import Notebook, write_notebook

CHANGE_THEME = "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })"
FORMS = {
    "login": "leia_nb.login_form()",
    "create": "leia.forms.create()",
    "train": "leia.forms.train()",
    "apply": "leia.forms.apply()",
    "edit": 'leia.forms.edit("digits-v1")',
    "models": "leia.forms.models()",
    "jobs": "leia.forms.jobs()",
}
SEEN = {
    "login": 'fill(url="https://api.leia.io/leia/1.0.0")',
    "create": 'fill(file="digits.zip", name="Digits, a copy", tags=["digits"])',
    "train": 'fill(model_module="image_classifier", documents_tag="digits-train", '
    'model_name="Digits", short_name="digits-v2", tags=["digits"])',
    "apply": 'fill(model="digits-v1", documents="digits-test")',
}
FOLDED = ("create", "train", "apply", "edit")
SHOWN = {"create": "md5", "train": "100 of them annotated", "apply": "20 documents"}


@pytest.fixture(scope="module")
def everything(lab_page, lab, leia):
    """A notebook with all forms, one below the other."""
    leia.models.download("digits-v1", lab.folder / "digits.zip", progress=False)
    cells = [f"form = {code}" for code in FORMS.values()]
    for number, name in enumerate(FORMS):
        cells[number] += f"\nform.{SEEN[name]}" if name in SEEN else ""
    write_notebook(lab.folder / "gallery.ipynb", [CONNECT, *(f"{cell}\nform" for cell in cells)])
    notebook = Notebook(lab_page, lab, "gallery.ipynb")
    notebook.run_all()
    yield {name: notebook.form(number) for number, name in enumerate(FORMS, start=1)}
    notebook.close()


@pytest.fixture
def dark(lab_page):
    lab_page.evaluate(CHANGE_THEME, "JupyterLab Dark")
    expect(lab_page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    yield
    lab_page.evaluate(CHANGE_THEME, "JupyterLab Light")
    expect(lab_page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


@pytest.mark.parametrize("name", FORMS)
def test_light(name, everything, picture):
    if name in SHOWN:
        everything[name].expect_text(SHOWN[name])
    picture(name, everything[name])


@pytest.mark.parametrize("name", FORMS)
def test_dark(name, dark, everything, picture):
    picture(name, everything[name], "dark")


@pytest.fixture
def unfolded(everything):
    """Show what is under "More", and fold it again."""
    opened = []

    def unfold(name):
        everything[name].click("More")
        opened.append(everything[name])
        return everything[name]

    yield unfold
    for form in opened:
        form.click("Less")


@pytest.mark.parametrize("name", FOLDED)
def test_more_light(name, unfolded, picture):
    form = unfolded(name)
    expect(form.button("Less")).to_be_visible()
    picture(f"{name}-more", form)


@pytest.mark.parametrize("name", FOLDED)
def test_more_dark(name, dark, unfolded, picture):
    form = unfolded(name)
    expect(form.button("Less")).to_be_visible()
    picture(f"{name}-more", form, "dark")
