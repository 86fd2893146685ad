import pytest

from leia_nb.operations import OPERATIONS

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
        ("admin_edit_model", {"application_id": "x", "model_id": "m", **CLEARED},
         "/admin/x/model/m?allowed_application_ids="),
    ],
)  # fmt: skip
def test_values_are_put_in_their_place_and_escaped(name, values, expected):
    assert target(name, **values) == expected


def test_unknown_parameters_are_refused():
    with pytest.raises(TypeError, match="get_model has no parameter tag"):
        target("get_model", model_id="m", tag="t")


def test_only_admins_create_edit_delete_and_download_models():
    only = {
        n
        for n in OPERATIONS
        if n.startswith("admin_") and n.removeprefix("admin_") not in OPERATIONS
    }
    assert only == {
        "admin_create_model",
        "admin_delete_model",
        "admin_edit_model",
        "admin_get_model_contents",
    }
