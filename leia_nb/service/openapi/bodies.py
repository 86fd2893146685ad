"""What bodies hold: free objects of which something is known after all."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from leia_nb.enums import ConditionOperator
from leia_nb.service.openapi.objects import Schema, by_name, many, ref
from leia_nb.service.openapi.parameters import narrowed_body
from leia_nb.service.routes.rules import MOST_RULES, Rule

_NO_OPERATOR: Schema = {"type": "object", "propertyNames": {"pattern": r"^([^$]|$)"}}
_PLAIN: Schema = {"type": ["string", "number", "boolean", "null"]}
_ORDERED: Schema = {"type": ["string", "number"]}
_COMPARED: dict[str, Schema] = {
    ConditionOperator.EQ: {},
    ConditionOperator.NE: {},
    ConditionOperator.GT: _ORDERED,
    ConditionOperator.GTE: _ORDERED,
    ConditionOperator.LT: _ORDERED,
    ConditionOperator.LTE: _ORDERED,
    ConditionOperator.IN: many({}),
    ConditionOperator.NIN: many({}),
}
_CONDITIONS: dict[str, Schema] = {
    "Comparison": {
        "description": "How the field compares with a value.",
        "type": "object",
        "properties": {str(operator): schema for operator, schema in _COMPARED.items()},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "Condition": {
        "description": "What a field of the result must be: a value, a comparison, or a list of "
        "these, of which all must hold.",
        "anyOf": [
            _PLAIN,
            _NO_OPERATOR,
            ref("Comparison"),
            {**many({"anyOf": [_PLAIN, _NO_OPERATOR, ref("Comparison"), many({})]}), "minItems": 1},
        ],
    },
}
_FREE: dict[str, Schema] = {
    "callback_headers": {
        "type": "object",
        "propertyNames": {"pattern": "^[A-Za-z0-9_-]+$"},
        "additionalProperties": {"type": "string", "pattern": "^[ -~]*$"},
    },
}


def completed_bodies(found: dict[str, Schema]) -> dict[str, Schema]:
    """Return the schemas of bodies with what their texts, headers and rules must be.

    Parameters
    ----------
    found : dict of str to dict
        What FastAPI found, by name.
    """
    bodies = {name: narrowed_body(schema) for name, schema in found.items()}
    for body in bodies.values():
        for name, schema in _FREE.items():
            if name in body.get("properties", {}):
                body["properties"][name] = {"anyOf": [schema, {"type": "null"}]}
    if "ConditionalBody" in bodies:
        bodies["ConditionalBody"]["properties"]["rules"] = _rules()
        bodies["ConditionalBody"]["required"] = ["rules"]
        bodies |= _CONDITIONS | _rule_parts()
    return bodies


def _rules() -> Schema:
    return {
        "description": "The rules by id. The jobs of a rule whose conditions hold are done in "
        "their order, each on the results of the one before.",
        **by_name(ref("Rule")),
        "propertyNames": {"minLength": 1, "maxLength": 255, "pattern": r"\S"},
        "minProperties": 1,
        "maxProperties": MOST_RULES,
    }


def _rule_parts() -> dict[str, Schema]:
    """Return the schemas of a rule and what it consists of."""
    template = "#/components/schemas/{model}"
    _, made = models_json_schema([(Rule, "validation")], ref_template=template)
    parts: dict[str, Any] = {n: narrowed_body(schema) for n, schema in made["$defs"].items()}
    parts["Rule"]["properties"]["conditions"] = by_name(ref("Condition"))
    return parts
