"""JupyterLab and Chromium for the browser tests; without a Chromium they are skipped."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .lab import CHROMIUM_FLAGS, LabServer
from .notebook import Notebook, write_notebook

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CONNECT = "import leia_nb\n\nleia = leia_nb.connect()"
VIEWPORT = {"width": 1280, "height": 1000}
HIGH = 2000


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="there is no chromium on PATH"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep a picture of the browser as it was when a test failed."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if page and report.failed and call.when != "teardown":
        folder = ROOT / "artifacts"
        folder.mkdir(exist_ok=True)
        page.screenshot(path=folder / f"failed-{item.function.__name__}-{call.when}.png")
    return report


@pytest.fixture(scope="session")
def artifacts():
    """The folder where screenshots are kept."""
    folder = ROOT / "artifacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    server = LabServer(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def asked_hosts():
    """The hosts that the browser has asked for anything, filled as it happens."""
    return set()


def wait_for_lab(page):
    """Wait until JupyterLab is there."""
    page.wait_for_function("window.jupyterapp && jupyterapp.restored", timeout=60_000)
    page.evaluate("async () => { await jupyterapp.restored }")


@pytest.fixture(scope="session")
def lab_page(browser, lab, asked_hosts):
    """JupyterLab, open in the browser; all tests share it."""
    page = browser.new_page(viewport=VIEWPORT)
    page.set_default_timeout(15_000)
    page.on("request", lambda request: asked_hosts.add(urlsplit(request.url).hostname))
    page.goto(lab.url("lab") + "&reset")
    wait_for_lab(page)
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    yield page
    page.close()
    assert asked_hosts - {None} == {"127.0.0.1"}  # None: data: and blob:


@pytest.fixture
def page(lab_page):
    lab_page.set_viewport_size(VIEWPORT)
    yield lab_page
    lab_page.set_viewport_size(VIEWPORT)


@pytest.fixture(scope="session")
def leia():
    """The service that notebooks connect to, too: digits, and the model `digits-v1`."""
    import leia_nb
    from leia_nb.samples import load_digits

    leia = leia_nb.connect()
    load_digits(leia, train=100, test=20, progress=False)
    leia.models.train(
        "image_classifier",
        "digits-train",
        model_name="Handwritten digits",
        short_name="digits-v1",
        tags=["digits"],
    ).wait(progress=False)
    return leia


@pytest.fixture(scope="session")
def admin_key(leia):
    """The API key of the service's admin application."""
    from leia_nb import embedded

    return embedded.admin_key(embedded.data_folder())


@pytest.fixture
def picture(artifacts, page):
    """Take a screenshot of a form, on a screen high enough for all of it."""

    def take(name, form, theme="light"):
        size = page.viewport_size
        page.set_viewport_size({**size, "height": HIGH})
        form.locator.screenshot(path=artifacts / f"form-{name}-{theme}.png")
        page.set_viewport_size(size)

    return take


@pytest.fixture
def open_notebook(request, page, lab):
    """Open a notebook by its name, or a new one with these cells; closed at the end."""
    opened = []

    def start(*cells, name=None, kernel=True):
        if name is None:
            name = f"{request.function.__name__.removeprefix('test_')}-{len(opened)}.ipynb"
        if cells:
            write_notebook(lab.folder / name, list(cells))
        opened.append(Notebook(page, lab, name, kernel=kernel))
        return opened[-1]

    yield start
    for notebook in opened:
        notebook.close()
