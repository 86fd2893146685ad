"""Jobs outlive the death of a worker and of the whole service; processes do not."""

import os
from pathlib import Path

import psutil
import pytest

from .harness import until
from .test_jobs_text import LETTERS

TRAINERS = Path(__file__).parents[1] / "trainers"


@pytest.fixture
def patient(monkeypatch):
    """Let services find the trainer `patient`, which waits for a file."""
    known = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TRAINERS), *([known] if known else [])]))


class Gate:
    """The file that a patient trainer waits for."""

    def __init__(self, path):
        self.path = path
        self._told = path.with_name(path.name + ".pid")

    def pid(self):
        """Wait until a worker stands before the gate; return its process, once."""
        until(self._told.exists)
        pid = int(self._told.read_text())
        self._told.unlink()
        return pid


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path / "gate")


def _digits(login, number=40):
    import io

    import numpy as np
    from PIL import Image
    from sklearn.datasets import load_digits

    data = load_digits()
    for index in range(number):
        buffer = io.BytesIO()
        pixels = (data.images[index] * 255 / 16).round().astype(np.uint8)
        Image.fromarray(pixels).save(buffer, "PNG")
        made = login.document(buffer.getvalue(), f"{index}.png", tags=["digits"])
        login.annotation(made["id"], str(data.target[index]))


def _train(login, gate):
    body = {"model_params": {"gate": str(gate.path)}, "model_name": "Patient"}
    answer = login.post("/model/patient/train/digits", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _family(service):
    return [service.process.pid, *_children(service.process.pid)]


def _children(pid):
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def test_a_killed_service_takes_its_job_up_again(fresh_service, patient, gate):
    service = fresh_service()
    login = service.login()
    _digits(login)
    job = _train(login, gate)
    worker = gate.pid()
    until(lambda: login.get(f"/job/{job['id']}").json()["status"] == "PROCESSING")
    family = _family(service)
    assert worker in family
    service.process.kill()
    service.process.wait()
    until(lambda: not any(psutil.pid_exists(pid) for pid in family))

    again = fresh_service()
    login = again.login()
    gate.path.touch()
    over = login.job_over(job)
    assert over["status"] == "PROCESSED", over["reason"]
    models = login.get("/admin/model").json()
    assert [model["id"] for model in models] == [over["result"]["id"]]
    assert list(again.settings.work.iterdir()) == []
    assert f"{models[0]['id']}" in again.blobs


def test_a_killed_worker_is_replaced(fresh_service, patient, gate):
    service = fresh_service()
    login = service.login()
    _digits(login)
    job = _train(login, gate)
    psutil.Process(gate.pid()).kill()
    gate.path.touch()
    assert login.job_over(job)["status"] == "PROCESSED"


def test_a_clean_end_leaves_no_process_and_loses_no_job(fresh_service, patient, gate):
    service = fresh_service()
    login = service.login()
    _digits(login)
    job = _train(login, gate)
    gate.pid()
    family = _family(service)
    assert service.terminate() == 0
    until(lambda: not any(psutil.pid_exists(pid) for pid in family))
    assert "Traceback" not in service.logged

    gate.path.touch()
    login = fresh_service().login()
    assert login.job_over(job)["status"] == "PROCESSED"


def test_canceling_ends_the_work(fresh_service, patient, gate):
    service = fresh_service()
    login = service.login()
    _digits(login)
    job = _train(login, gate)
    worker = gate.pid()
    assert login.delete(f"/job/{job['id']}").status_code == 204
    assert login.get(f"/job/{job['id']}").json()["status"] == "CANCELED"
    until(lambda: not psutil.pid_exists(worker))
    until(lambda: list(service.settings.work.iterdir()) == [])


def test_the_same_documents_give_the_same_model(fresh_service):
    sums = set()
    for name, texts in (("one", LETTERS), ("two", LETTERS[::-1])):
        login = fresh_service(name=name).login()
        for category, text in texts:
            made = login.document(text.encode(), "letter.txt", tags=["letters"])
            login.annotation(made["id"], category)
        job = login.post("/model/text_classifier/train/letters").json()
        sums.add(login.job_over(job)["result"]["md5sum"])
    assert len(sums) == 1
