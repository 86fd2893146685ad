import pytest

from leia_nb.service.parameters import Parameter, read
from leia_nb.service.trainers import InvalidParameters, accepts, names, trainer

KNOWN = [
    Parameter("size", 24, "side, in pixels", 8, 128),
    Parameter("rate", 1.0, "how fast", 0.5, 2),
    Parameter("color", False, "whether"),
    Parameter("kind", "one", "which", choices=("one", "two")),
    Parameter("top", None, "how many", 1),
]


def test_defaults():
    assert read(KNOWN, {}, "it") == {
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
        ({"kind": "two"}, "kind", "two"),
        ({"top": "3"}, "top", 3),
    ],
)
def test_values_of_json_and_of_a_query(given, name, value):
    found = read(KNOWN, given, "it")[name]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "given",
    [
        {"size": 7}, {"size": 129}, {"size": "big"}, {"size": 8.5}, {"size": True}, {"size": [9]},
        {"size": {}}, {"size": float("inf")}, {"rate": "nan"}, {"rate": 3}, {"rate": False},
        {"rate": "1e999"}, {"color": "maybe"}, {"color": 2}, {"kind": "three"}, {"kind": 1},
        {"kind": ["one"]}, {"top": 0}, {"top": "-1"},
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_what_its_parameter_is(given):
    (name,) = given
    with pytest.raises(InvalidParameters, match=f"{name} = ") as caught:
        read(KNOWN, given, "it")
    parameter = next(one for one in KNOWN if one.name == name)
    assert f"is not {parameter.wanted} (default " in str(caught.value)
    assert str(caught.value).endswith(f"). {name}: {parameter.about}.")
    assert caught.value.code == "invalid_model_params"


def test_an_unknown_parameter_is_named():
    with pytest.raises(InvalidParameters, match="training it has no parameter 'sise'"):
        read(KNOWN, {"sise": 3}, "training it")
    with pytest.raises(InvalidParameters, match="leave model_params out"):
        read([], {"sise": 3}, "it")


def test_of_a_wrong_value_only_its_own_parameter_is_described():
    with pytest.raises(InvalidParameters) as caught:
        trainer("text_classifier").read_parameters({"folds": 1})
    assert "folds = 1 is not a whole number from 2 to 20 (default 5)." in str(caught.value)
    assert "seed" not in str(caught.value)


def test_the_built_in_trainers_are_known_without_being_installed():
    assert {"image_classifier", "text_classifier"} <= set(names())
    for name in ("image_classifier", "text_classifier"):
        found = trainer(name)
        assert found is not None
        assert found.name == name
        assert found.read_parameters({})["folds"] == 5
        assert found.read_apply_parameters({"top": "2"}) == {"top": 2}
        assert any(line.startswith("seed (") for line in found.describe()["training"])


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
    assert found.read_apply_parameters({}) == apply
    assert len(found.describe()["apply"]) == len(apply)
    assert len(found.describe()["training"]) == len(found.read_parameters({}))


def test_a_trainer_from_another_package_is_found(trainers):
    assert {"patient", "image_classifier"} <= set(names())
    assert trainer("patient").read_parameters({"gate": "x"})["gate"] == "x"


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
