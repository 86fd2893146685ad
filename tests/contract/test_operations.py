"""All 72 operations, called by our client, answered by our service, seen on the wire."""

import os

import pytest

from tests.acceptance.harness import Running, prepare

from .operations_page import BY_CONNECTING, COMMAND, NOT_OFFERED, PAGE, WRITE, page
from .paths import OPERATIONS
from .scenario import everything
from .seen import seeing

# LEIA's name -> ours, where an object goes as well as its id.
RENAMED = {
    "model_id": "model",
    "document_id": "document",
    "document_ids": "documents",
    "annotation_id": "annotation",
    "job_id": "job",
    "job_ids": "jobs",
    "application_id": "application",
    "always_on_schedule_id": "schedule",
    "execute_after_id": "execute_after",
}
FILLED = {("token", "header"), ("submitter_id", "path")}  # by the login


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Every call of a session that uses everything."""
    data_dir = tmp_path_factory.mktemp("everything") / "data"
    (ada,) = prepare(data_dir, ["ada"])
    running = Running(data_dir).wait_ready()
    try:
        with seeing() as seen:
            everything(seen, running, ada, tmp_path_factory.mktemp("downloads"))
    finally:
        running.close()
    return seen.calls


@pytest.fixture(scope="module")
def methods(calls):
    """Operation -> the methods that say they call it, and did."""
    return {
        name: {call.method for call in calls if call.operation == name and call.named}
        for name in OPERATIONS
    }


@pytest.fixture(scope="module")
def statuses(calls):
    """Operation -> the statuses that it was answered with."""
    return {name: {call.status for call in calls if call.operation == name} for name in OPERATIONS}


def test_every_request_is_one_of_leias(calls):
    assert [call for call in calls if call.operation is None] == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_is_called_and_answered(operation, methods, statuses):
    """With the success that the API lists, by a method whose docstring names the operation."""
    listed = {int(status) for status in OPERATIONS[operation]["responses"] if status < "300"}
    assert statuses[operation] == listed
    assert methods[operation] or operation in BY_CONNECTING


def test_the_page_says_what_was_seen(methods, statuses):
    now = page(methods, statuses)
    if os.environ.get(WRITE):
        PAGE.write_text(now, encoding="utf-8")
    said = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    assert said == now, f"docs/operations.md is not what was seen; write it anew: {COMMAND}"


@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - set(BY_CONNECTING)))
def test_its_method_takes_every_parameter(operation, calls):
    """But for those of which the page says why not."""
    takes = frozenset().union(
        *(call.takes for call in calls if call.operation == operation and call.named)
    )
    places = {(p["name"], p["in"]) for p in OPERATIONS[operation]["parameters"]} - FILLED
    missing = {name for name, _ in places if not takes & {name, RENAMED.get(name)}}
    assert missing == {name for where, name in NOT_OFFERED if where == operation}
