"""The parameters of trainers and transforms as JSON Schemas: what a value must be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_TYPES = {
    "boolean": "true or false",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "array": "a list",
    "object": "an object",
}
_LIMITS = {
    "minimum": "from",
    "exclusiveMinimum": "above",
    "maximum": "to",
    "exclusiveMaximum": "below",
}
_PYTHON_TYPES = {"boolean": bool, "string": str, "array": list, "object": dict}


def not_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of the values other than null, if only null is the alternative.

    Examples
    --------
    >>> not_null({"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None})
    {'type': 'integer', 'default': None}
    """
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) != 1:
        return schema
    return {**options[0], **{key: value for key, value in schema.items() if key != "anyOf"}}


def expected(schema: Mapping[str, Any]) -> str:
    """Return what a value must be, for messages.

    Examples
    --------
    >>> expected({"type": "integer", "minimum": 2, "maximum": 20})
    'an integer from 2 to 20'
    """
    for option in schema.get("anyOf", ()):
        if option != {"type": "null"}:
            return expected(option)
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    kind = schema.get("type", "valid")
    words = [_TYPES.get(kind, kind)]
    words += [f"{word} {_plain(schema[key])}" for key, word in _LIMITS.items() if key in schema]
    words += [f"such as {example}" for example in schema.get("examples", ())]
    return " ".join(words)


def accepts(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value has the type, the limits and the choices that a schema declares.

    Other keywords are left to the service, and null stands for the default.

    Examples
    --------
    >>> folds = {"type": "integer", "minimum": 2, "maximum": 20}
    >>> accepts(folds, 3), accepts(folds, 99), accepts(folds, "many")
    (True, False, False)
    """
    if value is None:
        return True
    if "anyOf" in schema:
        return any(accepts(option, value) for option in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    kind = schema.get("type")
    if kind not in ("integer", "number"):
        return isinstance(value, _PYTHON_TYPES.get(str(kind), object))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (kind == "number" or value % 1 == 0) and _is_within(schema, value)


def _is_within(schema: Mapping[str, Any], number: float) -> bool:
    return bool(
        schema.get("minimum", number) <= number <= schema.get("maximum", number)
        and number > schema.get("exclusiveMinimum", -math.inf)
        and number < schema.get("exclusiveMaximum", math.inf)
    )


def _plain(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}"
