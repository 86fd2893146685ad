"""The embedded service has a route for each operation, with every parameter in its place."""

import pytest

from leia_nb.service.app import create_app
from leia_nb.service.settings import Settings

from .facts import read

SEED = read("seed_operations")
ALL = read("operations")["operations"]
FREE_FORM = {"model_params"}  # sent as one query parameter per member; the body names it


@pytest.fixture(scope="module")
def openapi(tmp_path_factory):
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")), dispatcher=False)
    return app.openapi()


def _routes(openapi):
    """Map operation id -> (method, path, route)."""
    return {
        route["operationId"]: (method.upper(), path.removeprefix(Settings.BASE_PATH), route)
        for path, methods in openapi["paths"].items()
        for method, route in methods.items()
    }


def _body_fields(openapi, route):
    schema = route["requestBody"]["content"]["application/json"]["schema"]
    names = [option["$ref"] for option in schema.get("anyOf", [schema]) if "$ref" in option]
    return set(openapi["components"]["schemas"][names[0].rsplit("/", 1)[1]]["properties"])


@pytest.mark.parametrize("operation", SEED)
def test_route_and_parameters(openapi, operation):
    facts = SEED[operation]
    method, path, route = _routes(openapi)[operation]
    assert (method, path) == (facts["method"], facts["path"])
    offered = {(p["name"], p["in"]): p["required"] for p in route["parameters"]}
    offered["token", "header"] = "security" not in route  # else it needs none
    for name, fact in facts["parameters"].items():
        if fact["in"] == "body":
            assert "requestBody" in route
        elif name in FREE_FORM:
            assert name in _body_fields(openapi, route)
        else:
            assert offered[name, fact["in"]] == fact["required"], name


@pytest.mark.parametrize("operation", SEED)
def test_repeated_parameters_are_lists(openapi, operation):
    route = _routes(openapi)[operation][2]
    for parameter in route["parameters"]:
        fact = SEED[operation]["parameters"].get(parameter["name"])
        if fact and fact["in"] == "query" and fact["type"].startswith("list["):
            schema = parameter["schema"]
            assert "array" in [s.get("type") for s in [schema, *schema.get("anyOf", [])]]


def test_every_route_but_the_extension_is_one_of_leias(openapi):
    routes = _routes(openapi)
    del routes["get_trainers"]
    for operation, (method, path, _) in routes.items():
        assert (ALL[operation]["method"], ALL[operation]["path"]) == (method, path)
