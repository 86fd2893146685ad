"""Real services return every error status that the API lists.

test_operations covers the successful responses.
"""

import pytest

from .error_cases import ERROR_CASES, body, required
from .error_services import ErrorServices
from .operation_lookup import OPERATIONS

LISTED = {
    (name, int(status))
    for name, facts in OPERATIONS.items()
    for status in facts["responses"]
    if status >= "300"
}


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    error_services = ErrorServices(tmp_path_factory.mktemp("services"))
    yield error_services
    error_services.close()


def test_the_cases_cover_exactly_the_listed_errors():
    assert LISTED - set(ERROR_CASES) == set()
    assert set(ERROR_CASES) - LISTED == set()


@pytest.mark.parametrize(
    ("operation", "status"),
    [pytest.param(*key, id=f"{key[0]}-{key[1]}") for key in sorted(ERROR_CASES)],
)
def test_error_is_returned(services, operation, status):
    response = ERROR_CASES[operation, status](services)
    assert response.status_code == status, response.text
    error = response.json()
    assert error["status"] == status
    assert error["code"] not in ("unknown_path", "method_not_allowed"), error


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name.startswith("admin_")])
def test_an_admin_operation_called_by_a_developer_is_a_401(services, operation):
    response = services.ada(operation, **required(operation), **body(operation))
    assert response.status_code == 401
    assert "admin" in response.json()["message"]
