"""Conditions of rules, without a service."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leia_nb.api.conditions import hold, json_equal, parse
from leia_nb.enums import ConditionOperator

SAID = {"category": "invoice", "score": 0.9, "accuracy": 1}
ITEMS = [
    {"key": "total", "value": "120.50", "score": 0.8},
    {"key": "date", "value": "2026-11-23"},
    {"key": "total", "value": "7"},
    {"key": "seller", "value": {"name": "Ada", "city": None}},
    {"key": "a.b", "value": "dotted"},
]
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def of_value(value, condition):
    return hold({"x": condition}, "classification", {"x": value})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"category": "invoice"}, True),
        ({"category": "letter"}, False),
        ({"category": "invoice", "score": {"$gt": 0.95}}, False),
        ({"score": {"$gte": 0.9, "$lte": 0.9}}, True),
        ({"score": [{"$gt": 0.5}, {"$lt": 0.8}]}, False),
        ({"score": [{"$gt": 0.5}, {"$ne": 0.8}]}, True),
        ({"accuracy": 1.0}, True),
        ({"accuracy": True}, False),
        ({"accuracy": "1"}, False),
        ({"category": ["invoice", {"$ne": "letter"}]}, True),
        ({"category": {"$in": ["letter", "invoice"]}}, True),
        ({"category": {"$nin": ["letter", "invoice"]}}, False),
        ({}, True),
    ],
)
def test_a_classification(condition, expected):
    assert hold(condition, "classification", SAID) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"total": {"$gt": 100}}, True),
        ({"total": {"$gt": "9"}}, False),
        ({"total": "120.50"}, True),
        ({"total": 120.5}, False),
        ({"total.score": {"$gt": 0.7}}, True),
        ({"date": {"$lt": "2027-01-01"}}, True),
        ({"seller.name": "Ada"}, True),
        ({"seller.city": None}, True),
        ({"seller.street": None}, False),
        ({"seller": {"name": "Ada", "city": None}}, True),
        ({"a.b": "dotted"}, True),
        ({"nothing": {"$ne": 1}}, True),
    ],
)
def test_key_value_items(condition, expected):
    assert hold(condition, "object", ITEMS) is expected


@pytest.mark.parametrize("operator", ConditionOperator)
def test_a_field_that_is_not_there_meets_only_ne_and_nin(operator):
    value = [1] if operator in ("$in", "$nin") else 1
    for result_type, result in (
        ("classification", SAID),
        ("object", ITEMS),
        ("object", "text"),
        ("object", None),
        ("list[document]", []),
        ("dict[object]", {}),
        ("document", {"filename": "a"}),
    ):
        expected = operator in ("$ne", "$nin")
        assert hold({"gone.x": {operator: value}}, result_type, result) is expected


def test_several_documents_must_all_meet_it():
    documents = [{"page": 0, "mime_type": "image/png"}, {"page": 1, "mime_type": "image/png"}]
    assert hold({"mime_type": "image/png"}, "list[document]", documents)
    assert not hold({"page": {"$gt": 0}}, "list[document]", documents)
    by_id = {"a": SAID, "b": {**SAID, "category": "letter"}}
    assert hold({"score": 0.9}, "dict[classification]", by_id)
    assert not hold({"category": "invoice"}, "dict[classification]", by_id)
    assert hold({"category": {"$in": ["invoice", "letter"]}}, "dict[classification]", by_id)


def test_the_result_of_a_conditional_job():
    said = {"invoices": [{"result_type": "classification", "result": SAID}]}
    assert hold({"invoices.0.result.category": "invoice"}, "conditional", said)
    assert not hold({"invoices.1.result.category": "invoice"}, "conditional", said)
    assert not hold({"invoices.x": "invoice"}, "conditional", said)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"a": {"$near": 1}}, r"condition on 'a': unknown operator '\$near'"),
        ({"a": {"$eq": 1, "b": 2}}, "unknown operator 'b'"),
        ({"a": [1, {"$regex": "x"}]}, r"\$regex"),
        ({"a": []}, "the list is empty"),
        ({"a": ["b", "c"]}, r'use \{"\$in": \[…\]\}'),
        ({"a": [1, {"$gt": 0}, {"b": 2}]}, r'use \{"\$in": \[…\]\}'),
        ({"a": {"$in": "abc"}}, "needs a list of values"),
        ({"a": {"$nin": None}}, "needs a list of values"),
        ({"a": {"$gt": True}}, "needs a number or a string"),
        ({"a": {"$lte": [1]}}, "needs a number or a string"),
    ],
)
def test_what_cannot_be_understood(conditions, words):
    with pytest.raises(ValueError, match=words):
        parse(conditions, lambda _, value: value)


@pytest.mark.parametrize(
    ("found", "operator", "value", "expected"),
    [
        ("10", "$gt", 9, True),
        (" 1e1 ", "$gte", 10, True),
        ("10", "$gt", "9", False),
        (10, "$gt", "9", True),
        ("nan", "$lt", 1, False),
        ("inf", "$gt", 1, False),
        ("1_0", "$gt", 1, False),
        ("9" * 5000, "$gt", 1, False),
        ("ten", "$gt", 1, False),
        (True, "$gt", 0, False),
        (None, "$lt", 1, False),
        ([2], "$gt", 1, False),
        (2**80 + 1, "$gt", 2**80, True),
        (10**400, "$gt", 1.5, True),
        (1.5, "$gt", 10**400, False),
        ("b", "$gt", "a", True),
        ("", "$lt", "a", True),
    ],
)
def test_orders(found, operator, value, expected):
    assert of_value(found, {operator: value}) is expected


@given(JSON, JSON)
def test_ne_and_nin_are_the_opposites_of_eq_and_in(found, value):
    same = of_value(found, {"$eq": value})
    assert of_value(found, {"$ne": value}) is not same
    assert of_value(found, {"$in": [value, "other value"]}) is (same or found == "other value")
    assert of_value(found, {"$nin": [value]}) is not same
    assert json_equal(found, found)
    assert json_equal(found, value) == json_equal(value, found)


@given(NUMBERS, NUMBERS, st.booleans())
def test_numbers_are_ordered_also_as_text(found, value, as_text):
    given = repr(found) if as_text else found
    assert of_value(given, {"$gt": value}) is (found > value)
    assert of_value(given, {"$gte": value}) is (found >= value)
    assert of_value(given, {"$lt": value}) is (found < value)
    assert of_value(given, {"$lte": value}) is (found <= value)


@given(JSON, JSON, st.sampled_from(["classification", "object", "list[document]", "dict[object]"]))
def test_no_result_and_no_condition_breaks_it(result, condition, result_type):
    conditions = {"a": condition, "a.0.b": condition}
    try:
        parse(conditions, lambda _, value: value)
    except ValueError:
        return
    assert hold(conditions, result_type, result) in (True, False)
    assert hold({}, result_type, result) is True
