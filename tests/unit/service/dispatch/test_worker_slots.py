"""What a slot hears of its worker process, a real one."""

import threading
from concurrent.futures import wait

import psutil
import pytest

from leia_nb.service.dispatch.worker_slots import WorkerDied, WorkerSlot
from leia_nb.service.worker import TrainTask, TransformTask


@pytest.fixture
def ear():
    """Holds up whoever listens to a worker, until it is opened."""
    return threading.Event()


@pytest.fixture
def slot(ear):
    def wake():
        if threading.current_thread() is made._line:
            ear.wait()

    made = WorkerSlot(wake)
    yield made
    ear.set()
    made.close()


def _order(tmp_path, attempt=1):
    return TransformTask("j" * 24, attempt, tmp_path / str(attempt), "no such transform", ())


def test_what_a_worker_said_before_its_answer_is_heard_with_it(slot, ear, tmp_path):
    """Its reports come on another line, to a thread that may be slower."""
    slot.submit(_order(tmp_path))
    wait([slot._future])
    assert slot.is_done
    assert slot._last is None, "it was not listened to yet"
    ear.set()
    assert [said.stage for said in slot.reports() if said.job_id] == ["PROCESSING", None]
    assert "no such transform" in slot.take().reason
    assert slot.reports() == []


def test_each_order_is_heard_out(slot, ear, tmp_path):
    ear.set()
    for attempt in (1, 2, 3):
        slot.submit(_order(tmp_path, attempt))
        wait([slot._future])
        said = [(one.attempt, one.stage) for one in slot.reports() if one.job_id]
        assert said == [(attempt, "PROCESSING"), (attempt, None)]
        slot.take()


def test_the_last_words_of_a_worker_that_died_are_heard(slot, ear, trainers, tmp_path, wait_until):
    gate = tmp_path / "gate"
    slot.submit(TrainTask("j" * 24, 1, tmp_path / "1", "patient", (), {"gate": str(gate)}))
    told = gate.with_name("gate.pid")
    wait_until(told.exists, "the worker stands before the gate")
    psutil.Process(int(told.read_text())).kill()
    wait([slot._future])
    ear.set()
    assert [said.stage for said in slot.reports() if said.job_id] == ["PROCESSING"]
    with pytest.raises(WorkerDied):
        slot.take()
