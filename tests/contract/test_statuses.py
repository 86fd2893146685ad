"""Every status that the API lists is provoked, over plain HTTP, at real services.

The successes are seen by test_operations, which calls every operation as it should be.
"""

import pytest

from .paths import OPERATIONS
from .refusals import ROWS, body, needed
from .world import World

LISTED = {
    (name, int(status))
    for name, facts in OPERATIONS.items()
    for status in facts["responses"]
    if status >= "300"
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.close()


def test_none_is_missing_and_none_made_up():
    assert LISTED - set(ROWS) == set()
    assert set(ROWS) - LISTED == set()


@pytest.mark.parametrize(
    ("operation", "status"), [pytest.param(*key, id=f"{key[0]}-{key[1]}") for key in sorted(ROWS)]
)
def test_is_answered(world, operation, status):
    answer = ROWS[operation, status](world)
    assert answer.status_code == status, answer.text
    said = answer.json()
    assert said["status"] == status
    assert said["code"] not in ("unknown_path", "method_not_allowed"), said


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name.startswith("admin_")])
def test_an_admin_call_of_a_developer_is_a_401(world, operation):
    answer = world.ada(operation, **needed(operation), **body(operation))
    assert answer.status_code == 401
    assert "admin" in answer.json()["message"]
