import json
from typing import Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import Field

from leia_nb.service.parameters import json_schema, read, values_of
from leia_nb.service.trainers import (
    InvalidParameters,
    TrainerParameters,
    accepts,
    names,
    trainer,
)


class Known(TrainerParameters):
    size: int = Field(24, ge=8, le=128, description="side, in pixels")
    rate: float = Field(1.0, ge=0.5, le=2, description="how fast")
    color: bool = Field(False, description="whether")
    kind: Literal["one", "two"] = Field("one", description="which")
    top: int | None = Field(None, ge=1, description="how many")


EXPECTED = {
    "size": "an integer from 8 to 128, got {} (default 24). size: side, in pixels.",
    "rate": "a number from 0.5 to 2, got {} (default 1.0). rate: how fast.",
    "color": "true or false, got {} (default false). color: whether.",
    "kind": "one of one, two, got {} (default one). kind: which.",
    "top": "an integer from 1, got {} (default all). top: how many.",
}


def test_defaults():
    assert values_of(read(Known, {}, "it")) == {
        "size": 24,
        "rate": 1.0,
        "color": False,
        "kind": "one",
        "top": None,
    }


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"size": "32"}, "size", 32),
        ({"size": 32.0}, "size", 32),
        ({"size": None}, "size", 24),
        ({"rate": "0.5"}, "rate", 0.5),
        ({"rate": 2}, "rate", 2.0),
        ({"color": "true"}, "color", True),
        ({"color": "0"}, "color", False),
        ({"color": 1}, "color", True),
        ({"color": " Yes "}, "color", True),
        ({"kind": "two"}, "kind", "two"),
        ({"top": "3"}, "top", 3),
    ],
)
def test_values_of_json_and_of_a_query(given, name, value):
    result = getattr(read(Known, given, "it"), name)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    "given",
    [
        {"size": 7}, {"size": 129}, {"size": "big"}, {"size": 8.5}, {"size": True}, {"size": [9]},
        {"size": {}}, {"size": float("inf")}, {"rate": "nan"}, {"rate": 3}, {"rate": False},
        {"rate": "1e999"}, {"color": "maybe"}, {"color": 2}, {"kind": "three"}, {"kind": 1},
        {"kind": ["one"]}, {"top": 0}, {"top": "-1"},
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_what_was_expected(given):
    ((name, value),) = given.items()
    with pytest.raises(InvalidParameters) as caught:
        read(Known, given, "it")
    expected = EXPECTED[name].format(repr(value))
    assert str(caught.value) == f"model_params: {name} must be {expected}"
    assert caught.value.code == "invalid_model_params"


def test_an_unknown_parameter_is_refused_with_the_known_ones():
    with pytest.raises(InvalidParameters) as caught:
        read(Known, {"sise": 3}, "training it")
    assert str(caught.value) == (
        "model_params: training it has no parameter 'sise'. Did you mean 'size'? Known parameters: "
        "size (an integer from 8 to 128; default 24): side, in pixels; "
        "rate (a number from 0.5 to 2; default 1.0): how fast; "
        "color (true or false; default false): whether; "
        "kind (one of one, two; default one): which; "
        "top (an integer from 1; default all): how many; "
        "skip_unusable (true or false; default false): whether to leave out documents that cannot "
        "be read, instead of failing."
    )


def test_a_parameter_without_default_is_required():
    class Required(TrainerParameters):
        label: str = Field(description="which boxes")
        share: float = Field(0.5, gt=0, lt=1, description="how many")

    with pytest.raises(InvalidParameters, match=r"label must be a string, got None \(required\)"):
        read(Required, {}, "it")
    with pytest.raises(InvalidParameters, match="share must be a number above 0 below 1, got 1 "):
        read(Required, {"label": "a", "share": 1}, "it")


def test_own_parameters_come_before_the_inherited_ones():
    class Own(Known):
        words: int = Field(2, description="how many")

    order = ["words", "size", "rate", "color", "kind", "top"]
    assert list(values_of(Own())) == order
    assert list(json_schema(Own)["properties"]) == [*order, "skip_unusable"]


def test_of_a_wrong_value_only_its_own_parameter_is_described():
    with pytest.raises(InvalidParameters) as caught:
        trainer("text_classifier").read_parameters({"folds": 1})
    assert "folds must be an integer from 2 to 20, got 1 (default 5)." in str(caught.value)
    assert "seed" not in str(caught.value)


def test_the_built_in_trainers_are_known_without_being_installed():
    assert {"image_classifier", "text_classifier"} <= set(names())
    for name in ("image_classifier", "text_classifier"):
        found = trainer(name)
        assert found is not None
        assert found.name == name
        assert found.read_parameters({}).folds == 5
        assert found.read_apply_parameters({"top": "2"}).top == 2
        assert "seed" in found.describe()["training_parameters"]["properties"]


@pytest.mark.parametrize(
    ("name", "apply"),
    [
        ("key_value_extractor", {"threshold": 0.5}),
        ("image_extractor", {"threshold": 0.5, "most": 20}),
        ("packed_classifier", {"top": None}),
        ("packed_extractor", {}),
    ],
)
def test_the_other_built_in_modules_say_their_parameters(name, apply):
    found = trainer(name)
    assert (found.name, found.trainable) == (name, not name.startswith("packed"))
    assert values_of(found.read_apply_parameters({})) == apply


@pytest.mark.parametrize("name", names())
def test_a_trainer_describes_itself_with_json_schemas(name):
    module = trainer(name)
    description = json.loads(json.dumps(module.describe()))
    assert (description["model_module"], description["trainable"]) == (name, module.trainable)
    assert description["description"].endswith(".")
    for kind, defaults in (
        ("training_parameters", module.read_parameters({})),
        ("apply_parameters", module.read_apply_parameters({})),
    ):
        schema = description[kind]
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(values_of(defaults))
        assert schema["additionalProperties"] is False
        expected = {**values_of(defaults), "skip_unusable": False}
        assert {n: p["default"] for n, p in schema["properties"].items()} == expected
        assert all(p["description"] for p in schema["properties"].values())


def test_a_trainer_from_another_package_is_found(trainers):
    assert {"patient", "image_classifier"} <= set(names())
    assert trainer("patient").read_parameters({"gate": "x"}).gate == "x"


@pytest.mark.parametrize("name", ["lacking", "absent", "never heard of"])
def test_a_trainer_that_is_broken_or_unknown_is_none(trainers, name):
    assert trainer(name) is None


@pytest.mark.parametrize(
    ("input_types", "mime_type", "accepted"),
    [
        (["image"], "image/png", True),
        (["image"], "IMAGE/JPEG; q=1", True),
        (["image"], "text/plain", False),
        (["image"], "application/pdf", False),
        (["image"], None, True),
        (["image"], "application/octet-stream", True),
        (["text"], "text/html", True),
        (["text"], "application/pdf", True),
        (["text"], "image/png", False),
        (["list[pdf]"], "application/pdf", True),
        (["list[pdf]"], "text/plain", False),
        (["image", "text"], "text/plain", True),
        (["video"], "video/mp4", True),
        (["text_tree"], "application/json", True),
        ([], "image/png", False),
    ],
)
def test_what_a_model_reads(input_types, mime_type, accepted):
    assert accepts(input_types, mime_type) is accepted
