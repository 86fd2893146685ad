"""The inputs for the parameters that the service declares, in the forms for train and apply."""

import threading
from types import SimpleNamespace

import pytest
from ipywidgets import Checkbox, Dropdown, Text

from leia_nb import errors
from leia_nb.widgets import ApplyForm, TrainForm
from leia_nb.widgets.forms.model_params import ModelParamsField

SCHEMA = {
    "$defs": {"Speed": {"enum": ["fast", "slow"], "type": "string"}},
    "properties": {
        "folds": {"type": "integer", "minimum": 2, "maximum": 20, "default": 5,
                  "description": "folds to use", "title": "Folds"},
        "strength": {"type": "number", "exclusiveMinimum": 0, "default": 1.0},
        "color": {"type": "boolean", "default": False},
        "speed": {"$ref": "#/$defs/Speed", "default": "fast"},
        "top": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "default": None},
        "note": {"type": "string"},
        "sizes": {"type": "array"},
    },
}  # fmt: skip


class Declaring:
    def __init__(self, trainers):
        self.trainers = trainers


@pytest.fixture
def field():
    trainers = [{"model_module": "m", "training_parameters": SCHEMA}]
    made = ModelParamsField(Declaring(lambda: trainers), "training_parameters", lambda: "m")
    made.wait()
    yield made
    made.close()


@pytest.fixture
def train(leia):
    form = TrainForm(leia).fill(model_module="image_classifier", documents_tag="digits-train")
    yield form
    form.close()


def inputs(field):
    return {name: parameter.control for name, parameter in field._inputs.items()}


def shown(field):
    return {name: control.value for name, control in inputs(field).items()}


# -- the inputs ----------------------------------------------------------------------------


def test_each_parameter_has_an_input_of_its_type(field):
    kinds = {name: type(control) for name, control in inputs(field).items()}
    assert kinds == {
        "folds": Text, "strength": Text, "color": Checkbox, "speed": Dropdown, "top": Text,
        "note": Text, "sizes": Text,
    }  # fmt: skip


def test_title_description_limits_and_default_are_shown(field):
    folds, speed = inputs(field)["folds"], inputs(field)["speed"]
    assert folds.description == "Folds"
    assert folds.placeholder == "5"
    assert folds.tooltip == "Folds to use: an integer from 2 to 20. Empty: the default, 5."
    assert inputs(field)["top"].description == "top"
    assert [label for label, _choice in speed.options] == ["default: fast", "fast", "slow"]
    assert field._rows in field.row.children


def test_untouched_inputs_send_nothing(field):
    assert field.value is None


@pytest.mark.parametrize(
    ("name", "entered", "value"),
    [
        ("folds", "3", 3),
        ("strength", "0.5", 0.5),
        ("color", True, True),
        ("speed", "slow", "slow"),
        ("top", " 2 ", 2),
        ("note", "3", "3"),
        ("sizes", "[1, 2]", [1, 2]),
    ],
)
def test_what_is_entered_is_the_value(field, name, entered, value):
    empty = inputs(field)[name].value
    inputs(field)[name].value = entered
    assert field.value == {name: value}
    assert field.literal() == repr({name: value})
    inputs(field)[name].value = empty
    assert field.value is None


def test_filled_values_appear_in_their_inputs(field):
    values = {"folds": 3, "color": True, "speed": "slow", "sizes": [1], "unknown": {"a": 1}}
    field.fill(values)
    assert field.value == values
    assert shown(field) == {
        "folds": "3", "strength": "", "color": True, "speed": "slow", "top": "", "note": "",
        "sizes": "[1]",
    }  # fmt: skip
    inputs(field)["folds"].value = "4"
    assert field.value == {**values, "folds": 4}
    field.fill(None)
    assert shown(field)["color"] is False
    assert shown(field)["speed"] == ""


@pytest.mark.parametrize("value", [{"folds": "3"}, {"color": False}, {"top": None}, {"note": 5}])
def test_filled_values_are_sent_as_they_are(field, value):
    field.fill(value)
    assert field.value == value
    assert field.check() is None or "note" in value


def test_text_is_left_as_it_was_typed(field):
    inputs(field)["strength"].value = ".50"
    assert field.value == {"strength": 0.5}
    assert shown(field)["strength"] == ".50"


def test_malformed_json_disables_the_inputs(field):
    field.control.value = '{"folds": '
    assert inputs(field)["folds"].disabled
    field.control.value = '{"folds": 4}'
    assert not inputs(field)["folds"].disabled
    assert shown(field)["folds"] == "4"


def test_a_secret_is_in_no_widget_state(field):
    inputs(field)["note"].value = "Bearer canary"
    inputs(field)["folds"].value = "3"
    assert field.value == {"note": "Bearer canary", "folds": 3}
    assert shown(field)["note"] == "•••"
    assert "canary" not in field.control.value + field.literal()


# -- checks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"folds": 99}, "folds must be an integer from 2 to 20, got 99 (default 5)."),
        ({"folds": "many"}, "folds must be an integer from 2 to 20, got 'many' (default 5)."),
        ({"folds": 2.5}, "folds must be an integer from 2 to 20, got 2.5 (default 5)."),
        ({"strength": 0}, "strength must be a number above 0, got 0 (default 1.0)."),
        ({"color": 1}, "color must be true or false, got 1 (default false)."),
        ({"speed": "warp"}, "speed must be one of fast, slow, got 'warp' (default fast)."),
        ({"top": 0}, "top must be an integer from 1, got 0."),
        ({"sizes": "wide"}, "sizes must be a list, got 'wide'."),
    ],
)
def test_a_value_that_the_schema_does_not_allow(field, value, message):
    assert field.check() is None
    field.fill(value)
    assert field.check() == message


def test_an_error_shows_while_people_type(field):
    inputs(field)["folds"].value = "1"
    assert "folds must be an integer from 2 to 20, got 1" in field._message.value
    inputs(field)["folds"].value = "2"
    assert field._message.value == ""


# -- in the forms --------------------------------------------------------------------------


def test_train_offers_the_parameters_of_the_module(train, until):
    field = train.fields["model_params"]
    until(lambda: inputs(field))
    own = ["image_size", "color", "features", "strength", "folds", "seed"]
    assert list(inputs(field)) == [*own, "skip_unusable"]
    train.fill(model_module="text_classifier")
    assert "vocabulary" in inputs(field)
    train.fill(model_module="unknown")
    assert inputs(field) == {}


def test_values_filled_before_the_module_is_chosen_are_kept(leia):
    form = TrainForm(leia).fill(model_params={"folds": 3, "other": 1})
    form.fill(model_module="image_classifier", documents_tag="digits-train")
    assert form.check() == {}
    assert shown(form.fields["model_params"])["folds"] == "3"
    assert form.values["model_params"] == {"folds": 3, "other": 1}
    assert "    model_params={'folds': 3, 'other': 1}," in form.code
    form.close()


def test_nothing_is_sent_if_a_parameter_is_out_of_bounds(train):
    with pytest.raises(errors.InvalidInput, match="folds must be an integer from 2 to 20"):
        train.fill(model_params={"folds": 99}).submit()
    assert set(train.errors) == {"model_params"}
    assert train.job is None
    assert train.more_button.value


def test_apply_offers_the_parameters_of_the_models_module(leia):
    form = ApplyForm(leia).fill(model="digits-v1", documents="digits-test", format_type=None)
    assert form.check() == {}
    top = inputs(form.fields["model_params"])["top"]
    top.value = "2"
    assert form.values["model_params"] == {"top": 2}
    assert len(form.submit(wait=True)) == 20
    top.value = "0"
    assert form.check() == {"model_params": "top must be an integer from 1, got 0."}
    form.close()


def test_a_service_without_the_operation_leaves_the_json_field(leia, monkeypatch):
    def not_found():
        raise errors.NotFound("There is no such operation.")

    monkeypatch.setattr(leia, "trainers", not_found)
    form = TrainForm(leia).fill(
        model_module="image_classifier", documents_tag="digits-train", model_params={"folds": 99}
    )
    assert form.check() == {}
    field = form.fields["model_params"]
    assert (inputs(field), field._message.value, field._hint.value) == ({}, "", "")
    form.close()


@pytest.mark.parametrize("answer", [[{}], [None], [{"model_module": "m"}]])
def test_an_unexpected_answer_leaves_the_json_field(answer):
    field = ModelParamsField(Declaring(lambda: answer), "training_parameters", lambda: "m")
    field.wait()
    field.fill({"folds": 99})
    assert field.check() is None
    field.close()


def test_the_parameters_are_read_once_and_in_the_background():
    gate, calls = threading.Event(), []

    def trainers():
        calls.append(threading.current_thread())
        gate.wait(60)
        return [{"model_module": "m", "training_parameters": SCHEMA}]

    chosen = SimpleNamespace(module=None)
    field = ModelParamsField(Declaring(trainers), "training_parameters", lambda: chosen.module)
    field.fill({"folds": 99})  # returns although the service has not answered
    assert field.check() is None
    gate.set()
    field.wait()
    for chosen.module in ("m", None, "m"):
        field.refresh()
    assert shown(field)["folds"] == "99"
    assert len(calls) == 1
    assert calls[0] is not threading.main_thread()
    field.close()
