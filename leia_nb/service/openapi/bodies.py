"""What bodies hold: free objects of which something is known after all."""

from __future__ import annotations

from leia_nb.api import rules
from leia_nb.service.openapi.objects import Schema, by_name, ref
from leia_nb.service.openapi.parameters import narrowed_body

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
        bodies |= _rule_parts()
    return bodies


def _rules() -> Schema:
    return {
        "description": "The rules by id. The jobs of a rule whose conditions hold are done in "
        "their order, each on the results of the one before.",
        **by_name(ref("Rule")),
        "propertyNames": {"minLength": 1, "maxLength": rules.MAX_RULE_ID, "pattern": r"\S"},
        "minProperties": 1,
        "maxProperties": rules.MAX_RULES,
    }


def _rule_parts() -> dict[str, Schema]:
    """Return the schemas of a rule and its parts, with the patterns of the jobs' strings."""
    parts = rules.schemas(ref)
    return {n: narrowed_body(s) if n.endswith("Job") else s for n, s in parts.items()}
