"""The views of models and jobs, as a person uses them: mouse, keyboard, themes."""

import re

import pytest
from playwright.sync_api import expect

from .form import FormOnPage

CONNECT = "import leia_nb\n\nleia = leia_nb.connect()"
NAME = "<script>alert('canary')</script>"


@pytest.fixture(scope="session")
def copies(leia, tmp_path_factory):
    """Twelve models with the tag `copy`, one with a name that would be HTML."""
    folder = tmp_path_factory.mktemp("copies")
    file = leia.models.download("digits-v1", folder, progress=False)
    names = [f"Copy {number:02}" for number in range(11)] + [NAME]
    return [leia.models.create(file, name, tags=["copy"], progress=False) for name in names]


class View(FormOnPage):
    """A view below a cell."""

    def __init__(self, notebook, number):
        super().__init__(notebook.output(number).locator(".leia-form").first)
        expect(self.table).to_be_visible(timeout=60_000)

    @property
    def table(self):
        return self.locator.locator("table.leia-table")

    @property
    def rows(self):
        return self.table.locator("tbody tr")

    def tick(self, label):
        box = self.table.get_by_role("checkbox", name=label)
        box.click()
        expect(box).to_be_checked()

    def head(self, name):
        return self.table.get_by_role("columnheader").get_by_role("button", name=name)

    @property
    def inner(self):
        """The form that is open inside the view."""
        return FormOnPage(self.locator.locator(".leia-form"))


@pytest.fixture
def models(open_notebook, copies):
    """The view of the models, showing the copies."""
    notebook = open_notebook(CONNECT, 'view = leia.forms.models()\nview.sort = "name"\nview')
    notebook.run_all()
    view = View(notebook, 1)
    view.notebook = notebook
    view.fill("Tags", "copy")
    expect(view.rows.filter(has_text="copy")).to_have_count(10)
    return view


@pytest.fixture
def jobs(open_notebook, leia):
    """The view of the jobs."""
    notebook = open_notebook(CONNECT, "view = leia.forms.jobs()\nview")
    notebook.run_all()
    view = View(notebook, 1)
    view.notebook = notebook
    return view


@pytest.fixture
def dark(page):
    """JupyterLab's dark theme."""
    yield _theme(page, "JupyterLab Dark")
    _theme(page, "JupyterLab Light")


def _theme(page, name):
    page.evaluate(
        "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })", name
    )
    light = "true" if name.endswith("Light") else "false"
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light)


def test_browse_filter_sort(models, picture):
    expect(models.rows.first).to_contain_text(NAME)
    picture("models-browse", models)
    models.click("Next")
    expect(models.rows).to_have_count(2)
    expect(models.rows.last).to_contain_text("Copy 10")
    models.head("name").click()
    expect(models.rows.first).to_contain_text("Copy 10")
    expect(models.field("Direction")).to_have_value("descending")
    models.fill("Name", "Copy 03")
    expect(models.rows).to_have_count(1)
    models.click("More filters")
    models.fill("Created before", "someday")
    models.expect_message("Created before 'someday' is not a valid time.")
    models.fill("Created before", "2020-01-01")
    models.expect_text("No models match these filters.")
    models.click("Clear filters")
    expect(models.rows).to_have_count(10)


def test_names_are_not_run(models):
    said = []
    models.page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.dismiss())
    models.tick(f"Select {NAME}")
    models.click("Delete")
    models.expect_text(f"Delete 1 model: {NAME}?")
    models.click("Keep")
    models.expect_text(f"Kept {NAME}.")
    assert said == []
    assert models.locator.locator("script").count() == 0


def test_edit_and_tag(models, leia, picture):
    models.tick("Select Copy 01")
    models.click("Tag")
    models.fill("Tag", "seen")
    models.click("Add tag")
    models.expect_text("Tagged Copy 01.")
    models.click("Edit")
    expect(models.inner.field("Name")).to_have_value("Copy 01")
    models.inner.fill("Name", "Copy 01 edited")
    picture("models-edit", models)
    models.inner.locator.get_by_role("button").first.click()
    models.inner.expect_text(re.compile("Copy 01 edited"))
    models.click("Close")
    expect(models.rows.filter(has_text="Copy 01 edited")).to_have_count(1)
    edited = leia.models.list(name="Copy 01 edited")
    assert edited["tags"].tolist() == [("copy", "seen")]


def test_apply_opens_with_the_model(models, picture):
    models.tick("Select Copy 02")
    models.click("Apply")
    expect(models.inner.locator).to_be_visible()
    models.inner.expect_text(re.compile("Copy 02"))
    picture("models-apply", models)


def test_download(models, lab):
    models.tick("Select Copy 02")
    models.click("Download")
    models.fill("Save in", "saved.zip")
    models.click("Save file")
    models.expect_text(re.compile("Saved .*saved.zip .*MD5 [0-9a-f]{32} verified"))
    assert (lab.folder / "saved.zip").read_bytes()[:2] == b"PK"


def test_delete_with_the_keyboard_only(models, leia):
    keyboard = models.page.keyboard
    models.table.get_by_role("checkbox", name="Select all rows shown").focus()
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Tab")  # past the heads that sort
    for place in range(4):
        expect(models.rows.nth(place).get_by_role("checkbox")).to_be_focused()
        keyboard.press("ArrowDown")
    expect(models.rows.nth(4).get_by_role("checkbox")).to_be_focused()
    keyboard.press("Space")
    name = models.rows.nth(4).locator("th").inner_text()
    expect(models.rows.nth(4).get_by_role("checkbox")).to_be_checked()
    expect(models.button("Delete")).to_be_enabled()
    models.button("Delete").focus()
    keyboard.press("Enter")
    expect(models.button("Keep")).to_be_focused()
    keyboard.press("Shift+Tab")
    expect(models.button("Yes, delete")).to_be_focused()
    keyboard.press("Enter")
    models.expect_text(f"Deleted {name}.")
    assert len(leia.models.list(name=name)) == 0


def test_the_focus_stays_where_a_row_goes(models, leia, tmp_path):
    file = leia.models.download("digits-v1", tmp_path, progress=False)
    names = [f"Going {number}" for number in range(3)]
    going = [leia.models.create(file, name, tags=["going"], progress=False) for name in names]
    models.fill("Tags", "going")
    models.expect_text("3 models")
    models.rows.nth(1).get_by_role("checkbox").focus()
    _goes(models, leia, going[1])
    expect(models.rows.nth(1)).to_contain_text("Going 2")
    expect(models.rows.nth(1).get_by_role("checkbox")).to_be_focused()
    _goes(models, leia, going[2])
    expect(models.rows.nth(0).get_by_role("checkbox")).to_be_focused()
    _goes(models, leia, going[0])
    models.expect_text("No models match these filters.")
    expect(models.locator.locator(".leia-table-frame")).to_be_focused()


def _goes(view, leia, model):
    """Delete a model from elsewhere; read again, without a click that moves the focus."""
    leia.models.delete(model)
    view.button("Refresh").evaluate("button => button.click()")
    expect(view.rows.filter(has_text=model.name)).to_have_count(0)


def test_dark_and_narrow(models, dark, page, picture):
    page.set_viewport_size({"width": 800, "height": 1000})
    models.click("More filters")
    models.tick("Select Copy 02")
    picture("models-narrow", models, theme="dark")
    assert models.locator.evaluate("form => form.scrollWidth <= form.clientWidth")


def test_jobs_live_cancel_and_result(jobs, leia, picture):
    documents = leia.documents.list(tags=["digits-test"])
    waiting = leia.models.apply("digits-v1", documents, block_processing=True)
    job = jobs.rows.and_(jobs.table.locator(f"[data-id='{waiting.id}']"))
    expect(job).to_contain_text("BLOCKED", timeout=30_000)
    box = job.get_by_role("checkbox")
    box.click()
    assert jobs.notebook.run_cell(jobs.notebook.add_cell("1 + 1")).inner_text().endswith("\n2")
    jobs.click("Start")
    expect(job).to_contain_text("PROCESSED", timeout=60_000)
    expect(box).to_be_checked()
    jobs.click("Open result")
    expect(jobs.locator.locator(".leia-scroll table")).to_be_visible(timeout=30_000)
    picture("jobs-result", jobs)
    other = leia.models.apply("digits-v1", documents, block_processing=True)
    second = jobs.rows.and_(jobs.table.locator(f"[data-id='{other.id}']"))
    expect(second).to_contain_text("BLOCKED", timeout=30_000)
    box.click()
    second.get_by_role("checkbox").click()
    jobs.click("Cancel")
    jobs.expect_text(f"Canceled job {other.id}.")
    expect(second).to_contain_text("CANCELED", timeout=30_000)


def test_without_a_kernel_it_is_a_text(jobs, open_notebook):
    name = jobs.notebook.name
    jobs.notebook.save()
    jobs.notebook.close()
    again = open_notebook(name=name, kernel=False)
    expect(again.output(1).get_by_text("JobsView · Jobs: run this cell")).to_be_visible()
