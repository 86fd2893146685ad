"""The client and the service implement all 72 operations, as recorded HTTP requests show."""

import os

import pytest

from tests.acceptance.service_process import ServiceProcess, prepare

from .call_recorder import record_calls
from .operation_lookup import OPERATIONS
from .operations_page import BY_CONNECTING, COMMAND, NOT_OFFERED, PAGE, WRITE, page
from .scenario import run_scenario

# LEIA's parameter -> the client's, which accepts an object as well as an id.
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
FROM_LOGIN = {("token", "header"), ("submitter_id", "path")}


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Return the calls of the scenario."""
    data_dir = tmp_path_factory.mktemp("everything") / "data"
    (ada,) = prepare(data_dir, ["ada"])
    running = ServiceProcess(data_dir).wait_ready()
    try:
        with record_calls() as recorder:
            run_scenario(recorder, running, ada, tmp_path_factory.mktemp("downloads"))
    finally:
        running.close()
    return recorder.calls


@pytest.fixture(scope="module")
def methods(calls):
    """Return the methods that called each operation and document it."""
    return {
        name: {call.method for call in calls if call.operation == name and call.documented}
        for name in OPERATIONS
    }


@pytest.fixture(scope="module")
def statuses(calls):
    """Return the response statuses of each operation."""
    return {name: {call.status for call in calls if call.operation == name} for name in OPERATIONS}


def test_every_request_is_a_leia_operation(calls):
    assert [call for call in calls if call.operation is None] == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_is_called_and_succeeds(operation, methods, statuses):
    """The status is the API's, and the docstring of the method names the operation."""
    listed = {int(status) for status in OPERATIONS[operation]["responses"] if status < "300"}
    assert statuses[operation] == listed
    assert methods[operation] or operation in BY_CONNECTING


def test_operations_page_is_current(methods, statuses):
    expected = page(methods, statuses)
    if os.environ.get(WRITE):
        PAGE.write_text(expected, encoding="utf-8")
    stored = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    assert stored == expected, f"docs/operations.md is outdated; regenerate it: {COMMAND}"


@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - set(BY_CONNECTING)))
def test_method_accepts_every_parameter(operation, calls):
    """Except for those that docs/operations.md lists with a reason."""
    parameters = frozenset().union(
        *(call.parameters for call in calls if call.operation == operation and call.documented)
    )
    places = {(p["name"], p["in"]) for p in OPERATIONS[operation]["parameters"]} - FROM_LOGIN
    missing = {name for name, _ in places if not parameters & {name, RENAMED.get(name)}}
    assert missing == {name for op, name in NOT_OFFERED if op == operation}
