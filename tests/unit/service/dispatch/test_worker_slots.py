"""What a slot collects from its worker process, a real one."""

import threading
from concurrent.futures import wait

import psutil
import pytest

from leia_nb.service.dispatch.worker_slots import WorkerDied, WorkerSlot
from leia_nb.service.worker.tasks import TrainTask, TransformTask


@pytest.fixture
def listening():
    """Blocks the thread that receives updates, until it is set."""
    return threading.Event()


@pytest.fixture
def slot(listening):
    def wake():
        if threading.current_thread() is slot._listener:
            listening.wait()

    slot = WorkerSlot(wake)
    yield slot
    listening.set()
    slot.close()


def _task(tmp_path, attempt=1):
    return TransformTask("j" * 24, attempt, tmp_path / str(attempt), "no such transform", ())


def test_updates_before_the_result_are_collected_with_it(slot, listening, tmp_path):
    """They use another connection, which a slower thread may read."""
    slot.submit(_task(tmp_path))
    wait([slot._future])
    assert slot.is_done
    assert slot._last_attempt is None, "no update was received yet"
    listening.set()
    assert [update.stage for update in slot.updates() if update.job_id] == ["PROCESSING", None]
    assert "no such transform" in slot.take_result().reason
    assert slot.updates() == []


def test_the_updates_of_each_task_are_complete(slot, listening, tmp_path):
    listening.set()
    for attempt in (1, 2, 3):
        slot.submit(_task(tmp_path, attempt))
        wait([slot._future])
        updates = [(u.attempt, u.stage) for u in slot.updates() if u.job_id]
        assert updates == [(attempt, "PROCESSING"), (attempt, None)]
        slot.take_result()


def test_the_last_updates_of_a_worker_that_died_are_collected(
    slot, listening, trainers, tmp_path, wait_until
):
    gate = tmp_path / "gate"
    slot.submit(TrainTask("j" * 24, 1, tmp_path / "1", "patient", (), {"gate": str(gate)}))
    pid_file = gate.with_name("gate.pid")
    wait_until(pid_file.exists, "the worker stands before the gate")
    psutil.Process(int(pid_file.read_text())).kill()
    wait([slot._future])
    listening.set()
    assert [update.stage for update in slot.updates() if update.job_id] == ["PROCESSING"]
    with pytest.raises(WorkerDied):
        slot.take_result()
