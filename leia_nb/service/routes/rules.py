"""The rules of a conditional job, as its body has them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from leia_nb.enums import FormatType, RuleJobType, TransformType
from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.queue import conditions
from leia_nb.service.routes.parameter_types import Seconds, Words, clean_json, split_ids

MOST_RULES = 100
MOST_JOBS = 50
MOST_JOBS_IN_ALL = 1000
_LONGEST_ID = 255


def _ids(value: Any) -> Any:
    """Read ids that come as in a path, separated by commas."""
    return split_ids(value) if isinstance(value, str) else value


_Ids = Annotated[list[str], BeforeValidator(_ids), Field(max_length=1000)]


class _RuleJob(Words):
    model_config = ConfigDict(extra="forbid", protected_namespaces=())

    document_ids: _Ids | None = None
    tag: str | None = None
    page_range: str | None = None
    priority: Seconds | None = None


class ApplyJob(_RuleJob):
    """A job of a rule that applies a model."""

    job_type: Literal[RuleJobType.APPLY_MODEL]
    model_id: str
    format_type: FormatType | None = None
    model_params: dict[str, Any] | None = None
    save_result: bool | None = None


class TransformJob(_RuleJob):
    """A job of a rule that makes documents; `input_tag` is another word for its tag."""

    job_type: Literal[RuleJobType.TRANSFORM]
    output_type: TransformType
    input_tag: str | None = None
    output_tag: str | None = None
    transform_params: dict[str, Any] | None = None


RuleJob = Annotated[ApplyJob | TransformJob, Field(discriminator="job_type")]


class Rule(Words):
    """What a rule asks for, and what is done if it is so."""

    model_config = ConfigDict(extra="forbid")

    conditions: dict[str, Any]
    jobs: Annotated[list[RuleJob], Field(min_length=1, max_length=MOST_JOBS)]


_RULE = TypeAdapter(Rule)
_KINDS = " or ".join(repr(str(kind)) for kind in RuleJobType)
_SAID = {
    "missing": "is missing",
    "extra_forbidden": "is no member that is known",
    "too_short": "is empty: give at least one",
    "dict_type": "is no JSON object",
    "model_type": "is no JSON object",
    "model_attributes_type": "is no JSON object",
    "union_tag_not_found": f"has no job_type: give {_KINDS}",
    "union_tag_invalid": f"has a job_type that no job of a rule has: give {_KINDS}",
}


def read(given: Any) -> dict[str, Rule]:
    """Read the rules of a conditional job.

    Parameters
    ----------
    given : object
        The member `rules` of the body.

    Returns
    -------
    dict of str to Rule
        The rules by id, in their order.

    Raises
    ------
    ApiError
        400 ``rules_malformed``, ``condition_malformed`` or ``too_many_rules``; the message
        says in which rule.
    """
    if not given:
        raise bad(
            "rules_malformed",
            'rules names no rule. Give at least one, such as {"invoices": {"conditions": '
            '{"category": "invoice"}, "jobs": [{"job_type": "apply_model", "model_id": "…"}]}}.',
            "rules",
        )
    if len(given) > MOST_RULES:
        raise _too_many(f"{len(given)} rules", MOST_RULES)
    clean_json(given, "rules")
    rules = {rule_id: _rule(rule_id, rule) for rule_id, rule in given.items()}
    jobs = sum(len(rule.jobs) for rule in rules.values())
    if jobs > MOST_JOBS_IN_ALL:
        raise _too_many(f"{jobs} jobs in all rules", MOST_JOBS_IN_ALL)
    return rules


def place(rule_id: str, number: int | None = None) -> str:
    """Return how messages name a rule, or a job of it counted from 0."""
    job = "" if number is None else f"job {number + 1} of "
    return f"{job}the rule {rule_id[:80]!r}"


def _rule(rule_id: str, given: Any) -> Rule:
    if not rule_id.strip() or len(rule_id) > _LONGEST_ID:
        why = f"has {len(rule_id)} characters" if rule_id.strip() else "is empty"
        message = f"rules: a rule's id {why}. Use 1 to {_LONGEST_ID} characters."
        raise bad("rules_malformed", message, "rules")
    try:
        rule = _RULE.validate_python(given)
    except ValidationError as error:
        raise _malformed(rule_id, error.errors(include_url=False)[0]) from None
    try:
        conditions.check(rule.conditions)
    except conditions.ConditionError as error:
        message = f"rules: in {place(rule_id)}, {error}"
        raise bad("condition_malformed", message, "rules") from None
    return rule


def _malformed(rule_id: str, error: ErrorDetails) -> ApiError:
    """Say where in a rule what is wrong."""
    names = [name for name in error["loc"] if name not in tuple(RuleJobType)]
    where = place(rule_id)
    if len(names) > 1 and names[0] == "jobs" and isinstance(names[1], int):
        where, names = place(rule_id, names[1]), names[2:]
    if error["type"] == "too_long" and names == ["jobs"]:
        return _too_many(f"more than {MOST_JOBS} jobs in {where}", MOST_JOBS)
    what = ".".join(str(name) for name in names)[:80]
    why = _SAID.get(error["type"], "is wrong: " + str(error["msg"]).removeprefix("Value error, "))
    return bad("rules_malformed", f"rules: in {where}, {what or 'it'} {why}.", "rules")


def _too_many(what: str, most: int) -> ApiError:
    message = f"rules has {what}; at most {most} are possible. Make several conditional jobs."
    return bad("too_many_rules", message, "rules")
