"""Rules of conditional jobs: what is sent, and how malformed ones are rejected."""

import numpy as np
import pandas as pd
import pytest

from leia_nb import errors
from leia_nb.records.records import Document, Model
from leia_nb.resources.conditional_jobs import parse_rules

MODEL = Model.from_json(
    {
        "id": "m1", "name": "A", "model_type": "classification", "model_module": "x",
        "model_clazz": "y", "input_types": [], "creation_time": "2026-11-23T12:00:00", "size": 4,
    }
)  # fmt: skip
DOCUMENT = Document.from_json(
    {"id": "d1", "filename": "f", "application_id": "a", "creation_time": "2026-11-23T12:00:00"}
)
APPLY = {"job_type": "apply_model", "model_id": "m1"}
TEXT = {"job_type": "transform", "output_type": "text"}


def rule(conditions=None, *jobs):
    return {"r": {"conditions": conditions or {}, "jobs": list(jobs) or [TEXT]}}


def conditions(wanted):
    return parse_rules(rule({"f": wanted}))["r"]["conditions"]["f"]


def job(**members):
    return parse_rules(rule({}, members))["r"]["jobs"][0]


def test_rules_go_out_as_they_are():
    rules = {
        "bills": {
            "conditions": {"category": "bill", "score": {"$gte": 0.9}},
            "jobs": [APPLY, TEXT],
        },
        "rest": {"conditions": {}, "jobs": [TEXT]},
    }
    assert parse_rules(rules) == rules


@pytest.mark.parametrize(
    "wanted",
    [
        "bill", 0.5, True, None, ["a"], {"$eq": ["a", "b"]}, {"city": "Ulm"},
        {"$eq": 1}, {"$ne": None}, {"$gt": 1, "$lt": "5"}, {"$gte": 1}, {"$lte": 1},
        {"$in": ["a", "b"]}, {"$nin": []}, [{"$gt": 1}, {"$ne": 3}, 2],
    ],
)  # fmt: skip
def test_conditions_of_every_form(wanted):
    assert conditions(wanted) == wanted


def test_a_column_is_a_list_of_values():
    assert conditions({"$in": pd.Series(["a", "b"])}) == {"$in": ["a", "b"]}
    assert conditions({"$in": ("a",)}) == {"$in": ["a"]}


def test_numpy_values_become_json():
    assert job(**TEXT, priority=np.int64(3))["priority"] == 3
    assert job(**APPLY, save_result=np.bool_(False))["save_result"] is False
    assert conditions({"$in": {"a"}}) == {"$in": ["a"]}


def test_objects_go_where_ids_go():
    frame = pd.DataFrame(index=pd.Index(["d2", "d3"], name="id"))
    assert job(job_type="apply_model", model_id=MODEL)["model_id"] == "m1"
    assert job(**TEXT, document_ids=DOCUMENT)["document_ids"] == ["d1"]
    assert job(**TEXT, document_ids=[DOCUMENT, frame])["document_ids"] == ["d1", "d2", "d3"]


def test_every_member_of_the_two_kinds_of_jobs():
    shared = {"document_ids": ["d1"], "tag": "t", "page_range": "0,2:5,-1", "priority": 1}
    apply = {
        **APPLY, **shared, "format_type": "classification", "model_params": {"top": 3},
        "save_result": False,
    }  # fmt: skip
    transform = {**TEXT, **shared, "output_tag": "o", "transform_params": {"output_quality": 50}}
    assert job(**apply) == apply
    assert job(**transform) == transform
    assert job(**TEXT, page_range=None) == TEXT


WRONG = {
    "none": (None, "rules must be an object with at least one rule, .*, got None"),
    "empty": ({}, "at least one rule, .*, got {}"),
    "a list": ([], "rules must be an object"),
    "no text as id": ({1: {}}, "the id of a rule must be a string .*, got 1"),
    "an empty id": ({"": {}}, "the id of a rule must be a string .*, got ''"),
    "a surrogate in an id": ({"\ud800": rule()["r"]}, "cannot be sent as JSON"),
    "no rule": ({"r": []}, "rule 'r' must be an object, got \\[\\]"),
    "no conditions": ({"r": {"jobs": [TEXT]}}, "rule 'r': conditions is missing"),
    "no jobs": ({"r": {"conditions": {}}}, "rule 'r': jobs is missing"),
    "empty jobs": ({"r": {"conditions": {}, "jobs": []}}, "rule 'r': jobs must be a list"),
    "jobs as a dict": ({"r": {"conditions": {}, "jobs": TEXT}}, "a list of at least one job"),
    "conditions as a list": ({"r": {"conditions": [], "jobs": [TEXT]}}, "an object of fields"),
    "another member": ({"r": {"when": {}, **rule()["r"]}}, "unknown member 'when'"),
    "operator": (rule({"score": {"$near": 1}}), r"condition on 'score': unknown operator '\$near'"),
    "operator and value": (rule({"a": {"$gt": 1, "b": 1}}), "unknown operator 'b'"),
    "operator in a list": (rule({"a": [{"$is": 1}]}), "unknown operator '\\$is'"),
    "empty list": (rule({"a": []}), "the list is empty"),
    "a list of values": (rule({"a": ["b", "c"]}), r'use \{"\$in": \[…\]\}'),
    "values and operators": (rule({"a": ["b", {"$gt": 1}, {"x": 1}]}), r'use \{"\$in": \[…\]\}'),
    "$in of a text": (rule({"a": {"$in": "abc"}}), "needs a list of values"),
    "$gt of a list": (rule({"a": {"$gt": [1]}}), "needs a number or a string"),
    "no JSON": (rule({"a": object()}), "cannot be sent as JSON"),
    "NaN": (rule({"a": {"$gt": float("nan")}}), "cannot be sent as JSON"),
    "field": (rule({"": 1}), "field must not be empty"),
    "no job": (rule({}, "text"), "rule 'r', job 1 must be an object, got 'text'"),
    "no job type": (rule({}, {"output_type": "text"}), "rule 'r', job 1: job_type is missing"),
    "job type": (rule({}, TEXT, {"job_type": "train"}), "job 2: job_type must be .*, got 'train'"),
    "no model": (rule({}, {"job_type": "apply_model"}), "model_id is missing"),
    "no output type": (rule({}, {"job_type": "transform"}), "output_type is missing"),
    "output type": (rule({}, {**TEXT, "output_type": "pdf"}), "output_type must be one of .*'pdf'"),
    "member": (rule({}, {**TEXT, "model_id": "m"}), "unknown member 'model_id'"),
    "a document as model": (rule({}, {**APPLY, "model_id": DOCUMENT}), "Expected a model, got"),
    "no documents": (rule({}, {**TEXT, "document_ids": []}), "Expected at least one document"),
    "page range": (rule({}, {**TEXT, "page_range": "1;2"}), "is neither a page nor a slice"),
    "params": (rule({}, {**APPLY, "model_params": [1]}), "model_params must be an object"),
    "priority": (rule({}, {**TEXT, "priority": 1.5}), "priority must be an integer"),
    "save_result": (rule({}, {**APPLY, "save_result": 1}), "save_result must be a boolean"),
    "format": (rule({}, {**APPLY, "format_type": "xml"}), "format_type must be .*, got 'xml'"),
    "tag": (rule({}, {**TEXT, "tag": ".."}), "cannot be part of a URL"),
}


@pytest.mark.parametrize(("rules", "message"), WRONG.values(), ids=WRONG)
def test_malformed_rules_are_rejected(rules, message):
    with pytest.raises(errors.InvalidRules, match=message) as caught:
        parse_rules(rules)
    assert (caught.value.code, caught.value.field) == ("rules_malformed", "rules")
    assert isinstance(caught.value, errors.InvalidInput | errors.BadRequest)
