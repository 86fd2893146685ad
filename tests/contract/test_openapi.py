"""The OpenAPI document says all that LEIA's facts say, and hangs together."""

import pytest
from jsonschema import Draft202012Validator

from leia_nb.api.operations import SORTABLE
from leia_nb.service.app import create_app
from leia_nb.service.settings import Settings

from .facts import read

OPERATIONS = read("operations")["operations"]
SCHEMAS = read("schemas")
OBJECTS = [
    "Annotation",
    "Application",
    "Classification",
    "Document",
    "Job",
    "LoginToken",
    "Model",
    "Worker",
]
METHODS = {"get", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")), dispatcher=False)
    return app.openapi()


@pytest.fixture(scope="module")
def described(document):
    """Map operation id -> what the document says of it."""
    return {
        operation["operationId"]: operation
        for methods in document["paths"].values()
        for operation in methods.values()
    }


def _parts(value):
    """Return every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from _parts(part)


def _may_be_null(schema):
    options = [schema, *schema.get("anyOf", [])]
    return any("null" in (o.get("type") or ()) or o == {} for o in options)


def test_is_openapi_3_1_with_leias_operations(document, described):
    assert document["openapi"].startswith("3.1.")
    assert set(described) == {*OPERATIONS, "get_trainers"}
    for path, methods in document["paths"].items():
        assert path.startswith("/")
        assert set(methods) <= METHODS


def test_every_reference_leads_somewhere(document):
    for part in _parts(document):
        if "$ref" in part:
            target = document
            for name in part["$ref"].removeprefix("#/").split("/"):
                target = target[name]


def test_schemas_are_json_schemas(document, described):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for operation in described.values():
        for parameter in operation["parameters"]:
            Draft202012Validator.check_schema(parameter["schema"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_says_every_status(described, operation):
    said = described[operation]["responses"]
    assert set(OPERATIONS[operation]["responses"]) <= set(said)
    if operation != "health_check":
        assert set(said) >= {"500", "503", "507"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_is_of_use_to_people(document, described, operation):
    said = described[operation]
    assert said["summary"]
    assert said["description"]
    assert said["tags"][0] in {tag["name"] for tag in document["tags"]}
    assert all(parameter["description"] for parameter in said["parameters"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_needs_the_token_where_leia_does(document, described, operation):
    needs = any(p["name"] == "token" for p in OPERATIONS[operation]["parameters"])
    assert document["components"]["securitySchemes"]["token"]["in"] == "header"
    assert (described[operation].get("security", document["security"]) != []) == needs


@pytest.mark.parametrize("operation", OPERATIONS)
def test_holds_what_leia_answers(described, operation):
    fact = OPERATIONS[operation]["responses"].get("200")
    if not fact or fact == "object":
        return
    content = described[operation]["responses"]["200"]["content"]
    if fact.startswith("bytes"):
        assert list(content) == [fact.removeprefix("bytes (").removesuffix(")")]
        return
    name = fact.removeprefix("list[").removesuffix("]")
    schema = content["application/json"]["schema"]
    plural = {"list[str]": "Tags", "list[Worker]": "Workers"}.get(fact)
    if plural or not fact.startswith("list["):
        assert schema == {"$ref": f"#/components/schemas/{plural or name}"}
    else:
        assert schema["items"] == {"$ref": f"#/components/schemas/{name}"}
        assert set(described[operation]["responses"]["200"]["headers"]) == {
            "Content-Range",
            "Accept-Range",
        }


@pytest.mark.parametrize("name", OBJECTS)
def test_objects_have_leias_fields(document, name):
    fields = document["components"]["schemas"][name]["properties"]
    assert set(SCHEMAS[name]["fields"]) <= set(fields)
    for required in SCHEMAS[name]["required"]:
        assert not _may_be_null(fields[required]), required


def test_links_lead_to_parameters(described):
    found = 0
    for operation in described.values():
        for link in operation["responses"].get("200", {}).get("links", {}).values():
            found += 1
            known = {p["name"] for p in described[link["operationId"]]["parameters"]}
            assert set(link["parameters"]) <= known
    assert found > 100


@pytest.mark.parametrize(
    "operation", [n for n, fact in OPERATIONS.items() if fact.get("paginated")]
)
def test_listings_say_what_they_sort_by(described, operation):
    sort = [p for p in described[operation]["parameters"] if p["name"] == "sort"]
    name = OPERATIONS[operation]["responses"]["200"].removeprefix("list[").removesuffix("]")
    if name != "Annotation":
        assert all(
            field in sort[0]["schema"]["pattern"] for field in SORTABLE[f"get_{name.lower()}s"]
        )
