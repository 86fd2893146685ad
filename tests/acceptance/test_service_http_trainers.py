"""`GET /trainers`: trainers and transforms with their parameters as JSON Schemas."""

import pytest
import requests
from jsonschema import Draft202012Validator

from leia_nb.enums import TransformType

from .clients import connected


@pytest.fixture(scope="module")
def listing(ada):
    response = ada.get("/trainers")
    assert response.status_code == 200
    return response.json()


def test_lists_every_trainer(listing, ada):
    by_name = {trainer["model_module"]: trainer for trainer in listing["trainers"]}
    assert list(by_name) == sorted(by_name)
    assert {name for name, t in by_name.items() if t["trainable"]} == set(
        ada.get("/health").json()["model_modules"]
    )
    classifier = by_name["image_classifier"]
    assert (classifier["model_type"], classifier["input_types"]) == ("classification", ["image"])
    properties = classifier["training_parameters"]["properties"]
    assert list(properties) == [
        "image_size",
        "color",
        "features",
        "strength",
        "folds",
        "seed",
        "skip_unusable",
    ]
    assert properties["image_size"] == {
        "type": "integer",
        "minimum": 8,
        "maximum": 128,
        "default": 24,
        "description": "side of the square that an image is resized to, in pixels",
    }
    assert properties["features"]["enum"] == ["gradients", "pixels"]
    assert list(classifier["apply_parameters"]["properties"]) == ["top", "skip_unusable"]
    assert [*by_name["packed_extractor"]["apply_parameters"]["properties"]] == ["skip_unusable"]


def test_lists_every_transform(listing):
    by_name = {transform["output_type"]: transform for transform in listing["transforms"]}
    assert set(by_name) == {str(name) for name in TransformType}
    image = by_name["image"]["parameters"]["properties"]
    assert list(image) == ["image_slice", "output_quality", "skip_unusable"]
    assert image["output_quality"]["default"] == 75
    assert [*by_name["merge"]["parameters"]["properties"]] == ["skip_unusable"]


def test_the_parameters_are_json_schemas(listing):
    schemas = [t[key] for t in listing["trainers"] for key in t if key.endswith("_parameters")]
    schemas += [t["parameters"] for t in listing["transforms"]]
    for schema in schemas:
        Draft202012Validator.check_schema(schema)
        defaults = {name: p["default"] for name, p in schema["properties"].items()}
        Draft202012Validator(schema).validate(defaults)


def test_a_valid_slice_fits_its_schema(listing):
    (schema,) = (t["parameters"] for t in listing["transforms"] if t["output_type"] == "text")
    validator = Draft202012Validator(schema)
    for image_slice in ("0", "0,2:5,-1", "::2", ":", None):
        validator.validate({"image_slice": image_slice})
    for image_slice in ("", "a", "1..5", 1.5):
        assert not validator.is_valid({"image_slice": image_slice})


def test_needs_a_login(service):
    assert requests.get(f"{service.url}/trainers", timeout=60).status_code == 401


def test_the_client_calls_it(service):
    with connected(service) as leia:
        assert leia._session.call("get_trainers")["trainers"]
