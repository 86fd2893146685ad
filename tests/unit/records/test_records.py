import json
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leia_nb.enums import ModelInputType, ModelType
from leia_nb.errors import UnexpectedAnswer
from leia_nb.records.records import (
    Annotation,
    Application,
    Classification,
    Document,
    JobRecord,
    Model,
    Worker,
)

SCHEMAS = json.loads(
    (Path(__file__).parents[2] / "contract" / "facts" / "schemas.json").read_text("utf-8")
)
RECORDS = {
    "Annotation": Annotation,
    "Application": Application,
    "Classification": Classification,
    "Document": Document,
    "Job": JobRecord,
    "Model": Model,
    "Worker": Worker,
}
# What can be edited of an application, and the embedded service therefore tells.
EDITED = {"Application": {"always_on_schedules", "reduce_callback_payloads"}}
MODEL = {
    "id": "m1",
    "name": "A",
    "model_type": "classification",
    "model_module": "image_classifier",
    "model_clazz": "Any",
    "input_types": ["image", "hologram"],
    "size": 7,
    "creation_time": "2026-11-23T12:00:00",
    "tags": None,
    "output_format": {"a": [1]},
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_has_the_fields_that_leia_lists(name):
    schema = SCHEMAS[name]
    found = {one.name: one for one in fields(RECORDS[name]) if one.name != "extra"}
    assert found.keys() == schema["fields"].keys() | EDITED.get(name, set())
    needed = {one.name for one in found.values() if one.default is MISSING}
    assert needed <= set(schema["required"])


def test_values_are_read():
    model = Model.from_json({**MODEL, "ttl": -1, "tags": ["a"]})
    assert model.model_type is ModelType.CLASSIFICATION
    assert model.input_types == (ModelInputType.IMAGE, "hologram")
    assert model.creation_time == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert (model.tags, model.ttl, model.short_name) == (("a",), -1, None)


def test_nulls_are_defaults():
    model = Model.from_json({**MODEL, "allowed_application_ids": None, "description": None})
    assert (model.tags, model.allowed_application_ids, model.description) == ((), (), None)


@pytest.mark.parametrize("text", ["2026-11-23T14:00:00+02:00", "2026-11-23T12:00:00.000Z"])
def test_times_with_a_zone_become_utc(text):
    model = Model.from_json({**MODEL, "creation_time": text})
    assert model.creation_time == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_unknown_fields_and_values_are_kept():
    model = Model.from_json({**MODEL, "model_type": "oracle", "mood": "good"})
    assert (model.model_type, model.extra) == ("oracle", {"mood": "good"})


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([], "Expected the JSON object of a Model from LEIA, got a list"),
        ({"id": "m1"}, "without name"),
        ({**MODEL, "size": "big"}, "invalid 'size'"),
        ({**MODEL, "creation_time": 5}, "invalid 'creation_time'"),
    ],
)
def test_other_answers_are_unexpected(data, told):
    with pytest.raises(UnexpectedAnswer, match=told):
        Model.from_json(data)


def test_records_are_frozen_equal_and_hashable():
    one, two = Model.from_json(MODEL), Model.from_json(MODEL)
    assert one == two
    assert len({one, two}) == 1
    with pytest.raises(AttributeError):
        one.name = "B"


def test_repr_is_short_and_shows_what_is_there():
    shown = repr(Model.from_json({**MODEL, "documentation": "x" * 5000}))
    assert shown.startswith("Model(id='m1', name='A', model_type='classification'")
    assert "short_name" not in shown
    assert len(shown) < 500


def test_html_is_escaped():
    shown = Model.from_json({**MODEL, "name": "<script>"})._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_the_api_key_is_never_shown():
    data = {"application_type": "admin", "email": "e", "first_name": "f", "last_name": "l"}
    application = Application.from_json({**data, "api_key": "canary"})
    assert application.api_key == "canary"
    assert application.is_admin
    assert "canary" not in repr(application) + application._repr_html_()


def test_job_knows_when_it_is_over():
    data = {
        "id": "j", "job_type": "predict", "application_id": "a", "document_ids": ["d"],
        "creation_time": "2026-11-23T12:00:00",
    }  # fmt: skip
    over = {
        s: JobRecord.from_json({**data, "status": s}).is_over for s in ("READY", "FAILED", "NEW")
    }
    assert over == {"READY": False, "FAILED": True, "NEW": False}


def test_documents_and_classifications():
    document = Document.from_json(
        {"id": "d", "application_id": "a", "filename": "x", "creation_time": "2026-11-23T12:00:00"}
    )
    assert (document.tags, document.page) == ((), None)
    assert Classification.from_json({"category": "1", "score": 1}).score == 1.0


def test_articles():
    with pytest.raises(UnexpectedAnswer, match="returned an Application without email"):
        Application.from_json({"application_type": "admin", "first_name": "f", "last_name": "l"})


@pytest.mark.parametrize(
    "wrong",
    [{"size": float("inf")}, {"creation_time": "0001-01-01T00:00:00+14:00"}],
)
def test_numbers_and_times_out_of_bounds(wrong):
    with pytest.raises(UnexpectedAnswer, match="with an invalid"):
        Model.from_json({**MODEL, **wrong})
