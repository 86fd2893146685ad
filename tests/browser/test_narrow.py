"""All forms on a narrow screen, with everything unfolded: nothing sticks out sideways."""

import pytest

from .conftest import CONNECT
from .notebook import Notebook, write_notebook

FORMS = ["create()", "train()", "apply()", "edit('digits-v1')", "models()", "jobs()"]
STICKING_OUT = """form => {
  const right = form.getBoundingClientRect().right;
  return [...form.querySelectorAll("*")]
    .filter((one) => one.checkVisibility() && !one.closest(".leia-scroll"))
    .filter((one) => one.getBoundingClientRect().right > right + 1)
    .map((one) => one.outerHTML.slice(0, 200));
}"""
OVERFLOWING = "one => one.scrollWidth - one.clientWidth"


@pytest.fixture(scope="module")
def narrow(lab, lab_page, leia, tmp_path_factory):
    """A notebook with all forms, and a model with as long words as LEIA takes."""
    file = leia.models.download("digits-v1", tmp_path_factory.mktemp("long"), progress=False)
    names = {"short_name": "s" * 60, "tags": ["t" * 60, "u" * 60]}
    model = leia.models.create(file, "n" * 200, **names, progress=False)
    cells = [f"leia.forms.{form}" for form in FORMS]
    write_notebook(lab.folder / "narrow.ipynb", [CONNECT, "leia_nb.login_form()", *cells])
    notebook = Notebook(lab_page, lab, "narrow.ipynb")
    notebook.run_all()
    yield notebook
    notebook.close()
    leia.models.delete(model)


@pytest.mark.parametrize("number", range(1, len(FORMS) + 2), ids=["login", *FORMS])
def test_800_pixels(page, narrow, number, artifacts):
    form = narrow.form(number)
    page.set_viewport_size({"width": 800, "height": 1000})
    for name in ("More", "More filters", "Show code"):
        if form.button(name).count() and form.button(name).is_visible():
            form.click(name)
    page.wait_for_timeout(300)
    form.locator.screenshot(path=artifacts / f"narrow-{number}.png")
    assert form.locator.evaluate(STICKING_OUT) == []
    assert form.locator.evaluate(OVERFLOWING) <= 0
    assert narrow.output(number).evaluate(OVERFLOWING) <= 0
