"""The worker processes as the dispatcher tells of them, and how one is ended."""

import psutil
import pytest

from leia_nb.service.queue import commands
from leia_nb.service.settings import Settings


@pytest.fixture
def held(bench, trainers, tmp_path, wait_until):
    """A training that waits before a gate; what to do to let it go on."""
    bench.digits(20)
    bench.run()
    gate = tmp_path / "gate"
    job_id = bench.train("patient", model_params={"gate": str(gate)})
    told = gate.with_name("gate.pid")
    wait_until(told.exists, "a worker stands before the gate")
    wait_until(lambda: ("train", "PROCESSING") in bench.dispatcher.workers(), "its stage is known")
    return job_id, int(told.read_text()), gate


def _alive(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_one_worker_is_there_from_the_start(bench, wait_until):
    dispatcher = bench.run()
    assert dispatcher.is_alive
    wait_until(lambda: dispatcher.workers() == [(None, "IDLE")], "one is started")
    dispatcher.stop()
    assert not dispatcher.is_alive


def test_a_worker_ends_after_its_present_job(bench, held, wait_until):
    job_id, pid, gate = held
    dispatcher = bench.dispatcher
    others = len(dispatcher.workers()) - 1
    assert dispatcher.stop_worker("train")
    assert ("train", "PROCESSING") in dispatcher.workers(), "it goes on until the job is over"
    assert _alive(pid)
    gate.touch()
    bench.processed(job_id)
    wait_until(lambda: not _alive(pid), "the process ends")
    wait_until(lambda: len(dispatcher.workers()) == others, "it is not counted any more")
    bench.processed(bench.train())
    assert dispatcher.workers(), "another one started for the next job"


def test_all_can_be_ended_and_jobs_start_them_again(bench, wait_until):
    dispatcher = bench.run()
    wait_until(dispatcher.workers, "one is started")
    assert dispatcher.stop_worker("predict"), "an idle one does every type of job"
    wait_until(lambda: dispatcher.workers() == [], "none is left")
    assert not dispatcher.stop_worker("predict")
    bench.digits(20)
    bench.processed(bench.train())
    wait_until(lambda: (None, "IDLE") in dispatcher.workers(), "one is there again")


def test_the_one_that_does_such_a_job_is_ended_first(bench, held, wait_until):
    job_id, pid, gate = held
    bench.processed(bench.train())
    wait_until(lambda: len(bench.dispatcher.workers()) == 2, "two processes live")
    assert bench.dispatcher.stop_worker("train")
    gate.touch()
    bench.processed(job_id)
    wait_until(lambda: not _alive(pid), "it is the one that had the training")
    wait_until(lambda: len(bench.dispatcher.workers()) == 1, "the dispatcher knows that it ended")


def test_a_process_that_dies_idle_is_not_counted(bench, wait_until):
    dispatcher = bench.run()
    (slot, *_) = dispatcher._slots
    wait_until(lambda: slot.pid, "the process has reported")
    psutil.Process(slot.pid).kill()
    wait_until(lambda: dispatcher.workers() == [], "its death is noticed")
    bench.digits(20)
    bench.processed(bench.train())


def test_without_workers_jobs_stay_ready(bench, wait_until):
    bench.settings = Settings(bench.settings.data_dir, workers=0)
    source = bench.document(b"some words", mime_type="text/plain", filename="a.txt")
    request = {"output_type": "split", "transform_params": {"split_size": 1}}
    dispatcher = bench.run()
    first = bench.submit(job_type="transform", document_ids=[source], request=request)
    waiting = bench.submit(
        job_type="transform", document_ids=[source], request=request, execute_after_id=first
    )
    commands.cancel(bench.database, first)
    bench.wake()
    assert bench.over(waiting).status == "FAILED", "what needs no worker is done"
    ready = bench.submit(job_type="transform", document_ids=[source], request=request)
    dispatcher.stop()
    assert (bench.job(ready).status, dispatcher.workers()) == ("READY", [])
    assert not dispatcher.stop_worker("transform")
    bench.settings = Settings(bench.settings.data_dir, workers=1)
    bench.run()
    assert len(bench.processed(ready).result) == 2
