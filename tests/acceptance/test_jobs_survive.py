"""Jobs outlive the death of a worker and of the whole service; processes do not."""

import io
import os
from pathlib import Path

import psutil
import pytest
from PIL import Image

from .service_process import wait_until
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
        wait_until(self._told.exists)
        pid = int(self._told.read_text())
        self._told.unlink()
        return pid


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path / "gate")


def _digits(login, number=40):
    import numpy as np
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
    wait_until(lambda: login.get(f"/job/{job['id']}").json()["status"] == "PROCESSING")
    family = _family(service)
    assert worker in family
    service.process.kill()
    service.process.wait()
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in family))

    again = fresh_service()
    login = again.login()
    gate.path.touch()
    over = login.finished_job(job)
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
    assert login.finished_job(job)["status"] == "PROCESSED"


def test_a_clean_end_leaves_no_process_and_loses_no_job(fresh_service, patient, gate):
    service = fresh_service()
    login = service.login()
    _digits(login)
    job = _train(login, gate)
    gate.pid()
    family = _family(service)
    assert service.terminate() == 0
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in family))
    assert "Traceback" not in service.logged

    gate.path.touch()
    login = fresh_service().login()
    assert login.finished_job(job)["status"] == "PROCESSED"


def test_canceling_ends_the_work(fresh_service, patient, gate):
    service = fresh_service()
    login = service.login()
    _digits(login)
    job = _train(login, gate)
    worker = gate.pid()
    assert login.delete(f"/job/{job['id']}").status_code == 204
    assert login.get(f"/job/{job['id']}").json()["status"] == "CANCELED"
    wait_until(lambda: not psutil.pid_exists(worker))
    wait_until(lambda: list(service.settings.work.iterdir()) == [])


def test_the_same_documents_give_the_same_model(fresh_service):
    sums = set()
    for name, texts in (("one", LETTERS), ("two", LETTERS[::-1])):
        login = fresh_service(name=name).login()
        for category, text in texts:
            made = login.document(text.encode(), "letter.txt", tags=["letters"])
            login.annotation(made["id"], category)
        job = login.post("/model/text_classifier/train/letters").json()
        sums.add(login.finished_job(job)["result"]["md5sum"])
    assert len(sums) == 1


def _one_picture(login):
    buffer = io.BytesIO()
    Image.new("L", (8, 8), 200).save(buffer, "PNG")
    return login.document(buffer.getvalue(), "one.png")["id"]


def _patient_model(login):
    _digits(login, 20)
    job = login.post("/model/patient/train/digits", params={"short_name": "patient-1"}).json()
    assert login.finished_job(job)["status"] == "PROCESSED"


def test_a_conditional_job_survives_a_killed_service(fresh_service, patient, gate):
    """The first job of a rule is at work when the service is killed, the second waits."""
    service = fresh_service()
    login = service.login()
    _patient_model(login)
    source = _one_picture(login)
    body = {"format_type": "classification"}
    first = login.post(f"/model/patient-1/apply/{source}", json=body).json()
    slow = {"model_params": {"gate": str(gate.path)}, "document_ids": [source]}
    jobs = [
        {"job_type": "apply_model", "model_id": "patient-1", **slow},
        {"job_type": "transform", "output_type": "trim", "output_tag": "trimmed"},
    ]
    rules = {
        "all": {"conditions": {"score": {"$gt": 0}}, "jobs": jobs},
        "none": {"conditions": {"score": {"$gt": 1}}, "jobs": jobs},
    }
    job = login.post(f"/job/conditional/{first['id']}", json={"rules": rules}).json()
    after = login.post(f"/document/{source}/transform/trim", json={"execute_after_id": job["id"]})
    gate.pid()
    family = _family(service)
    service.process.kill()
    service.process.wait()
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in family))

    login = fresh_service().login()
    assert login.get(f"/job/{job['id']}").json()["status"] == "PROCESSING"
    gate.pid()
    gate.path.touch()
    over = login.finished_job(job)
    assert over["status"] == "PROCESSED", over["reason"]
    assert list(over["result"]) == ["all"]
    applied, trimmed = over["result"]["all"]
    assert (applied["result_type"], trimmed["result_type"]) == ("object", "document")
    children = login.get("/job", parent_job_id=job["id"]).json()
    assert len(children) == 2, "no rule is followed twice"
    tagged = login.get("/document", tags="trimmed").json()
    assert [document["id"] for document in tagged] == [trimmed["result"]["id"]]
    assert login.finished_job(after.json())["document_ids"] == [trimmed["result"]["id"]]


def test_a_transform_is_done_again_after_a_kill_and_kept_once(fresh_service):
    """The service is killed at any moment of it: before, while, or after it is kept."""
    service = fresh_service()
    login = service.login()
    source = login.document(b" ".join(b"word%d" % n for n in range(3000)), "Long.txt")["id"]
    wanted = {"transform_params": {"split_size": 10}, "output_tag": "part"}
    job = login.post(f"/document/{source}/transform/split", json=wanted).json()
    wait_until(lambda: login.get(f"/job/{job['id']}").json()["status"] != "READY")
    family = _family(service)
    service.process.kill()
    service.process.wait()
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in family))

    again = fresh_service()
    login = again.login()
    over = login.finished_job(job)
    assert over["status"] == "PROCESSED", over["reason"]
    made = [document["id"] for document in over["result"]]
    assert len(made) == 300
    kept = login.get("/document", tags="part").json()
    assert {document["id"] for document in kept} == set(made)
    assert set(again.blobs) == {source, *made}
