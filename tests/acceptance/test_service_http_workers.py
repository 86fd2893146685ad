"""The calls that tell of the worker processes, over real HTTP."""

import pytest

from .service_process import wait_until

TYPES = ["predict", "train", "transform"]


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A service of this file's own with two workers, so that nobody else's jobs are seen."""
    from .service_process import ServiceProcess, prepare

    data_dir = tmp_path_factory.mktemp("workers") / "data"
    prepare(data_dir, ["ada"])
    running = ServiceProcess(data_dir, "--workers", "2")
    yield running.wait_ready()
    running.close()


def _running(login):
    answer = login.get("/worker")
    return answer.status_code == 200 and answer.json()


def test_every_process_does_every_type(busy):
    ada = busy.login("key-of-ada")
    workers = wait_until(lambda: _running(ada))
    assert [worker["job_type"] for worker in workers] == TYPES
    for worker in workers:
        assert worker["number"] == len(worker["statuses"]) in (1, 2)
        assert set(worker) == {"job_type", "number", "statuses"}
        assert ada.get(f"/worker/{worker['job_type']}").status_code == 200


def test_one_ends_and_another_takes_its_place(busy):
    admin = busy.login()
    wait_until(lambda: _running(admin))
    document = admin.document(b"some words")
    ended = admin.delete("/worker/transform")
    assert (ended.status_code, ended.content) == (204, b"")
    job = admin.post(f"/document/{document['id']}/transform/text").json()
    assert admin.finished_job(job)["status"] == "PROCESSED"
    wait_until(lambda: "IDLE" in _running(admin)[0]["statuses"])


@pytest.mark.parametrize("job_type", ["conditional", "pdf-images", "nothing", "a b"])
def test_types_that_no_process_does(busy, job_type):
    admin = busy.login()
    for answer in (admin.get(f"/worker/{job_type}"), admin.delete(f"/worker/{job_type}")):
        assert _refusal(answer) == (404, "unknown_worker", "job_type")


def test_developers_look_but_end_none(busy):
    ada = busy.login("key-of-ada")
    assert _refusal(ada.delete("/worker/predict")) == (401, "not_logged_in", None)
    for path in ("/worker", "/worker/predict"):
        assert ada.call("GET", path, headers={"token": "wrong"}).status_code == 401


def test_a_service_without_workers_says_so(fresh_service):
    running = fresh_service("--workers", "0")
    admin = running.login()
    for answer in (
        admin.get("/worker"),
        admin.get("/worker/predict"),
        admin.delete("/worker/predict"),
    ):
        assert _refusal(answer) == (400, "no_worker_mode", None)
    job = admin.post(f"/document/{admin.document()['id']}/transform/text").json()
    assert job["status"] == "READY"


def test_no_process_is_left(fresh_service):
    running = fresh_service("--workers", "1")
    admin = running.login()
    wait_until(lambda: _running(admin))
    assert admin.delete("/worker/predict").status_code == 204
    wait_until(lambda: admin.get("/worker").status_code == 404)
    for answer in (admin.get("/worker"), admin.get("/worker/train"), admin.delete("/worker/train")):
        assert _refusal(answer) == (404, "no_worker", None)
