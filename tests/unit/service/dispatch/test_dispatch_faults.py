"""What becomes of jobs when something dies, hangs, breaks or is stopped."""

import os
import signal

import psutil
import pytest


class Gate:
    """A file that a patient trainer waits for."""

    def __init__(self, path, wait_until):
        self.path = path
        self._told = path.with_name(path.name + ".pid")
        self._wait_until = wait_until

    @property
    def parameters(self):
        return {"gate": str(self.path)}

    def pid(self):
        """Wait until a worker stands before the gate; return its process, once."""
        self._wait_until(self._told.exists, "a worker stands before the gate")
        pid = int(self._told.read_text())
        self._told.unlink()
        return pid

    def open(self):
        self.path.touch()


@pytest.fixture
def gate(tmp_path, wait_until):
    return Gate(tmp_path / "gate", wait_until)


@pytest.fixture
def running(bench, trainers):
    bench.digits(60)
    bench.run()
    return bench


def _kill(pid):
    psutil.Process(pid).kill()


def test_a_job_whose_worker_is_killed_is_taken_up_again(running, gate, wait_until):
    job_id = running.train("patient", model_params=gate.parameters)
    first = gate.pid()
    _kill(first)
    second = gate.pid()
    assert second != first
    gate.open()
    job = running.processed(job_id)
    assert (job.attempt, job.deaths) == (2, 1)
    wait_until(lambda: len(running.traces(job_id)) == 2, "both attempts are in the list")
    assert [trace.status for trace in running.traces(job_id)] == [None, "PROCESSED"]
    assert [trace.stages for trace in running.traces(job_id)] == [("PROCESSING",)] * 2


def test_a_job_that_kills_its_worker_each_time_fails(running, gate):
    job_id = running.train("patient", model_params=gate.parameters)
    for _ in range(3):
        _kill(gate.pid())
    job = running.over(job_id)
    assert job.status == "FAILED"
    assert "ended unexpectedly 3 times" in job.reason
    after = running.train("image_classifier")
    assert running.processed(after), "the others go on"


def test_canceling_stops_the_worker_at_once(running, gate, wait_until):
    job_id = running.train("patient", model_params=gate.parameters)
    pid = gate.pid()
    assert running.cancel(job_id)
    assert running.job(job_id).status == "CANCELED"
    wait_until(lambda: not psutil.pid_exists(pid), "the worker is gone")
    (trace,) = running.traces(job_id)
    assert (trace.pid, trace.status, trace.stages) == (pid, None, ("PROCESSING",))
    gate.open()
    assert running.processed(running.train("patient"))
    assert running.job(job_id).status == "CANCELED"


def test_canceling_disturbs_no_other_worker(running, gate, tmp_path, wait_until):
    other = Gate(tmp_path / "other", wait_until)
    canceled = running.train("patient", model_params=gate.parameters)
    gate.pid()
    kept = running.train("patient", model_params=other.parameters)
    pid = other.pid()
    running.cancel(canceled)
    running.traces(canceled)
    other.open()
    running.processed(kept)
    assert running.traces(kept)[0].pid == pid


def test_a_job_canceled_before_its_worker_runs(bench, trainers):
    bench.digits(20)
    ids = [bench.train("patient") for _ in range(3)]
    for job_id in ids:
        bench.cancel(job_id)
    bench.run()
    bench.processed(bench.train("patient"))
    assert {bench.job(job_id).status for job_id in ids} == {"CANCELED"}


def test_a_clean_stop_gives_jobs_back_and_leaves_no_process(running, gate):
    job_id = running.train("patient", model_params=gate.parameters)
    pid = gate.pid()
    running.dispatcher.stop()
    assert not psutil.pid_exists(pid)
    job = running.job(job_id)
    assert (job.status, job.deaths) == ("READY", 0)
    assert not running.settings.work.exists()
    gate.open()
    running.run()
    assert running.processed(job_id).attempt == 2


def test_jobs_of_a_service_that_was_killed_run_again(bench):
    from leia_nb.service.queue import leases

    bench.digits(20)
    job_id = bench.train()
    leftover = bench.settings.work / f"{job_id}.1"
    leftover.mkdir(parents=True)
    assert leases.claim(bench.database, "the one that was killed").id == job_id
    bench.run()
    assert not leftover.exists()
    job = bench.processed(job_id)
    assert (job.attempt, job.deaths, job.service_deaths) == (2, 0, 1)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("memory", "needs more memory than is available"), ("bug", "failed (KeyError: 'oops')")],
)
def test_a_trainer_that_breaks_fails_the_job_only(running, fault, reason):
    job = running.over(running.train("patient", model_params={"fault": fault}))
    assert job.status == "FAILED"
    assert reason in job.reason
    running.processed(running.train("patient"))


def test_a_full_disk_fails_the_training_and_leaves_nothing(running, monkeypatch):
    import errno

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(running.blobs, "adopt", full)
    job = running.over(running.train())
    assert job.status == "FAILED"
    assert "the disk is full" in job.reason
    monkeypatch.undo()


def test_a_result_is_committed_once(bench, trainers, gate, monkeypatch):
    """A model of an attempt whose lease is lost is not stored."""
    from leia_nb.service.queue import leases
    from leia_nb.service.storage import tables

    bench.digits(60)
    bench.run(heartbeat_seconds=1e6)  # so that the job is not recovered and run again
    job_id = bench.train("patient", model_params=gate.parameters)
    gate.pid()
    with bench.database.write() as session:
        session.get(tables.Job, job_id).attempt += 1
    monkeypatch.setattr(leases, "lost_leases", lambda *_: set())
    gate.open()
    bench.traces(job_id)
    with bench.database.read() as session:
        assert session.query(tables.Model).count() == 0


def test_a_job_whose_task_cannot_be_prepared_fails_and_names_the_log(bench, caplog):
    bench.run()
    job = bench.over(bench.submit(job_type="train", request={}))
    assert job.status == "FAILED"
    assert "could not be started. See the service's log (service.log" in job.reason
    assert "KeyError: 'documents_tag'" in caplog.text


def test_the_dispatcher_survives_errors(bench, monkeypatch, caplog):
    from leia_nb.service.queue import leases

    bench.digits(20)
    real, calls = leases.claim, []

    def flaky(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise RuntimeError("the database is on fire")
        return real(*arguments)

    monkeypatch.setattr(leases, "claim", flaky)
    bench.run()
    bench.processed(bench.train())
    assert "dispatcher error; retrying in 1 s" in caplog.text


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs SIGSTOP")
def test_a_worker_that_hangs_can_be_canceled(running, gate, wait_until):
    job_id = running.train("patient", model_params=gate.parameters)
    pid = gate.pid()
    os.kill(pid, signal.SIGSTOP)
    running.cancel(job_id)
    wait_until(lambda: not psutil.pid_exists(pid), "the worker is gone")


@pytest.mark.parametrize("broken", ["commit", "fail"])
def test_a_job_that_ends_on_a_full_disk_does_not_hang(bench, monkeypatch, wait_until, broken):
    """Neither its result nor its failure can be written, until there is room again."""
    from leia_nb.service.dispatch import task_results

    bench.digits(20)
    real, calls = task_results.fail, []

    def full(*arguments):
        calls.append(arguments)
        if broken == "commit" or len(calls) > 2:
            return real(*arguments)
        raise OSError(28, "No space left on device")

    def never(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(task_results, "commit", never)
    monkeypatch.setattr(task_results, "fail", full)
    bench.run(heartbeat_seconds=0.05)
    job = bench.over(bench.train())
    assert job.status == "FAILED"
    if broken == "commit":
        assert "could not be stored. See the service's log (service.log" in job.reason
    wait_until(lambda: not list(bench.settings.work.iterdir()), "the work folder is empty")


def test_a_job_that_cannot_start_on_a_full_disk_does_not_count_as_a_worker_death(
    bench, monkeypatch
):
    from leia_nb.service.dispatch import task_results

    real, calls = task_results.fail, []

    def full(*arguments):
        calls.append(arguments)
        if len(calls) > 2:
            return real(*arguments)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(task_results, "fail", full)
    bench.run(heartbeat_seconds=0.05)
    job = bench.over(bench.train())
    assert (job.status, job.attempt, job.deaths) == ("FAILED", 1, 0)
    assert "No documents have the tag" in job.reason


def test_a_running_job_that_no_worker_holds_is_taken_up_again(bench):
    from leia_nb.service.queue import leases

    bench.digits(20)
    job_id = bench.train()
    assert leases.claim(bench.database, "instance-1").id == job_id
    bench.run(heartbeat_seconds=0.05)
    assert bench.processed(job_id).attempt == 2
