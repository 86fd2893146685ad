"""Rules of conditional jobs: their structure and limits.

A rule is ``{"conditions": {…}, "jobs": […]}``. Client and service read rules with `parse`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from leia_nb.api import conditions, page_range
from leia_nb.api.conditions import Convert
from leia_nb.enums import FormatType, RuleJobType, TransformType

MAX_RULES = 100
MAX_JOBS_PER_RULE = 50
MAX_JOBS = 1000
MAX_DOCUMENTS = 1000
MAX_RULE_ID = 255
MAX_PRIORITY = 2**31 - 1


class RulesError(ValueError):
    """Malformed rules: the message names the rule and the job or condition at fault.

    `code` is ``rules_malformed``, ``condition_malformed``, ``page_range_malformed`` or
    ``too_many_rules``.
    """

    def __init__(self, message: str, code: str = "rules_malformed") -> None:
        super().__init__(message)
        self.code = code


class _Type(NamedTuple):
    expected: str
    accepts: Callable[[Any], bool]
    schema: dict[str, Any]


class _JobType(NamedTuple):
    schema_name: str
    description: str
    required: dict[str, _Type]
    optional: dict[str, _Type]

    @property
    def members(self) -> dict[str, _Type]:
        return {"job_type": _TEXT, **self.required, **self.optional}


def _enum(choices: type[StrEnum]) -> _Type:
    values = [member.value for member in choices]
    expected = "one of " + ", ".join(map(repr, values))
    return _Type(expected, lambda value: value in values, {"type": "string", "enum": values})


def _is_priority(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) <= MAX_PRIORITY and value == int(value)


def _are_ids(value: Any) -> bool:
    is_short_list = isinstance(value, list) and len(value) <= MAX_DOCUMENTS
    return is_short_list and all(isinstance(item, str) for item in value)


_TEXT = _Type("a string", lambda value: isinstance(value, str), {"type": "string"})
_BOOLEAN = _Type("a boolean", lambda value: isinstance(value, bool), {"type": "boolean"})
_OBJECT = _Type("an object", lambda value: isinstance(value, Mapping), {"type": "object"})
_PRIORITY = _Type(
    "an integer of at most 32 bits",
    _is_priority,
    {"type": "integer", "minimum": -MAX_PRIORITY, "maximum": MAX_PRIORITY},
)
_IDS = _Type(
    f"a list of at most {MAX_DOCUMENTS} ids",
    _are_ids,
    {"type": "array", "items": {"type": "string"}, "maxItems": MAX_DOCUMENTS},
)
_COMMON = {"document_ids": _IDS, "tag": _TEXT, "page_range": _TEXT, "priority": _PRIORITY}
_JOBS: dict[str, _JobType] = {
    RuleJobType.APPLY_MODEL: _JobType(
        "ApplyJob",
        "A job of a rule that applies a model.",
        {"model_id": _TEXT},
        {
            **_COMMON,
            "format_type": _enum(FormatType),
            "model_params": _OBJECT,
            "save_result": _BOOLEAN,
        },
    ),
    RuleJobType.TRANSFORM: _JobType(
        "TransformJob",
        "A job of a rule that transforms documents; `input_tag` is a synonym of `tag`.",
        {"output_type": _enum(TransformType)},
        {**_COMMON, "input_tag": _TEXT, "output_tag": _TEXT, "transform_params": _OBJECT},
    ),
}
MEMBERS = frozenset(name for job in _JOBS.values() for name in job.members)


def parse(rules: Any, convert: Convert) -> dict[str, dict[str, Any]]:
    """Return rules as plain JSON without null members, or raise `RulesError`.

    `convert` receives the members of jobs, and the fields and values of conditions, by name.

    Examples
    --------
    >>> jobs = [{"job_type": "transform", "output_type": "text", "tag": None}]
    >>> parse({"sure": {"conditions": {}, "jobs": jobs}}, lambda name, value: value)
    {'sure': {'conditions': {}, 'jobs': [{'job_type': 'transform', 'output_type': 'text'}]}}
    """
    if not isinstance(rules, Mapping) or not rules:
        raise RulesError(
            "rules must be an object with at least one rule, such as {'invoices': {'conditions': "
            "{'category': 'invoice'}, 'jobs': [{'job_type': 'apply_model', 'model_id': '…'}]}}, "
            f"got {rules!r:.80}."
        )
    return {_rule_id(rule_id): _rule(rule_id, rule, convert) for rule_id, rule in rules.items()}


def check_size(rules: Mapping[str, Any]) -> None:
    """Raise `RulesError` if there are more rules or jobs than the service allows."""
    _check_count(len(rules), "rules", MAX_RULES)
    total = 0
    for rule_id, rule in rules.items():
        jobs = rule.get("jobs") if isinstance(rule, Mapping) else None
        count = len(jobs) if isinstance(jobs, list) else 0
        _check_count(count, f"jobs in {place(rule_id)}", MAX_JOBS_PER_RULE)
        total += count
    _check_count(total, "jobs in all rules", MAX_JOBS)


def _check_count(count: int, what: str, maximum: int) -> None:
    if count > maximum:
        raise RulesError(
            f"expected at most {maximum} {what}, got {count}. Submit several conditional jobs.",
            "too_many_rules",
        )


def place(rule_id: str, job_index: int | None = None) -> str:
    """Return how messages refer to a rule, or to one of its jobs counted from 0."""
    job = "" if job_index is None else f", job {job_index + 1}"
    return f"rule {rule_id[:80]!r}{job}"


def _rule_id(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_RULE_ID:
        raise RulesError(
            f"the id of a rule must be a string of 1 to {MAX_RULE_ID} characters, "
            f"got {value!r:.80}."
        )
    return value


def _rule(rule_id: str, rule: Any, convert: Convert) -> dict[str, Any]:
    where = place(rule_id)
    _check_members(rule, where, required=("conditions", "jobs"), known=("conditions", "jobs"))
    fields, jobs = rule["conditions"], rule["jobs"]
    if not isinstance(fields, Mapping):
        raise RulesError(
            f"{where}: conditions must be an object of fields such as {{'category': 'invoice'}}, "
            f"got {fields!r:.80}."
        )
    if not isinstance(jobs, list | tuple) or not jobs:
        raise RulesError(f"{where}: jobs must be a list of at least one job, got {jobs!r:.80}.")
    try:
        parsed = conditions.parse(fields, convert)
    except ValueError as error:
        raise RulesError(f"{where}, {error}", "condition_malformed") from None
    return {
        "conditions": parsed,
        "jobs": [_job(job, place(rule_id, index), convert) for index, job in enumerate(jobs)],
    }


def _job(job: Any, where: str, convert: Convert) -> dict[str, Any]:
    _check_members(job, where, required=("job_type",))
    types = _JOBS.get(str(job["job_type"]))
    if types is None:
        known = " or ".join(repr(str(name)) for name in _JOBS)
        raise RulesError(f"{where}: job_type must be {known}, got {job['job_type']!r:.80}.")
    _check_members(job, where, required=types.required, known=types.members)
    parsed = {}
    for name, value in job.items():
        if value is not None:
            try:
                parsed[name] = _member(name, convert(name, value), types.members[name])
            except page_range.PageRangeError as error:
                raise RulesError(f"{where}: {error}", "page_range_malformed") from None
            except ValueError as error:
                raise RulesError(f"{where}: {error}") from None
    return parsed


def _check_members(
    value: Any, where: str, *, required: Iterable[str], known: Collection[str] = ()
) -> None:
    if not isinstance(value, Mapping):
        raise RulesError(f"{where} must be an object, got {value!r:.80}.")
    for name in required:
        if value.get(name) is None:
            raise RulesError(f"{where}: {name} is missing.")
    for name in value:
        if known and name not in known:
            raise RulesError(f"{where}: unknown member {name!r:.80}. Use {', '.join(known)}.")


def _member(name: str, value: Any, kind: _Type) -> Any:
    if not kind.accepts(value):
        raise ValueError(f"{name} must be {kind.expected}, got {value!r:.80}.")
    if name == "page_range" and value:
        page_range.parse(value)
    return int(value) if name == "priority" else value


def schemas(ref: Callable[[str], dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of a rule and its parts; `ref` returns a reference to a schema."""
    jobs = {job.schema_name: _job_schema(name, job) for name, job in _JOBS.items()}
    mapping = {str(name): ref(job.schema_name)["$ref"] for name, job in _JOBS.items()}
    job = {
        "oneOf": [ref(name) for name in jobs],
        "discriminator": {"propertyName": "job_type", "mapping": mapping},
    }
    rule = {
        "type": "object",
        "description": "Conditions on the result, and the jobs to run if all of them hold.",
        "properties": {
            "conditions": {"type": "object", "additionalProperties": ref("Condition")},
            "jobs": {"type": "array", "items": job, "minItems": 1, "maxItems": MAX_JOBS_PER_RULE},
        },
        "required": ["conditions", "jobs"],
        "additionalProperties": False,
    }
    return {**conditions.schemas(ref), **jobs, "Rule": rule}


def _job_schema(name: str, job: _JobType) -> dict[str, Any]:
    null = {"type": "null"}
    return {
        "type": "object",
        "description": job.description,
        "properties": {
            "job_type": {"const": str(name), "type": "string"},
            **{member: kind.schema for member, kind in job.required.items()},
            **{member: {"anyOf": [kind.schema, null]} for member, kind in job.optional.items()},
        },
        "required": ["job_type", *job.required],
        "additionalProperties": False,
    }
