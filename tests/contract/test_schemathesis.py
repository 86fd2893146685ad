"""schemathesis tests the embedded service, over HTTP, against the service's own OpenAPI document.

The run here is short. For a long one, which also tries the limits of admin calls that have a
plain twin::

    LEIA_FUZZ_EXAMPLES=500 python -m pytest tests/contract/test_schemathesis.py --timeout 0
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..acceptance.clients import picture
from ..acceptance.service_process import ServiceProcess, prepare
from .facts import read

pytestmark = pytest.mark.timeout(900)
OPERATIONS = read("operations")["operations"]
HERE = Path(__file__).parent
EXAMPLES = os.environ.get("LEIA_FUZZ_EXAMPLES")
NOWHERE = "http://127.0.0.1:9"  # callbacks to made-up addresses end here


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service of its own, for an admin and the developer ada."""
    data_dir = tmp_path_factory.mktemp("fuzzed") / "data"
    prepare(data_dir, ["ada"])
    proxies = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "NO_PROXY": ""}
    running = ServiceProcess(data_dir, environment=proxies)
    yield running.wait_ready()
    running.close()


def _seed(login):
    """Make some of everything; return their ids by the parameters that name them."""
    documents = [
        login.document(f"{word} {number}".encode(), f"{word}{number}.txt", tags=["train"])["id"]
        for number in range(6)
        for word in ("apple", "pear")
    ]
    image = login.document(picture(80), "picture.png")["id"]
    annotations = [
        login.annotation(document, "ab"[number % 2])["id"]
        for number, document in enumerate(documents)
    ]
    trainings = [login.post("/model/text_classifier/train/train").json() for _ in range(5)]
    models = [login.finished_job(training)["result"]["id"] for training in trainings]
    model = models[0]
    applied = login.post(f"/model/{model}/apply/{documents[0]}").json()["id"]
    blocked = login.post(
        f"/model/{model}/apply/{documents[1]}", params={"block_processing": True}
    ).json()["id"]
    jobs = [*(training["id"] for training in trainings), applied, blocked]
    return {
        "annotation_id": annotations,
        "application_id": [login.id],
        "document_id": [*documents, image],
        "document_ids": [image, documents[0], ",".join(documents[:3])],
        "documents_tag": ["train"],
        "execute_after_id": jobs,
        "job_id": jobs,
        "job_ids": [applied, ",".join(jobs)],
        "model_id": models,
        "model_module": ["text_classifier", "image_classifier"],
        "original_id": documents[:2],
        "path.job_type": ["predict", "train", "transform"],
        "submitter_id": [login.id],
    }


def _configuration(folder, known):
    """Write the configuration, with the known ids as dictionaries."""
    text = (HERE / "schemathesis.toml").read_text(encoding="utf-8")
    parts = [text]
    for name, values in known.items():
        parts.append(f'[dictionaries."{name}"]\nvalues = {json.dumps(values)}\n')
    parts.append("[parameters]")
    parts += [f'"{n}" = {{ dictionary = "{n}", probability = 0.7 }}' for n in known]
    file = folder / "schemathesis.toml"
    file.write_text("\n".join(parts), encoding="utf-8")
    return file


def _run(service, folder, key, known, *arguments):
    configuration = _configuration(folder, known)
    (folder / "fuzzing.py").write_bytes((HERE / "fuzzing.py").read_bytes())
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration)]
    command += ["run", f"{service.url}/openapi.json", "--no-color"]
    done = subprocess.run(
        [*command, "--max-examples", EXAMPLES or "4", *arguments],
        cwd=folder,
        env={**os.environ, "LEIA_FUZZED_KEY": key},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "Traceback" not in service.logged


def test_limits_of_every_value(service, tmp_path):
    """An admin call has the same code behind it as its plain twin."""
    twins = [f"admin_{name}" for name in OPERATIONS if f"admin_{name}" in OPERATIONS]
    left_out = [] if EXAMPLES else [f"--exclude-operation-id={name}" for name in twins]
    known = _seed(service.login())
    _run(service, tmp_path, service.key, known, "--phases=coverage", *left_out)


def test_random_calls_alone_and_in_a_row(service, tmp_path):
    known = _seed(service.login())
    _run(service, tmp_path, service.key, known, "--phases=examples,fuzzing,stateful")


def test_random_calls_of_a_developer(service, tmp_path):
    """A developer is refused the objects of others."""
    known = _seed(service.login("key-of-ada"))
    known["document_id"].append(service.login().document()["id"])
    plain = ("--phases=fuzzing", "--exclude-path-regex=^/admin")
    _run(service, tmp_path, "key-of-ada", known, *plain)
