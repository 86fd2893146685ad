"""Our client sends what LEIA's official SDK sends, except for the SDK's own defects.

Both call the ten seed operations, each parameter at least once, at a loopback server that
keeps what comes. What differs must be a defect of the SDK that is listed here by name.
"""

import pytest

from leia_nb.client import Client

from . import sdk
from .facts import read
from .parity_cases import CASES
from .parity_defects import DEFECTS, Difference, explained
from .recording import Recorded, recording

# Headers that say something to LEIA; the others are the HTTP libraries' own.
HEADERS = ("token", "content-type", "transfer-encoding", "range")


@pytest.fixture(scope="module", params=sdk.VERSIONS)
def compared(request, tmp_path_factory):
    """The version, and per case: the SDK's request and ours."""
    official = sdk.installed(request.param, request.config.cache)
    cases = {name: case for name, case in CASES.items() if case.only in (None, request.param)}
    with recording() as server:
        calls = [
            {
                "url": server.url(f"sdk-{name}"),
                "operation": case.operation,
                "parameters": case.told,
            }
            for name, case in cases.items()
        ]
        errors = official.run("calls.py", {"calls": calls})
        assert errors == [None] * len(cases)
        for name, case in cases.items():
            _ours(server.url(f"ours-{name}"), case, tmp_path_factory.mktemp(name))
    pairs = {
        name: tuple(server.of(f"{who}-{name}")[case.operation] for who in ("sdk", "ours"))
        for name, case in cases.items()
    }
    return request.param, pairs


def _ours(url, case, folder):
    with Client(url, "a key") as leia:
        leia.folder = folder
        case.ours(leia)


def _differences(case: str, theirs: Recorded, ours: Recorded) -> list[Difference]:
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
        used = [set(case.told) for case in CASES.values() if case.operation == operation]
        assert set().union(*used) == set(facts["parameters"]), operation


def test_what_differs_is_a_defect_of_the_sdk(compared):
    version, pairs = compared
    found = [one for name, pair in pairs.items() for one in _differences(name, *pair)]
    assert [one for one in found if len(explained(version, one)) != 1] == []


def test_every_defect_that_is_listed_shows(compared):
    version, pairs = compared
    found = [one for name, pair in pairs.items() for one in _differences(name, *pair)]
    shown = {name for one in found for name in explained(version, one)}
    assert shown == {name for name, defect in DEFECTS.items() if version in defect.versions}


def test_what_the_sdk_accepts_our_client_accepts(compared):
    for theirs, ours in compared[1].values():
        accepted = ours.headers["accept"]
        assert "*/*" in accepted or theirs.headers.get("accept", "*/*") in accepted
