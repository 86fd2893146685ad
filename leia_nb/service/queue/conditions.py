"""Conditions of rules: whether what a job answered is what a rule asks for.

A condition is ``field: value``, ``field: {operator: value}`` or ``field: [ … ]``, of which
all must hold. Nothing here knows of jobs, rows or HTTP.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from leia_nb.enums import ConditionOperator, ResultType

_OPERATORS = ", ".join(ConditionOperator)
_MISSING = object()
_NUMBER = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})([eE][+-]?[0-9]{1,3})?")
_BY_DOCUMENT = (ResultType.OBJECT_BY_DOCUMENT, ResultType.CLASSIFICATION_BY_DOCUMENT)


class ConditionError(ValueError):
    """A condition that cannot be understood; its text says which, and what to write."""


def check(conditions: Mapping[str, Any]) -> None:
    """Refuse conditions that cannot be understood.

    Parameters
    ----------
    conditions : mapping of str to object
        The conditions of one rule, by field.

    Raises
    ------
    ConditionError
        For an unknown operator, a value that the operator cannot compare with, or several
        values that a field would have to equal at once.

    Examples
    --------
    >>> check({"score": {"$gt": 0.9}})
    >>> check({"score": {"$near": 0.9}})  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ConditionError: the condition on 'score' has the unknown operator '$near'. …
    """
    for field, wanted in conditions.items():
        for operator, value in _parts(field, wanted):
            _check_value(field, operator, value)
        _check_values(field, wanted)


def hold(conditions: Mapping[str, Any], result_type: str | None, result: Any) -> bool:
    """Tell whether all conditions hold for a job's result.

    A result of several documents must meet them for every one. A field that is not
    there meets only ``$ne`` and ``$nin``; so does every field of a result that is empty.

    Parameters
    ----------
    conditions : mapping of str to object
        The conditions by field; ``a.b`` names the member b of a. None hold always.
    result_type : str or None
        What the result is, a `ResultType` wire value.
    result : object
        The result as JSON.

    Returns
    -------
    bool
        Whether they hold.

    Raises
    ------
    ConditionError
        See `check`.

    Examples
    --------
    >>> said = {"category": "invoice", "score": 0.93, "accuracy": 0.98}
    >>> hold({"category": "invoice", "score": {"$gte": 0.9}}, "classification", said)
    True
    >>> hold({"total": [{"$gt": 100}, {"$lt": 200}]}, "object", [{"key": "total", "value": "120"}])
    True
    """
    subjects = _subjects(result_type, result)
    return all(
        _meets(field_value(subject, field), operator, value)
        for field, wanted in conditions.items()
        for operator, value in _parts(field, wanted)
        for subject in subjects
    )


def field_value(subject: Any, field: str) -> Any:
    """Return a field of one result; a sentinel that equals nothing if it is not there."""
    if isinstance(subject, list):
        return _of_items(subject, field)
    return _member(subject, field)


def absent(conditions: Mapping[str, Any], result_type: str | None, result: Any) -> list[str]:
    """Return the fields of conditions that are in no part of a job's result.

    Examples
    --------
    >>> absent({"category": "invoice", "letter": 1}, "object", {"invoice": 0.9, "letter": 0.1})
    ['category']
    """
    subjects = _subjects(result_type, result)
    return [
        field
        for field in conditions
        if all(field_value(subject, field) is _MISSING for subject in subjects)
    ]


def fields(result_type: str | None, result: Any) -> list[str]:
    """Return the names that conditions on a job's result can ask for, each once.

    Examples
    --------
    >>> fields("object", [{"key": "total", "value": "120"}, {"key": "total", "value": "7"}])
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
    """Return what a result says, one entry per document."""
    several: list[Any] = [result]
    if result_type == ResultType.DOCUMENTS and isinstance(result, list):
        several = result
    if result_type in _BY_DOCUMENT and isinstance(result, dict):
        several = list(result.values())
    return several or [{}]


def _of_items(items: list[Any], field: str) -> Any:
    """Return a key's value out of key-value items: that of the first item with the key."""
    found: dict[str, Any] = {}
    beside: dict[str, Any] = {}
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            found.setdefault(item["key"], item.get("value"))
            beside.setdefault(item["key"], item)
    value = _member(found, field)
    return _member(beside, field) if value is _MISSING else value


def _member(value: Any, path: str) -> Any:
    """Return what a dotted path leads to; a name that itself has dots comes first."""
    if isinstance(value, list):
        head, _, rest = path.partition(".")
        if not (head.isascii() and head.isdigit() and len(head) < 10 and int(head) < len(value)):
            return _MISSING
        return _member(value[int(head)], rest) if rest else value[int(head)]
    if not isinstance(value, dict):
        return _MISSING
    if path in value:
        return value[path]
    for dot in (place for place, letter in enumerate(path) if letter == "."):
        if path[:dot] in value:
            found = _member(value[path[:dot]], path[dot + 1 :])
            if found is not _MISSING:
                return found
    return _MISSING


def _parts(field: str, wanted: Any) -> Iterable[tuple[ConditionOperator, Any]]:
    """Return the comparisons that a condition consists of."""
    if not isinstance(wanted, list):
        return _comparisons(field, wanted)
    if not wanted:
        raise ConditionError(
            f"the condition on {field!r} is an empty list. Give what must hold, or "
            '{"$eq": []} to compare with an empty list.'
        )
    return [part for one in wanted for part in _comparisons(field, one)]


def _comparisons(field: str, wanted: Any) -> list[tuple[ConditionOperator, Any]]:
    if _is_value(wanted):
        return [(ConditionOperator.EQ, wanted)]
    return [(_operator(field, name), value) for name, value in wanted.items()]


def _is_value(wanted: Any) -> bool:
    """Tell whether a condition is a value to equal, not operators."""
    return not isinstance(wanted, dict) or not any(name.startswith("$") for name in wanted)


def _operator(field: str, name: str) -> ConditionOperator:
    try:
        return ConditionOperator(name)
    except ValueError:
        raise ConditionError(
            f"the condition on {field!r:.80} has the unknown operator {name!r:.80}. "
            f"Use one of {_OPERATORS}."
        ) from None


def _check_values(field: str, wanted: Any) -> None:
    if isinstance(wanted, list) and sum(map(_is_value, wanted)) > 1:
        raise ConditionError(
            f"the condition on {field!r:.80} is a list of several values, of which the field "
            'would have to equal all. For any one of them use {"$in": […]}, for a field that is '
            'itself this list {"$eq": […]}.'
        )


def _check_value(field: str, operator: ConditionOperator, value: Any) -> None:
    if operator in _ORDERS and not _is_number(value) and not isinstance(value, str):
        raise ConditionError(
            f"the condition on {field!r:.80} compares with {value!r:.80} by {operator}. "
            "Give a number or a text."
        )
    if operator in (ConditionOperator.IN, ConditionOperator.NIN) and not isinstance(value, list):
        raise ConditionError(
            f"the condition on {field!r:.80} gives {operator} the value {value!r:.80}. "
            "Give a list of values."
        )


def _meets(found: Any, operator: ConditionOperator, value: Any) -> bool:
    match operator:
        case ConditionOperator.EQ:
            return equal(found, value)
        case ConditionOperator.NE:
            return not equal(found, value)
        case ConditionOperator.IN:
            return any(equal(found, one) for one in value)
        case ConditionOperator.NIN:
            return not any(equal(found, one) for one in value)
        case _:
            pair = _comparable(found, value)
            return pair is not None and _ORDERS[operator](*pair)


_ORDERS: dict[ConditionOperator, Callable[[Any, Any], bool]] = {
    ConditionOperator.GT: lambda found, value: found > value,
    ConditionOperator.GTE: lambda found, value: found >= value,
    ConditionOperator.LT: lambda found, value: found < value,
    ConditionOperator.LTE: lambda found, value: found <= value,
}


def equal(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are the same: 1 is 1.0, but neither true nor "1".

    Examples
    --------
    >>> equal([1, {"a": None}], [1.0, {"a": None}]), equal(1, True), equal(1, "1")
    (True, False, False)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if _is_number(one) and _is_number(other):
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)


def _comparable(found: Any, value: Any) -> tuple[Any, Any] | None:
    """Return both as numbers or both as texts; None if they cannot be compared."""
    if isinstance(found, str) and isinstance(value, str):
        return found, value
    numbers = _number(found), _number(value)
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
