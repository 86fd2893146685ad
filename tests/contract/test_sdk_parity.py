"""The client sends the same requests as LEIA's official SDK, except for defects of the SDK.

Both call the ten seed operations, using each parameter at least once, on a loopback server
that records the requests. Every difference must be a listed defect of the SDK.
"""

import pytest

from leia_nb.client import Client

from . import sdk
from .facts import read
from .parity_cases import CASES
from .recording_server import RecordedRequest, run_recording_server
from .sdk_defects import DEFECTS, Difference, explained

# Headers that LEIA interprets; the HTTP libraries add others.
HEADERS = ("token", "content-type", "transfer-encoding", "range")


@pytest.fixture(scope="module", params=sdk.VERSIONS)
def compared(request, tmp_path_factory):
    """Return the version, and the SDK's and the client's request of each case."""
    official = sdk.installed(request.param, request.config.cache)
    cases = {name: case for name, case in CASES.items() if case.only in (None, request.param)}
    with run_recording_server() as server:
        calls = [
            {
                "url": server.url(f"sdk-{name}"),
                "operation": case.operation,
                "parameters": case.sdk_parameters,
            }
            for name, case in cases.items()
        ]
        errors = official.run("calls.py", {"calls": calls})
        assert errors == [None] * len(cases)
        for name, case in cases.items():
            _ours(server.url(f"ours-{name}"), case, tmp_path_factory.mktemp(name))
    pairs = {
        name: tuple(server.requests_of(f"{who}-{name}")[case.operation] for who in ("sdk", "ours"))
        for name, case in cases.items()
    }
    return request.param, pairs


def _ours(url, case, folder):
    with Client(url, "a key") as leia:
        leia.folder = folder
        case.ours(leia)


def _differences(case: str, theirs: RecordedRequest, ours: RecordedRequest) -> list[Difference]:
    places = {"method": (theirs.method, ours.method), "path": (theirs.path, ours.path)}
    for name in {*theirs.query, *ours.query}:
        places[f"query {name}"] = (theirs.query.get(name), ours.query.get(name))
    for name in HEADERS:
        places[f"header {name}"] = (theirs.headers.get(name), ours.headers.get(name))
    places["body"] = (theirs.content, ours.content)
    return [Difference(case, place, *both) for place, both in places.items() if both[0] != both[1]]


def test_every_parameter_of_the_ten_operations_is_used():
    seed = read("seed_operations")
    assert {case.operation for case in CASES.values()} == set(seed)
    for operation, facts in seed.items():
        used = [set(case.sdk_parameters) for case in CASES.values() if case.operation == operation]
        assert set().union(*used) == set(facts["parameters"]), operation


def test_every_difference_is_a_known_defect(compared):
    version, pairs = compared
    differences = [d for name, pair in pairs.items() for d in _differences(name, *pair)]
    assert [d for d in differences if len(explained(version, d)) != 1] == []


def test_every_listed_defect_occurs(compared):
    version, pairs = compared
    differences = [d for name, pair in pairs.items() for d in _differences(name, *pair)]
    shown = {name for d in differences for name in explained(version, d)}
    assert shown == {name for name, defect in DEFECTS.items() if version in defect.versions}


def test_the_client_accepts_the_media_types_that_the_sdk_accepts(compared):
    for theirs, ours in compared[1].values():
        accepted = ours.headers["accept"]
        assert "*/*" in accepted or theirs.headers.get("accept", "*/*") in accepted
