"""The service has all 72 operations, each with every parameter in its place, and one of its own."""

import pytest

from leia_nb.api.operations import EXTENSIONS
from leia_nb.service.app import create_app
from leia_nb.service.settings import Settings

from .operation_lookup import OPERATIONS

# What our admin calls take beyond LEIA's: the plain call has it there.
MORE = {"admin_apply_model_async": {("save_result", "query"), ("priority", "query")}}


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")), dispatcher=False)
    return {
        route["operationId"]: (method.upper(), path.removeprefix(Settings.BASE_PATH), route)
        for path, methods in app.openapi()["paths"].items()
        for method, route in methods.items()
    }


def test_all_are_served_and_one_extension(routes):
    assert set(routes) == {*OPERATIONS, "get_trainers"}
    assert len(OPERATIONS) == 72
    method, path, route = routes["get_trainers"]
    assert (method, path) == (EXTENSIONS["get_trainers"].method, EXTENSIONS["get_trainers"].path)
    assert "not part of LEIA's API" in route["description"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_parameters(routes, operation):
    facts = OPERATIONS[operation]
    method, path, route = routes[operation]
    assert (method, path) == (facts["method"], facts["path"])
    offered = {(p["name"], p["in"]): p["required"] for p in route.get("parameters", [])}
    if "security" not in route:  # the token is the document's security scheme
        offered["token", "header"] = True
    more = dict.fromkeys(MORE.get(operation, ()), False)
    wanted = {(p["name"], p["in"]): p["required"] for p in facts["parameters"]}
    assert offered == wanted | more
    assert bool(facts["body"]) == ("requestBody" in route)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_lists_in_the_query_are_repeated(routes, operation):
    lists = {
        p["name"]
        for p in OPERATIONS[operation]["parameters"]
        if p["in"] == "query" and p["type"].startswith("list[")
    }
    for parameter in routes[operation][2].get("parameters", []):
        schema = parameter["schema"]
        kinds = {option.get("type") for option in [schema, *schema.get("anyOf", [])]}
        if parameter["in"] == "query":
            assert ("array" in kinds) == (parameter["name"] in lists), parameter["name"]
