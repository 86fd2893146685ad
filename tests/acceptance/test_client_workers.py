"""Workers with the client."""

import pytest

from leia_nb import errors

from .clients import connected
from .service_process import wait_until


def test_workers_are_listed(service):
    with connected(service, "key-of-ada") as leia:
        listed = leia.workers.list()
        assert {"predict", "train", "transform"} <= set(listed.index)
        worker = leia.workers.get("predict")
        assert (worker.job_type, worker.number) == ("predict", len(worker.statuses))
        assert worker.number > 0
        with pytest.raises(errors.NoWorker):
            leia.workers.get("image-text")


def test_only_an_admin_stops_them(service):
    with (
        connected(service, "key-of-ada") as leia,
        pytest.raises(errors.Forbidden, match="admin"),
    ):
        leia.workers.kill("predict")


def test_a_stopped_worker_costs_no_job(fresh_service):
    with connected(fresh_service("--workers", "1")) as leia:
        words = leia.documents.upload(b"one two three", filename="w.txt", progress=False)
        parts = {"transform_params": {"split_size": 1}}
        assert len(leia.documents.transform(words, "split", **parts).wait(progress=False)) == 3
        wait_until(lambda: "IDLE" in leia.workers.get("transform").statuses)
        leia.workers.kill("transform")
        assert len(leia.documents.transform(words, "split", **parts).wait(progress=False)) == 3


def test_a_service_without_workers(fresh_service):
    with connected(fresh_service("--workers", "0")) as leia:
        for call in (leia.workers.list, lambda: leia.workers.get("predict"),
                     lambda: leia.workers.kill("predict")):  # fmt: skip
            with pytest.raises(errors.NoWorkerMode, match="without workers"):
                call()


def test_no_worker_is_an_empty_list(fresh_service):
    with connected(fresh_service("--workers", "1")) as leia:
        wait_until(lambda: len(leia.workers.list()))
        leia.workers.kill("transform")
        wait_until(lambda: not len(leia.workers.list()))
        assert leia.workers.list().columns.tolist() == ["number", "statuses"]
        with pytest.raises(errors.NoWorker):
            leia.workers.get("predict")
