"""Every parameter of the seed's create, apply, train and edit operations is a field of its form."""

import inspect

import pytest

from leia_nb.resources.models import Models
from leia_nb.widgets import ApplyForm, CreateForm, EditForm, TrainForm

from .facts import read

SEED = read("seed_operations")
SCHEMAS = read("schemas")
ALL = read("operations")["operations"]
FORMS = {
    "admin_apply_model_async": (ApplyForm, Models.apply),
    "admin_create_model": (CreateForm, Models.create),
    "admin_edit_model": (EditForm, Models.edit),
    "admin_train_model_async": (TrainForm, Models.train),
}
# LEIA's name -> ours, where an object goes as well as its id.
RENAMED = {"model_id": "model", "document_ids": "documents"}
NOT_FIELDS = {"token", "body"}  # the login's; and the body, whose parts are fields
NOT_FILLED_IN = {"self", "scope", "progress"}  # of the Python call


@pytest.fixture(params=FORMS)
def opened(request, leia_of_examples):
    kind, method = FORMS[request.param]
    form = kind(leia_of_examples, *(["digits-v1"] if kind is EditForm else []))
    yield form, method, SEED[request.param]
    form.close()


def parts_of_body(operation):
    kind = operation["parameters"].get("body", {}).get("type")
    return {"file"} if kind == "bytes" else set(SCHEMAS.get(kind, {}).get("fields", ()))


def newer(operation):
    """Return the parameters that only a newer SDK knows, of the admin call or its plain twin."""
    twins = [ALL[n] for n in (operation, operation.removeprefix("admin_")) if n in ALL]
    return {p["name"] for twin in twins for p in twin["parameters"] if "since" in p}


def test_every_parameter_is_a_field(opened, request):
    form, _, operation = opened
    wanted = (set(operation["parameters"]) - NOT_FIELDS) | parts_of_body(operation)
    wanted |= newer(request.node.callspec.params["opened"])
    assert set(form.fields) == {RENAMED.get(name, name) for name in wanted}


def test_every_field_is_a_parameter_of_the_python_call(opened):
    form, method, _ = opened
    assert set(form.fields) == set(inspect.signature(method).parameters) - NOT_FILLED_IN


def test_what_is_required_is_marked_and_not_hidden(opened):
    form, method, _ = opened
    for name, parameter in inspect.signature(method).parameters.items():
        if parameter.default is inspect.Parameter.empty and name not in {"self", "model"}:
            assert form.fields[name].required, name
            assert name not in form.form_layout._more_names


def test_every_field_has_label_and_tooltip(opened):
    form, _, _ = opened
    for field in form.fields.values():
        assert field.label
        assert field.tooltip.endswith("."), field.name
