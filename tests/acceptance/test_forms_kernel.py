"""Forms in a real kernel: it stays free, and notebooks keep a readable text."""

import contextlib
import re
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from .service_process import wait_until

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
SLOW_FORM = """
import threading
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.forms.form import Form

class Slow(Form):
    title, lead, verb = "Slow", "Works until the gate opens.", "Work"
    gate, begun = threading.Event(), threading.Event()

    def __init__(self):
        super().__init__(None, [TextField("name", label="Name", tooltip="A name.")])

    def call(self, values):
        self.begun.set()
        for step in range(100000):
            self.result_panel.show_status(("READY", "PROCESSING")[step % 2])
            if self.gate.wait(0.01):
                return values

    @property
    def code(self):
        return ""

form = Slow()
form
"""
CONNECT = "import leia_nb\nleia = leia_nb.connect(data_dir={!r})"


class Kernel:
    """A kernel, and what it says."""

    def __init__(self):
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.heard = []

    def run(self, code):
        """Run a cell; return what it said while it ran."""
        said = []
        reply = self.client.execute_interactive(code, output_hook=said.append, timeout=60)
        assert reply["content"]["status"] == "ok", reply["content"]
        self.heard += said
        return said

    def value(self, expression):
        """Return what an expression is worth, as text."""
        for message in self.run(expression):
            if message["msg_type"] == "execute_result":
                return message["content"]["data"]["text/plain"]
        return None

    def send(self, comm_id, data):
        """Send a widget message, as the browser does."""
        message = self.client.session.msg("comm_msg", {"comm_id": comm_id, "data": data})
        self.client.shell_channel.send(message)

    def listen(self, seconds):
        """Return what the kernel says by itself."""
        said, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(Exception):
                said.append(self.client.get_iopub_msg(timeout=0.2))
        return said

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel():
    made = Kernel()
    yield made
    made.close()


def test_the_kernel_is_free_while_a_form_works(kernel):
    kernel.run(SLOW_FORM)
    button = kernel.value("form.submit_button.model_id").strip("'")
    kernel.send(button, {"method": "custom", "content": {"event": "click"}})
    assert kernel.value("form.begun.wait(60)") == "True"
    assert kernel.value("1 + 1") == "2"  # the form still works
    said = kernel.listen(1)
    stages = [one for one in said if one["msg_type"] == "comm_msg"]
    assert len(stages) > 1  # its bar moves while no cell runs
    assert kernel.value("form.result is None") == "True"
    kernel.run("form.gate.set()")
    assert kernel.value("form.submit(wait=True)") == "{}"


def test_what_is_typed_and_clicked_arrives(kernel):
    kernel.run(SLOW_FORM)
    text = kernel.value("form.fields['name'].control.model_id").strip("'")
    button = kernel.value("form.submit_button.model_id").strip("'")
    kernel.send(text, {"method": "update", "state": {"value": "ada"}, "buffer_paths": []})
    for _ in range(2):
        kernel.send(button, {"method": "custom", "content": {"event": "click"}})
    kernel.run("form.gate.set()")
    assert kernel.value("form.submit(wait=True)") == "{'name': 'ada'}"


def test_two_cells_of_the_same_kernel_while_a_form_works(kernel):
    kernel.run(SLOW_FORM + "\nform.submit()")
    assert [kernel.value(f"{n} + {n}") for n in range(5)] == ["0", "2", "4", "6", "8"]
    kernel.run("form.close(); form.gate.set()")
    wait_until(lambda: kernel.value("form._finished.is_set()") == "True")


@pytest.fixture
def execute(leia_of_examples, examples_folder):
    """Execute cells as papermill and nbval do; return the notebook."""

    def run(*cells):
        cells = [CONNECT.format(str(examples_folder)), *cells]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        nbformat.validate(notebook)
        return notebook

    return run


@pytest.fixture
def examples_folder(leia_of_examples):
    return Path(re.search(r"data_dir='(.+)'", leia_of_examples.connect_code)[1])


def test_an_executed_notebook_shows_the_text_and_the_form(execute):
    notebook = execute("leia.forms.edit('digits-v1')")
    shapes = [out["data"] for out in notebook.cells[1].outputs]
    text = "EditForm · Edit a model: run this cell in JupyterLab to use this form."
    assert [set(one) for one in shapes] == [{"text/plain", "text/html"}, {VIEW}]
    assert shapes[0]["text/plain"] == text
    assert text in shapes[0]["text/html"]
    kept = notebook.metadata.widgets[STATE]["state"]
    assert shapes[1][VIEW]["model_id"] in kept
    assert "is no longer connected" in str(kept)


def test_an_executed_notebook_keeps_what_came_out(execute):
    notebook = execute(
        "form = leia.forms.edit('digits-v1').fill(description='Kept in the notebook')\n"
        "form.submit()\nform",
        "form._finished.wait(60); import time; time.sleep(0.2)",
        "form.submit(wait=True).description",
    )
    assert notebook.cells[3].outputs[0]["data"]["text/plain"] == "'Kept in the notebook'"
    shown = [
        one["state"].get("value") for one in notebook.metadata.widgets[STATE]["state"].values()
    ]
    assert any("leia-card" in str(one) and "Kept in the notebook" in str(one) for one in shown)
