import threading

import pytest
from sqlalchemy import event

from leia_nb.enums import JobStatus
from leia_nb.service.api_errors import ApiError
from leia_nb.service.queue import chains, commands, leases, recovery
from leia_nb.service.queue.leases import JobResult
from leia_nb.service.storage import tables

MODEL = "b" * 24


def _finish(bench, job_id, attempt, outcome=None):
    with bench.database.write() as session:
        return leases.finish(session, job_id, attempt, outcome or JobResult(JobStatus.PROCESSED))


@pytest.fixture
def submit(bench):
    return lambda **columns: bench.submit(model_id=MODEL, document_ids=["d"], **columns)


def test_a_new_job_is_ready_waiting_or_blocked(bench, submit):
    first = submit()
    second = submit(execute_after_id=first)
    third = submit(execute_after_id=second, block_processing=True)
    states = [bench.job(job_id).status for job_id in (first, second, third)]
    assert states == ["READY", "WAITING", "BLOCKED"]


def test_a_started_job_is_waiting_or_ready(bench, submit):
    first = submit(block_processing=True)
    second = submit(execute_after_id=first, block_processing=True)
    assert commands.start(bench.database, second).status == "WAITING"
    assert commands.start(bench.database, first).status == "READY"
    assert commands.start(bench.database, first).status == "READY", "again is no error"


def test_what_cannot_be_started(bench, submit):
    job_id = submit()
    commands.cancel(bench.database, job_id)
    with pytest.raises(ApiError) as over:
        commands.start(bench.database, job_id)
    assert (over.value.status, over.value.code) == (403, "job_over")
    with pytest.raises(ApiError) as unknown:
        commands.start(bench.database, "nope")
    assert (unknown.value.status, unknown.value.code) == (404, "unknown_job")


def test_jobs_are_claimed_in_their_order_once(bench, submit):
    ids = [submit() for _ in range(3)]
    claimed = [leases.claim(bench.database, "me") for _ in range(4)]
    assert [job and job.id for job in claimed] == [*ids, None]
    assert {job.attempt for job in claimed[:3]} == {1}
    job = bench.job(ids[0])
    assert (job.status, job.owner) == ("STARTING", "me")
    assert job.starting_time is not None
    assert job.heartbeat is not None


def test_many_claimers_never_get_the_same_job(bench, submit):
    ids = {submit() for _ in range(40)}
    claimed = []

    def take():
        while job := leases.claim(bench.database, "me"):
            claimed.append(job.id)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(ids)


def test_only_the_holder_of_the_newest_attempt_moves_a_job(bench, submit):
    job_id = submit()
    leases.claim(bench.database, "me")
    assert leases.advance(bench.database, job_id, 1, JobStatus.PROCESSING)
    assert recovery.requeue(bench.database, job_id, 1)
    assert leases.claim(bench.database, "me").attempt == 2
    assert not leases.advance(bench.database, job_id, 1, JobStatus.LOADING_MODEL)
    assert not recovery.requeue(bench.database, job_id, 1)
    assert not _finish(bench, job_id, 1)
    assert bench.job(job_id).status == "STARTING"
    assert leases.lost_leases(bench.database, {job_id: 1}) == {job_id}
    assert leases.lost_leases(bench.database, {job_id: 2}) == set()
    assert _finish(bench, job_id, 2, JobResult(JobStatus.PROCESSED, "object", [1]))
    assert not _finish(bench, job_id, 2, JobResult.failed("late"))
    job = bench.job(job_id)
    assert (job.status, job.result_type, job.result, job.reason) == (
        "PROCESSED", "object", [1], None,
    )  # fmt: skip
    assert job.finished_time is not None


@pytest.mark.parametrize("running", [False, True])
def test_a_job_is_canceled_once_and_for_all(bench, submit, running):
    job_id = submit()
    if running:
        leases.claim(bench.database, "me")
    assert commands.cancel(bench.database, job_id)
    assert not commands.cancel(bench.database, job_id)
    assert not commands.cancel(bench.database, "nope")
    assert not _finish(bench, job_id, 1)
    assert leases.claim(bench.database, "me") is None
    job = bench.job(job_id)
    assert job.status == "CANCELED"
    assert job.finished_time is not None


def test_a_job_whose_worker_dies_three_times_fails(bench, submit):
    job_id = submit()
    for attempt in (1, 2, 3):
        assert leases.claim(bench.database, "me").attempt == attempt
        assert recovery.requeue(bench.database, job_id, attempt)
    job = bench.job(job_id)
    assert job.status == "FAILED"
    assert "ended unexpectedly 3 times" in job.reason


def test_the_deaths_of_the_service_count_apart_and_only_ten_are_borne(bench, submit):
    job_id = submit()
    for number in range(recovery.MAX_SERVICE_DEATHS):
        assert bench.job(job_id).status == "READY"
        leases.claim(bench.database, f"service-{number}")
        assert recovery.recover(bench.database, "the next") == 1
    job = bench.job(job_id)
    assert (job.status, job.deaths, job.service_deaths) == ("FAILED", 0, 10)
    assert "The service ended unexpectedly 10 times" in job.reason


def test_jobs_of_higher_priority_are_claimed_first(bench, submit):
    ids = [submit(priority=priority) for priority in (0, 5, -1, 5)]
    claimed = [leases.claim(bench.database, "me").id for _ in ids]
    assert claimed == [ids[1], ids[3], ids[0], ids[2]]


def test_claiming_sorts_no_long_queue(bench, submit):
    """The database walks along an index, however many jobs are READY."""
    submit()
    plans = []
    with bench.database.write() as session:
        connection = session.connection()

        def explain(_connection, cursor, statement, parameters, *_):
            if statement.startswith("SELECT") and "priority DESC" in statement:
                plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.append(" ".join(row[-1] for row in plan))

        event.listen(connection.engine, "after_cursor_execute", explain)
    leases.claim(bench.database, "me")
    assert plans
    assert all("ix_jobs_claim" in plan and "TEMP B-TREE" not in plan for plan in plans)


def test_a_clean_stop_does_not_count_as_a_death(bench, submit):
    job_id = submit()
    for attempt in range(1, 6):
        assert leases.claim(bench.database, "me").attempt == attempt
        assert recovery.requeue(bench.database, job_id, attempt, died=False)
    assert bench.job(job_id).status == "READY"


def test_jobs_of_an_ended_service_are_released(bench, submit):
    mine, other = submit(), submit()
    leases.claim(bench.database, "me")
    leases.claim(bench.database, "other")
    assert recovery.recover(bench.database, "me") == 1
    assert recovery.recover(bench.database, "me") == 0
    assert [bench.job(job_id).status for job_id in (mine, other)] == ["STARTING", "READY"]


def test_a_job_without_heartbeat_is_released(bench, submit):
    job_id = submit()
    leases.claim(bench.database, "me")
    assert recovery.recover_stalled(bench.database) == 0
    with bench.database.write() as session:
        session.get(tables.Job, job_id).heartbeat -= 1000
    leases.heartbeat(bench.database, {job_id: 2})
    assert recovery.recover_stalled(bench.database) == 1
    assert bench.job(job_id).status == "READY"


def test_waiting_jobs_go_on_in_a_chain(bench, submit):
    first = submit()
    second = submit(execute_after_id=first)
    third = submit(execute_after_id=second)
    assert chains.release_waiting(bench.database) == 0
    leases.claim(bench.database, "me")
    _finish(bench, first, 1)
    assert chains.has_work(bench.database)
    assert chains.release_waiting(bench.database) == 1
    assert [bench.job(job_id).status for job_id in (second, third)] == ["READY", "WAITING"]


@pytest.mark.parametrize("end", ["FAILED", "CANCELED", "gone"])
def test_waiting_jobs_fail_when_the_one_before_does(bench, submit, end):
    first = submit() if end != "gone" else "f" * 24
    second = submit(execute_after_id=first)
    third = submit(execute_after_id=second)
    if end == "CANCELED":
        commands.cancel(bench.database, first)
    elif end == "FAILED":
        leases.claim(bench.database, "me")
        _finish(bench, first, 1, JobResult.failed("the moon"))
    assert chains.release_waiting(bench.database) == 2
    jobs = [bench.job(job_id) for job_id in (second, third)]
    assert [job.status for job in jobs] == ["FAILED", "FAILED"]
    assert first in jobs[0].reason
    assert second in jobs[1].reason
    assert ("the moon" in jobs[1].reason) == (end == "FAILED")
    assert not chains.has_work(bench.database)


def test_blocked_jobs_and_jobs_waiting_for_them_are_not_work(bench, submit):
    submit(execute_after_id=submit(block_processing=True))
    assert not chains.has_work(bench.database)


def test_the_applications_default_callback_is_taken(bench, submit):
    with bench.database.write() as session:
        application = session.get(tables.Application, "a" * 24)
        application.default_job_callback_url = "http://default"
    assert bench.job(submit()).callback_url == "http://default"
    assert bench.job(submit(callback_url="http://own")).callback_url == "http://own"


def test_a_long_chain_names_the_first_that_failed_only(bench, submit):
    first = before = submit()
    for _ in range(50):
        before = submit(execute_after_id=before)
    leases.claim(bench.database, "me")
    _finish(bench, first, 1, JobResult.failed("the moon. " * 1000))
    assert chains.release_waiting(bench.database) == 50
    reason = bench.job(before).reason
    assert f"; first the job {first} was FAILED (the moon" in reason
    assert len(reason) < 2500
