import json
from pathlib import Path

import pytest

from leia_nb.api.operations import EXTENSIONS, OPERATIONS

FACTS = json.loads(
    (Path(__file__).parents[2] / "contract" / "facts" / "operations.json").read_text("utf-8")
)["operations"]
IN_THE_BODY = {"model_params", "transform_params"}

CLEARED = {"allowed_application_ids": []}


def target(operation, **values):
    return OPERATIONS[operation].target(values)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("get_models", {}, "/model"),
        ("get_models", {"name": None, "limit": 0}, "/model?limit=0"),
        ("get_models", {"name": "R&D =+#/ü"}, "/model?name=R%26D%20%3D%2B%23%2F%C3%BC"),
        ("get_models", {"tags": ["a", "b c"]}, "/model?tags=a&tags=b%20c"),
        ("get_models", {"only_mine": True}, "/model?only_mine=true"),
        ("get_models", {"created_after": "2026-11-23T12:00:00"},
         "/model?created_after=2026-11-23T12%3A00%3A00"),
        ("get_model", {"model_id": "a/b?c"}, "/model/a%2Fb%3Fc"),
        ("get_job_statuses", {"job_ids": ["1", "2,3"]}, "/job/1,2%2C3/status"),
        ("transform_document_async", {"document_ids": ["1", "2"], "output_type": "text",
         "output_tag": "a&b"}, "/document/1,2/transform/text?output_tag=a%26b"),
        ("admin_edit_application", {"application_id": "x", "always_on_start_days": [1, 5],
         "dedicated_workers": False},
         "/admin/application/x?dedicated_workers=false&always_on_start_days=1&always_on_start_days=5"),
        ("admin_create_model", {"application_id": "x", "name": "N", "cores": 0.5},
         "/admin/x/model?name=N&cores=0.5"),
        ("admin_edit_model", {"application_id": "x", "model_id": "m", **CLEARED},
         "/admin/x/model/m?allowed_application_ids="),
    ],
)  # fmt: skip
def test_values_are_put_in_their_place_and_escaped(name, values, expected):
    assert target(name, **values) == expected


def test_unknown_parameters_are_refused():
    with pytest.raises(TypeError, match="get_model: unknown parameter tag"):
        target("get_model", model_id="m", tag="t")


def test_every_operation_is_there_and_one_extension():
    assert set(OPERATIONS) == set(FACTS)
    assert len(OPERATIONS) == 72
    assert set(EXTENSIONS) == {"get_trainers"}
    assert not set(EXTENSIONS) & set(OPERATIONS)


@pytest.mark.parametrize("name", FACTS)
def test_method_path_and_body_are_leias(name):
    ours, leias = OPERATIONS[name], FACTS[name]
    assert (ours.method, ours.path) == (leias["method"], leias["path"])
    kinds = {"application/octet-stream": "bytes", "application/json": "json", None: None}
    assert ours.body == kinds[(leias["body"] or {}).get("content_type")]


@pytest.mark.parametrize("name", FACTS)
def test_parameters_are_leias(name):
    leias = {"path": set(), "query": set(), "header": set()}
    for parameter in FACTS[name].get("parameters", []):
        leias[parameter["in"]].add(parameter["name"])
    ours = OPERATIONS[name]
    assert set(ours.placeholders) == leias["path"]
    assert len(ours.query) == len(set(ours.query))
    assert set(ours.query) == leias["query"] - IN_THE_BODY


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (name, parameter)
        for name in FACTS
        for parameter in FACTS[name].get("parameters", [])
        if "encoding" in parameter and parameter["name"] not in IN_THE_BODY
    ],
)
def test_lists_are_encoded_as_leia_says(name, parameter):
    values = dict.fromkeys(OPERATIONS[name].placeholders, "x") | {parameter["name"]: ["a", "b"]}
    repeated = f"{parameter['name']}=a&{parameter['name']}=b"
    assert parameter["encoding"].split()[0] in ("repeated", "comma-separated")
    expected = repeated if parameter["encoding"].startswith("repeated") else "/a,b"
    assert expected in target(name, **values)


def test_what_only_admins_have():
    only = {
        n.removeprefix("admin_")
        for n in OPERATIONS
        if n.startswith("admin_") and n.removeprefix("admin_") not in OPERATIONS
    }
    assert only == {
        "create_model",
        "delete_model",
        "edit_model",
        "get_model_contents",
        "get_applications",
        "get_application",
        "create_application",
        "edit_application",
        "delete_application",
        "reset_api_key",
        "delete_always_on_schedule",
    }
