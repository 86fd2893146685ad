"""Conditional jobs in the queue: how they are opened and closed, without workers."""

import pytest

from leia_nb.enums import JobStatus
from leia_nb.service.queue import chains, commands, conditionals, leases, recovery
from leia_nb.service.queue.leases import JobResult
from leia_nb.service.storage import tables

TRIM = {"job_type": "transform", "output_type": "trim"}


def _finish(bench, job_id, outcome=None):
    job = leases.claim(bench.database, "me")
    assert job.id == job_id
    outcome = outcome or JobResult(JobStatus.PROCESSED, "document", {"id": job_id, "page": 3})
    with bench.database.write() as session:
        assert leases.finish(session, job_id, job.attempt, outcome)


def _turn(bench):
    return (
        chains.release_waiting(bench.database)
        + conditionals.open_conditionals(bench.database)
        + conditionals.close_conditionals(bench.database)
    )


def _turn_all(bench):
    while _turn(bench):
        pass


def _children(bench, job_id):
    with bench.database.read() as session:
        return conditionals.rule_jobs(session, session.get(tables.Job, job_id))


@pytest.fixture
def asked(bench):
    """Submit a job, and a conditional one behind it; return both ids."""

    def ask(rules, **columns):
        first = bench.submit(job_type="transform", document_ids=["d"], request={})
        rules = {
            rule: {"conditions": conditions, "jobs": [dict(TRIM, **more) for more in jobs]}
            for rule, (conditions, *jobs) in rules.items()
        }
        job_id = bench.submit(
            job_type="conditional",
            document_ids=["d"],
            execute_after_id=first,
            request={"rules": rules},
            **columns,
        )
        return first, job_id

    return ask


def test_rules_are_opened_in_their_order(bench, asked):
    first, job_id = asked(
        {"z": ({"page": 3}, {}, {"priority": 7}), "no": ({"page": 4}, {}), "a": ({}, {})}
    )
    assert bench.job(job_id).status == "WAITING"
    _turn_all(bench)
    assert bench.job(job_id).status == "WAITING"
    _finish(bench, first)
    _turn_all(bench)
    job = bench.job(job_id)
    assert (job.status, job.owner, job.attempt) == ("PROCESSING", None, 0)
    children = _children(bench, job_id)
    assert list(children) == ["z", "a"]
    one, two = children["z"]
    assert (one.status, one.execute_after_id) == ("READY", first)
    assert (two.status, two.execute_after_id, two.priority) == ("WAITING", one.id, 7)
    assert {child.callback_tries for child in (one, two)} == {-1}
    assert chains.has_work(bench.database)


def test_it_is_closed_when_all_are_over(bench, asked):
    first, job_id = asked({"a": ({}, {}, {}), "b": ({}, {})})
    _finish(bench, first)
    _turn_all(bench)
    children = _children(bench, job_id)
    order = [children["a"][0].id, children["b"][0].id, children["a"][1].id]
    for child in sorted(order[:2]):
        _finish(bench, child)
    _turn_all(bench)
    assert bench.job(job_id).status == "PROCESSING"
    _finish(bench, order[2])
    _turn_all(bench)
    job = bench.job(job_id)
    assert (job.status, job.result_type) == ("PROCESSED", "conditional")
    assert [said["result"]["id"] for said in job.result["a"]] == [order[0], order[2]]
    (said,) = job.result["b"]
    assert said["result_type"] == "document"
    assert said["result"] == {"id": order[1], "page": 3}
    assert list(job.result) == ["a", "b"]
    assert job.finished_time is not None
    assert not chains.has_work(bench.database)


def test_no_rule_that_holds_is_a_result_too(bench, asked):
    first, job_id = asked({"a": ({"page": 4}, {})})
    _finish(bench, first)
    _turn_all(bench)
    job = bench.job(job_id)
    assert (job.status, job.result, job.reason) == ("PROCESSED", {}, None)


def test_fields_missing_from_the_result_are_named(bench, asked):
    def told(*fields, result_type="object", result=None):
        first, job_id = asked({name: ({name: 1}, {}) for name in fields})
        _finish(bench, first, JobResult(JobStatus.PROCESSED, result_type, result))
        _turn_all(bench)
        job = bench.job(job_id)
        assert (job.status, job.result) == ("PROCESSED", {})
        return job.reason

    said = {"invoice": 0.9, "letter": 0.1}
    assert told("category", "letter", result=said) == (
        "No rule applied: the result has no field 'category'; it has invoice, letter. "
        'To get a category, apply the model with format_type="classification".'
    )
    assert told("letter", result=said) is None
    assert told("x", result="text") == "No rule applied: the result has no field 'x'; it has none."
    several = {"d": {"key 1": 2}, "e": {"key 2": 2}}
    told_of = told("x", "y", result_type="dict[object]", result=several)
    assert "'x', 'y'; it has key 1, key 2." in told_of
    many = {f"field {number}": 2 for number in range(12)}
    assert "field 9 and 2 more." in told("x", result=many)


@pytest.mark.parametrize("end", ["FAILED", "CANCELED"])
def test_one_that_does_not_succeed_ends_all(bench, asked, end):
    first, job_id = asked({"a": ({}, {}, {}), "b": ({}, {}, {}, {})})
    after = bench.submit(job_type="transform", document_ids=["d"], execute_after_id=job_id)
    _finish(bench, first)
    _turn_all(bench)
    children = _children(bench, job_id)
    lost = children["b"][0].id
    for child in sorted(job.id for job in (children["a"][0], children["b"][0])):
        if child != lost:
            _finish(bench, child)
        elif end == "FAILED":
            _finish(bench, child, JobResult.failed("the moon"))
        else:
            commands.cancel(bench.database, child)
    _turn_all(bench)
    job = bench.job(job_id)
    assert (job.status, job.result) == ("FAILED", None)
    assert job.reason.startswith(f"Job 1 of the rule 'b' ({lost}) is {end}")
    assert ("the moon" in job.reason) == (end == "FAILED")
    statuses = {c.id: c.status for jobs in _children(bench, job_id).values() for c in jobs}
    assert statuses[children["a"][0].id] == "PROCESSED"
    assert statuses[children["a"][1].id] == "CANCELED"
    assert statuses[lost] == end
    assert bench.job(after).status == "FAILED"
    assert leases.claim(bench.database, "me") is None


def test_canceling_it_cancels_what_it_started(bench, asked):
    first, job_id = asked({"a": ({}, {}, {})})
    _finish(bench, first)
    _turn_all(bench)
    running = leases.claim(bench.database, "me")
    assert commands.cancel(bench.database, job_id)
    _turn_all(bench)
    statuses = {c.status for jobs in _children(bench, job_id).values() for c in jobs}
    assert statuses == {"CANCELED"}
    assert leases.lost_leases(bench.database, {running.id: running.attempt}) == {running.id}
    assert bench.job(job_id).status == "CANCELED"
    assert not chains.has_work(bench.database)


def test_canceling_it_before_it_opens_starts_nothing(bench, asked):
    first, job_id = asked({"a": ({}, {})})
    commands.cancel(bench.database, job_id)
    _finish(bench, first)
    _turn_all(bench)
    assert _children(bench, job_id) == {}


def test_a_blocked_one_waits_for_its_start(bench, asked):
    first, job_id = asked({"a": ({}, {})}, block_processing=True)
    _finish(bench, first)
    _turn_all(bench)
    assert bench.job(job_id).status == "BLOCKED"
    assert commands.start(bench.database, job_id).status == "WAITING"
    _turn_all(bench)
    assert bench.job(job_id).status == "PROCESSING"


def test_workers_and_recovery_ignore_conditional_jobs(bench, asked):
    first, job_id = asked({"a": ({}, {})})
    _finish(bench, first)
    chains.release_waiting(bench.database)
    assert bench.job(job_id).status == "READY"
    assert leases.claim(bench.database, "me") is None
    _turn_all(bench)
    assert recovery.recover(bench.database, "a new service") == 0
    assert recovery.recover_dropped(bench.database, "me", {}) == 0
    assert recovery.recover_stalled(bench.database, seconds=-1000) == 0
    assert bench.job(job_id).status == "PROCESSING"


def test_a_default_callback_of_the_application_is_for_the_job_itself_only(bench, asked):
    with bench.database.write() as session:
        session.get(tables.Application, "a" * 24).default_job_callback_url = "http://default"
    first, job_id = asked({"a": ({}, {})})
    _finish(bench, first)
    _turn_all(bench)
    assert bench.job(job_id).callback_url == "http://default"
    ((child,),) = _children(bench, job_id).values()
    assert (child.callback_url, child.callback_tries) == (None, -1)


def test_rules_that_cannot_be_followed_fail_the_job_and_no_other(bench, asked, monkeypatch, caplog):
    broken = asked({"a": ({}, {})})
    fine = asked({"a": ({"page": 4}, {})})
    for first, _ in (broken, fine):
        _finish(bench, first)
    real = conditionals._children

    def flaky(job, waited_for):
        if job.id == broken[1]:
            raise RuntimeError("what was kept is damaged")
        return real(job, waited_for)

    monkeypatch.setattr(conditionals, "_children", flaky)
    _turn_all(bench)
    assert bench.job(broken[1]).status == "FAILED"
    assert "could not be evaluated. See the service's log (service" in bench.job(broken[1]).reason
    assert "what was kept is damaged" in caplog.text
    assert bench.job(fine[1]).status == "PROCESSED"
