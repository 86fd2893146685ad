"""The call that starts jobs depending on another job's result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from leia_nb.api import rules
from leia_nb.enums import JobType, RuleJobType
from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.routes import job_documents, job_parameters, job_submission
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.apply import check_model
from leia_nb.service.routes.context import Caller, Service, caller_of, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.routes.parameter_types import check_texts, clean_json, split_ids
from leia_nb.service.routes.transform import check_transform
from leia_nb.service.storage import models, tables
from leia_nb.service.storage.database import Session

pair = RoutePair("job")


class ConditionalQuery(job_parameters.CallbackQuery):
    """What a conditional job may be asked in the query; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    block_processing: bool | None = Field(
        None, description="Keep the job BLOCKED until it is started."
    )


class ConditionalBody(job_parameters.CallbackBody):
    """What a conditional job is asked in the body."""

    block_processing: bool | None = None
    rules: dict[str, Any] | None = Field(
        None,
        description="The rules by id: each has `conditions` on the result of the job waited "
        "for, and the `jobs` that are done in their order if all conditions hold.",
    )


@pair.both("POST", "/job/conditional/{execute_after_id}", "create_conditional_job")
def create_conditional_job(
    request: Request,
    execute_after_id: Annotated[str, Path(description="The job whose result decides.")],
    query: Annotated[ConditionalQuery, Query()],
    body: ConditionalBody | None = None,
) -> Response:
    """Start jobs depending on the result of another one; return the job that stands for them."""
    service, caller = service_of(request), caller_of(request)
    asked = job_parameters.merged(query, body)
    given = _parse(asked.pop("rules", None))
    with service.database.read() as session:
        waited_for = require_job(session, caller, execute_after_id, "execute_after_id")
        checked = {
            rule_id: {**rule, "jobs": _checked(session, service, caller, rule_id, rule["jobs"])}
            for rule_id, rule in given.items()
        }
    return job_submission.submit(
        service,
        caller,
        JobType.CONDITIONAL,
        {**asked, "execute_after_id": waited_for.id},
        document_ids=waited_for.document_ids,
        request={"rules": checked},
    )


def _parse(given: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Return the rules of the body as they are kept, or answer 400."""
    try:
        rules.check_size(given or {})
        return rules.parse(clean_json(given, "rules"), _read_member)
    except rules.RulesError as error:
        raise bad(error.code, str(error), "rules") from None


_LENIENT: dict[str, TypeAdapter[Any]] = {
    "priority": TypeAdapter(int),
    "save_result": TypeAdapter(bool),
}


def _read_member(name: str, value: Any) -> Any:
    """Read ids separated by commas as in a path, and numbers and booleans written as strings."""
    if name == "document_ids" and isinstance(value, str):
        value = split_ids(value)
    if name in _LENIENT:
        with suppress(ValidationError):
            return _LENIENT[name].validate_python(value)
    return check_texts(value, 1000, 100_000) if name in rules.MEMBERS else value


def _checked(
    session: Session, service: Service, caller: Caller, rule_id: str, jobs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the jobs of a rule as they are kept, or refuse what cannot be done."""
    kept = []
    for index, job in enumerate(jobs):
        with _located(rules.place(rule_id, index)):
            if job["job_type"] == RuleJobType.APPLY_MODEL:
                kept.append(_apply(session, caller, job))
            else:
                kept.append(_transform(session, service, caller, job))
    return kept


def _apply(session: Session, caller: Caller, job: dict[str, Any]) -> dict[str, Any]:
    model = models.require_visible(session, caller.owner_id, job["model_id"], forbids=True)
    check_model(model, job.get("format_type"), job.get("model_params") or {})
    job_documents.check_readable(model, _documents(session, caller, job, job.get("tag")))
    return {**_without_empty(job), "model_id": model.id}


def _transform(
    session: Session, service: Service, caller: Caller, job: dict[str, Any]
) -> dict[str, Any]:
    tag, input_tag = job.get("tag"), job.pop("input_tag", None)
    if tag and input_tag and tag != input_tag:
        message = "tag and input_tag differ. Give one of them."
        raise bad("invalid_parameter", message, "tag")
    tag, output_type = tag or input_tag, job["output_type"]
    check_transform(output_type, job.get("transform_params") or {}, job.get("output_tag"))
    found = _documents(session, caller, job, tag)
    job_documents.check_transformable(service.blobs, output_type, found)
    return {**_without_empty(job), "tag": tag}


def _without_empty(job: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in job.items() if value != ""}


def _documents(
    session: Session, caller: Caller, job: dict[str, Any], tag: str | None
) -> list[tables.Document]:
    """Return the documents that are known before the job runs."""
    ids = list(dict.fromkeys(job.get("document_ids") or []))
    if not ids:
        return []
    job_documents.check_tag_of_one(ids, tag)
    found = job_documents.find(session, caller, ids, None)
    return [] if tag else found


@contextmanager
def _located(where: str) -> Iterator[None]:
    """Name the rule and the job in the errors raised inside."""
    try:
        yield
    except ApiError as error:
        raise ApiError(error.status, error.code, f"{where}: {error.message}", "rules") from None
