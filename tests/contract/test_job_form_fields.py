"""The forms that submit jobs have a field for every parameter of the seed's operations."""

import inspect
import json
from pathlib import Path

import pytest

from leia_nb.resources.models import Models
from leia_nb.widgets import ApplyForm, TrainForm

SEED = json.loads(
    (Path(__file__).parent / "facts" / "seed_operations.json").read_text(encoding="utf-8")
)
OBJECTS = {"model_id": "model", "document_ids": "documents"}
NO_FIELDS = {"token", "body"}  # the login's; and what carries model_params, callback_headers
FORMS = [
    (ApplyForm, "admin_apply_model_async", Models.apply),
    (TrainForm, "admin_train_model_async", Models.train),
]


@pytest.mark.parametrize(("form", "operation", "call"), FORMS)
def test_every_parameter_of_the_seed_is_a_field(leia_of_forms, form, operation, call):
    seed = set(SEED[operation]["parameters"]) - NO_FIELDS
    opened = form(leia_of_forms)
    assert {OBJECTS.get(name, name) for name in seed} | {"callback_headers"} <= set(opened.fields)
    opened.close()


@pytest.mark.parametrize(("form", "operation", "call"), FORMS)
def test_fields_are_the_parameters_of_the_call(leia_of_forms, form, operation, call):
    opened = form(leia_of_forms)
    assert set(opened.fields) == set(inspect.signature(call).parameters) - {"self", "scope"}
    opened.close()
