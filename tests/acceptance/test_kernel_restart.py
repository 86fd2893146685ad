"""A kernel restart in the middle of a training loses nothing."""

import re

import pytest
from jupyter_client.manager import start_new_kernel

CONNECT = "import leia_nb; leia = leia_nb.connect()"
TRAIN = """
from leia_nb.samples import load_digits
load_digits(leia, train=200, test=0, train_tag="restart", test_tag="restart-test", progress=False)
job = leia.models.train(
    "image_classifier",
    "restart",
    model_name="Restarted",
    model_params={"folds": 20, "image_size": 64},
)
import time
while not job.status.is_running:
    time.sleep(0.01)
print("JOB", job.id)
"""


def _run(client, code):
    printed = []

    def keep(message):
        content = message["content"]
        printed.append(content.get("text") or "\n".join(content.get("traceback", [])))

    reply = client.execute_interactive(code, output_hook=keep, timeout=120)
    assert reply["content"]["status"] == "ok", "".join(printed)
    return "".join(printed)


@pytest.fixture
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_training_goes_on_while_the_kernel_restarts(kernel):
    manager, client = kernel
    _run(client, CONNECT)
    job_id = re.search(r"JOB (\w+)", _run(client, TRAIN))[1]

    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)

    _run(client, CONNECT)
    assert "over: False" in _run(
        client, f"job = leia.jobs.get({job_id!r}); print('over:', job.record.status.is_over)"
    ), "the training was over before the kernel had restarted: it must be made longer"
    told = _run(client, "model = job.wait(); print(type(model).__name__, model.name)")
    assert "Model Restarted" in told
