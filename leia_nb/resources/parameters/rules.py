"""Rules of conditional jobs: what they may say, checked in words before anything is sent.

A rule is ``{"conditions": {…}, "jobs": […]}``. A condition is ``field: value``,
``field: {operator: value}`` or ``field: [ … ]``, a list of operators and at most one
value, of which all must hold; any one of several values is ``field: {"$in": [ … ]}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from leia_nb.api import page_range as page_ranges
from leia_nb.enums import ConditionOperator, FormatType, RuleJobType, TransformType
from leia_nb.errors import InvalidInput, InvalidRules
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import reference, references

_OPERATORS = ", ".join(operator.value for operator in ConditionOperator)
_LISTS = (ConditionOperator.IN, ConditionOperator.NIN)
_NEEDED = {RuleJobType.APPLY_MODEL: "model_id", RuleJobType.TRANSFORM: "output_type"}
_SHARED = ("job_type", "document_ids", "tag", "page_range", "priority")
_MEMBERS: dict[str, tuple[str, ...]] = {
    RuleJobType.APPLY_MODEL: (*_SHARED, "model_id", "format_type", "model_params", "save_result"),
    RuleJobType.TRANSFORM: (*_SHARED, "output_type", "output_tag", "transform_params"),
}


def read_rules(rules: Any) -> dict[str, Any]:
    """Return rules as LEIA wants them: plain JSON, with ids where objects were given.

    Parameters
    ----------
    rules : mapping
        Rules by id.

    Returns
    -------
    dict
        The same, as JSON.

    Raises
    ------
    InvalidRules
        If something in them is wrong; the text names the rule and its part.

    Examples
    --------
    >>> read_rules({"sure": {"conditions": {"score": {"$gt": 0.9}}, "jobs": [
    ...     {"job_type": "transform", "output_type": "text"}]}})["sure"]["jobs"]
    [{'job_type': 'transform', 'output_type': 'text'}]
    """
    with _place("rules"):
        if not isinstance(rules, Mapping):
            raise InvalidInput(
                f"they are {validators.shown(rules)}. Give a dict: "
                "{rule id: {'conditions': {…}, 'jobs': […]}}."
            )
        if not rules:
            raise InvalidInput("they are empty. Give at least one rule.")
    return {_rule_id(rule_id): _rule(rule_id, rule) for rule_id, rule in rules.items()}


def _rule_id(value: Any) -> str:
    with _place("rules"):
        return str(validators.text("the id of a rule", value, needed=True))


def _rule(rule_id: str, rule: Any) -> dict[str, Any]:
    with _place(f"rule {rule_id!r}"):
        _known_members(rule, ("conditions", "jobs"))
        for name in ("conditions", "jobs"):
            if name not in rule:
                raise InvalidInput(f"{name!r} is missing. Give it{_EMPTY.get(name, '')}.")
        conditions, jobs = rule["conditions"], rule["jobs"]
        if not isinstance(conditions, Mapping):
            raise InvalidInput(
                f"the conditions are {validators.shown(conditions)}. Give a dict of fields, e.g. "
                "{'category': 'invoice'}."
            )
        if not isinstance(jobs, list | tuple) or not jobs:
            raise InvalidInput(
                f"the jobs are {validators.shown(jobs)}. Give a list of at least one."
            )
    return {
        "conditions": {
            str(field): _condition(rule_id, field, wanted) for field, wanted in conditions.items()
        },
        "jobs": [_job(rule_id, number, job) for number, job in enumerate(jobs, start=1)],
    }


_EMPTY = {"conditions": "; {} lets its jobs run in any case"}


def _condition(rule_id: str, field: Any, wanted: Any) -> Any:
    with _place(f"rule {rule_id!r}, condition on {field!r}"):
        validators.text("the field", field, needed=True)
        if isinstance(wanted, list | tuple):
            if not wanted:
                raise InvalidInput("the list is empty. Give what must hold.")
            if sum(map(_is_value, wanted)) > 1:
                raise InvalidInput(
                    "the list has several values, of which the field would have to equal all. For "
                    'any one of them use {"$in": […]}, for a field that is itself this list '
                    '{"$eq": […]}.'
                )
            return [_comparison(one) for one in wanted]
        return _comparison(wanted)


def _is_value(wanted: Any) -> bool:
    """Tell whether a condition is a value to equal, not operators."""
    return not isinstance(wanted, Mapping) or not any(str(name).startswith("$") for name in wanted)


def _comparison(wanted: Any) -> Any:
    if _is_value(wanted):
        return validators.json_value("the value", wanted)
    return {_operator(name): _operand(name, value) for name, value in wanted.items()}


def _operator(name: Any) -> str:
    try:
        return ConditionOperator(name).value
    except ValueError:
        pass
    raise InvalidInput(f"the operator {name!r} is unknown. Use one of {_OPERATORS}.")


def _operand(operator: str, value: Any) -> Any:
    if operator not in _LISTS:
        return validators.json_value(f"the value of {operator}", value)
    if isinstance(value, str | bytes | Mapping) or not hasattr(value, "__iter__"):
        raise InvalidInput(f"{operator} has {validators.shown(value)}. Give it a list of values.")
    return validators.json_value(f"the value of {operator}", list(value))


def _job(rule_id: str, number: int, job: Any) -> dict[str, Any]:
    with _place(f"rule {rule_id!r}, job {number}"):
        if not isinstance(job, Mapping):
            raise InvalidInput(
                f"it is {validators.shown(job)}. Give a dict, e.g. {{'job_type': 'apply_model', "
                "'model_id': …}."
            )
        kind = validators.one_of("job_type", job.get("job_type"), RuleJobType, needed=True)
        _known_members(job, _MEMBERS[str(kind)])
        needed = _NEEDED[RuleJobType(str(kind))]
        if job.get(needed) is None:
            raise InvalidInput(f"{needed!r} is missing. Give it.")
        given = {name: _member(name, value) for name, value in job.items() if value is not None}
    return given | {"job_type": kind}


def _member(name: str, value: Any) -> Any:
    match name:
        case "model_id":
            return reference(value, "model").id
        case "document_ids":
            return [one.id for one in references(value, "document")]
        case "page_range":
            page_ranges.parse(str(validators.text(name, value, needed=True)))
        case "tag" | "output_tag":
            return validators.tag(value, name)
        case "priority":
            return validators.whole_number(name, value)
        case "save_result":
            return validators.yes_no(name, value)
        case "format_type":
            return validators.one_of(name, value, FormatType)
        case "output_type":
            return validators.one_of(name, value, TransformType)
        case "model_params" | "transform_params":
            return validators.json_object(name, value)
    return value


def _known_members(given: Any, known: tuple[str, ...]) -> None:
    if not isinstance(given, Mapping):
        raise InvalidInput(f"it is {validators.shown(given)}. Give a dict with {', '.join(known)}.")
    strange = [name for name in given if name not in known]
    if strange:
        raise InvalidInput(f"{strange[0]!r} is unknown there. Use {', '.join(known)}.")


@contextmanager
def _place(where: str) -> Iterator[None]:
    """Say of whatever is wrong inside where it stands."""
    try:
        yield
    except (InvalidInput, page_ranges.PageRangeError) as error:
        wrong = f"{where}: {error}"
    else:
        return
    raise InvalidRules(wrong, code="rules_malformed", field="rules")
