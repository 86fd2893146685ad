"""Conditions of rules: their grammar, and whether a job's result meets them.

A condition is ``field: value``, ``field: {operator: value}`` or ``field: [ … ]``, a list of
operators and at most one value, of which all must hold.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from leia_nb.enums import ConditionOperator, ResultType

Convert = Callable[[str, Any], Any]
"""Takes the name of a value and the value as given; returns the JSON value to check."""

_OPERATORS = ", ".join(ConditionOperator)
_LIST_OPERATORS = (ConditionOperator.IN, ConditionOperator.NIN)
_COMPARE: dict[ConditionOperator, Callable[[Any, Any], bool]] = {
    ConditionOperator.GT: operator.gt,
    ConditionOperator.GTE: operator.ge,
    ConditionOperator.LT: operator.lt,
    ConditionOperator.LTE: operator.le,
}
_MISSING = object()
_NUMBER = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})([eE][+-]?[0-9]{1,3})?")
_BY_DOCUMENT = (ResultType.OBJECT_BY_DOCUMENT, ResultType.CLASSIFICATION_BY_DOCUMENT)


def parse(conditions: Mapping[str, Any], convert: Convert) -> dict[str, Any]:
    """Return the conditions of a rule as JSON; raise `ValueError` if one is malformed.

    Examples
    --------
    >>> parse({"score": {"$gt": 0.9}}, lambda name, value: value)
    {'score': {'$gt': 0.9}}
    """
    parsed = {}
    for field, condition in conditions.items():
        try:
            parsed[field] = _parse_condition(field, condition, convert)
        except ValueError as error:
            raise ValueError(f"condition on {field!r:.80}: {error}") from None
    return parsed


def _parse_condition(field: str, condition: Any, convert: Convert) -> Any:
    if not isinstance(field, str):
        raise ValueError("the field must be a string.")
    convert("field", field)
    if not isinstance(condition, list | tuple):
        return _parse_comparison(condition, convert)
    if not condition:
        raise ValueError(
            'the list is empty. Give what must hold, or {"$eq": []} to compare with an empty list.'
        )
    if sum(map(_is_value, condition)) > 1:
        raise ValueError(
            "the list has several values, and the field cannot equal all of them. For any one "
            'of them use {"$in": […]}, for a field that is itself this list {"$eq": […]}.'
        )
    return [_parse_comparison(item, convert) for item in condition]


def _parse_comparison(comparison: Any, convert: Convert) -> Any:
    if _is_value(comparison):
        return convert("value", comparison)
    return {
        _parse_operator(name): _parse_operand(name, convert(name, value))
        for name, value in comparison.items()
    }


def _is_value(comparison: Any) -> bool:
    """Tell whether this is a value to equal, not operators."""
    is_object = isinstance(comparison, Mapping)
    return not is_object or not any(str(name).startswith("$") for name in comparison)


def _parse_operator(name: Any) -> str:
    if name not in tuple(ConditionOperator):
        raise ValueError(f"unknown operator {name!r:.80}. Use one of {_OPERATORS}.")
    return str(name)


def _parse_operand(name: str, value: Any) -> Any:
    if name in _COMPARE and not _is_number(value) and not isinstance(value, str):
        raise ValueError(f"{name} needs a number or a string, got {value!r:.80}.")
    if name in _LIST_OPERATORS and not isinstance(value, list):
        raise ValueError(f"{name} needs a list of values, got {value!r:.80}.")
    return value


def schemas(ref: Callable[[str], dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of conditions; `ref` returns the reference to a schema."""
    value: list[dict[str, Any]] = [
        {"type": ["string", "number", "boolean", "null"]},
        {"type": "object", "propertyNames": {"pattern": r"^([^$]|$)"}},
    ]
    array = {"type": "array", "items": {}}
    operands: dict[str, dict[str, Any]] = {
        **{name: {} for name in ConditionOperator},
        **{name: {"type": ["string", "number"]} for name in _COMPARE},
        **dict.fromkeys(_LIST_OPERATORS, array),
    }
    comparison = [*value, ref("Comparison")]
    return {
        "Comparison": {
            "description": "How the field compares with a value.",
            "type": "object",
            "properties": {str(name): schema for name, schema in operands.items()},
            "additionalProperties": False,
            "minProperties": 1,
        },
        "Condition": {
            "description": "What a field of the result must be: a value, a comparison, or a list "
            "of these, of which all must hold.",
            "anyOf": [
                *comparison,
                {"type": "array", "items": {"anyOf": [*comparison, array]}, "minItems": 1},
            ],
        },
    }


def hold(conditions: Mapping[str, Any], result_type: str | None, result: Any) -> bool:
    """Tell whether all conditions hold for a job's result, of several documents for each.

    A missing field meets only ``$ne`` and ``$nin``.

    Examples
    --------
    >>> hold({"total": [{"$gt": 100}, {"$lt": 200}]}, "object", [{"key": "total", "value": "120"}])
    True
    """
    subjects = _subjects(result_type, result)
    return all(
        _meets(_field_value(subject, field), name, value)
        for field, condition in conditions.items()
        for name, value in _comparisons(condition)
        for subject in subjects
    )


def missing_fields(
    conditions: Mapping[str, Any], result_type: str | None, result: Any
) -> list[str]:
    """Return the fields of conditions that no part of a job's result has.

    Examples
    --------
    >>> missing_fields({"category": "invoice", "letter": 1}, "object", {"letter": 0.1})
    ['category']
    """
    subjects = _subjects(result_type, result)
    return [
        field
        for field in conditions
        if all(_field_value(subject, field) is _MISSING for subject in subjects)
    ]


def field_names(result_type: str | None, result: Any) -> list[str]:
    """Return the field names that conditions on a job's result can use, without repetition.

    Examples
    --------
    >>> field_names("object", [{"key": "total", "value": "120"}, {"key": "total", "value": "7"}])
    ['total']
    """
    names: dict[str, None] = {}
    for subject in _subjects(result_type, result):
        if isinstance(subject, dict):
            names.update(dict.fromkeys(map(str, subject)))
        for item in subject if isinstance(subject, list) else ():
            if isinstance(item, dict) and isinstance(item.get("key"), str):
                names[item["key"]] = None
    return list(names)


def _subjects(result_type: str | None, result: Any) -> list[Any]:
    """Return the parts of a result that conditions apply to, one per document."""
    subjects: list[Any] = [result]
    if result_type == ResultType.DOCUMENTS and isinstance(result, list):
        subjects = result
    if result_type in _BY_DOCUMENT and isinstance(result, dict):
        subjects = list(result.values())
    return subjects or [{}]


def _field_value(subject: Any, field: str) -> Any:
    """Return a field of a result; of key-value items, the value of the first with this key."""
    if not isinstance(subject, list):
        return _member(subject, field)
    items: dict[str, Any] = {}
    for item in subject:
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            items.setdefault(item["key"], item)
    value = _member({key: item.get("value") for key, item in items.items()}, field)
    return _member(items, field) if value is _MISSING else value


def _member(value: Any, path: str) -> Any:
    """Return the value at a dotted path; a name that itself contains dots takes precedence."""
    if isinstance(value, list):
        head, _, rest = path.partition(".")
        if not (head.isascii() and head.isdigit() and len(head) < 10 and int(head) < len(value)):
            return _MISSING
        return _member(value[int(head)], rest) if rest else value[int(head)]
    if not isinstance(value, dict):
        return _MISSING
    if path in value:
        return value[path]
    for dot in (index for index, character in enumerate(path) if character == "."):
        if path[:dot] in value:
            member = _member(value[path[:dot]], path[dot + 1 :])
            if member is not _MISSING:
                return member
    return _MISSING


def _comparisons(condition: Any) -> Iterator[tuple[ConditionOperator, Any]]:
    """Yield the comparisons of a parsed condition."""
    for item in condition if isinstance(condition, list) else [condition]:
        if _is_value(item):
            yield ConditionOperator.EQ, item
        else:
            yield from ((ConditionOperator(name), value) for name, value in item.items())


def _meets(actual: Any, name: ConditionOperator, value: Any) -> bool:
    match name:
        case ConditionOperator.EQ:
            return json_equal(actual, value)
        case ConditionOperator.NE:
            return not json_equal(actual, value)
        case ConditionOperator.IN:
            return any(json_equal(actual, item) for item in value)
        case ConditionOperator.NIN:
            return not any(json_equal(actual, item) for item in value)
        case _:
            operands = _comparable(actual, value)
            return operands is not None and _COMPARE[name](*operands)


def json_equal(one: Any, other: Any) -> bool:
    """Compare two JSON values: 1 equals 1.0, but neither true nor "1".

    Examples
    --------
    >>> json_equal([1, {"a": None}], [1.0, {"a": None}]), json_equal(1, True), json_equal(1, "1")
    (True, False, False)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(json_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(json_equal, one, other))
    if _is_number(one) and _is_number(other):
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)


def _comparable(actual: Any, value: Any) -> tuple[Any, Any] | None:
    """Return both as numbers or both as strings; None if they cannot be compared."""
    if isinstance(actual, str) and isinstance(value, str):
        return actual, value
    numbers = _number(actual), _number(value)
    return None if None in numbers else numbers


def _number(value: Any) -> float | None:
    if _is_number(value):
        return None if isinstance(value, float) and math.isnan(value) else value
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        return None
    text = value.strip()
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
