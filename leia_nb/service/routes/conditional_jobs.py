"""The call that starts jobs depending on another job's result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter, ValidationError

from leia_nb.api import rules
from leia_nb.enums import JobType, RuleJobType
from leia_nb.service.api_errors import ApiError, bad, invalid
from leia_nb.service.routes import job_submission
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.apply import check_model
from leia_nb.service.routes.context import Caller, Service, caller_of, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.routes.transform import check_transform
from leia_nb.service.schemas.job_requests import ConditionalBody, ConditionalQuery
from leia_nb.service.schemas.objects import Job
from leia_nb.service.schemas.responses import returns
from leia_nb.service.schemas.types import SEGMENT, check_json, check_text, split_ids
from leia_nb.service.storage import models, tables
from leia_nb.service.storage.database import Session

routes = ScopedRoutes("job")


@routes.both("POST", "/job/conditional/{execute_after_id}", **returns(Job, 403, 404))
def create_conditional_job(
    request: Request,
    execute_after_id: Annotated[str, SEGMENT, Path(description="The job whose result decides.")],
    query: Annotated[ConditionalQuery, Query()],
    body: ConditionalBody | None = None,
) -> Response:
    """Start jobs depending on the result of another one; return the job that represents them."""
    service, caller = service_of(request), caller_of(request)
    options = job_submission.merge_options(query, body)
    parsed = _parse(options.pop("rules", None))
    with service.database.read() as session:
        waited_for = require_job(session, caller, execute_after_id, "execute_after_id")
        checked = {
            rule_id: {**rule, "jobs": _checked(session, service, caller, rule_id, rule["jobs"])}
            for rule_id, rule in parsed.items()
        }
    return job_submission.submit(
        service,
        caller,
        JobType.CONDITIONAL,
        {**options, "execute_after_id": waited_for.id},
        document_ids=waited_for.document_ids,
        request={"rules": checked},
    )


def _parse(members: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Return the rules of the body as the job's row keeps them; 400 if they are malformed."""
    try:
        rules.check_size(members or {})
        return rules.parse(check_json(members, "rules"), _read_member)
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
    if name in rules.MEMBERS:
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                check_text(text)
    return value


def _checked(
    session: Session, service: Service, caller: Caller, rule_id: str, jobs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the jobs of a rule as the row keeps them; refuse what cannot be done."""
    checked = []
    for index, job in enumerate(jobs):
        with _located(rules.place(rule_id, index)):
            if job["job_type"] == RuleJobType.APPLY_MODEL:
                checked.append(_apply(session, caller, job))
            else:
                checked.append(_transform(session, service, caller, job))
    return checked


def _apply(session: Session, caller: Caller, job: dict[str, Any]) -> dict[str, Any]:
    model = models.require_visible(session, caller.owner_id, job["model_id"], forbids=True)
    check_model(model, job.get("format_type"), job.get("model_params") or {})
    job_submission.check_readable(model, _documents(session, caller, job, job.get("tag")))
    return {**_without_empty(job), "model_id": model.id}


def _transform(
    session: Session, service: Service, caller: Caller, job: dict[str, Any]
) -> dict[str, Any]:
    tag, input_tag = job.get("tag"), job.pop("input_tag", None)
    if tag and input_tag and tag != input_tag:
        message = "tag and input_tag differ. Give one of them."
        raise invalid(message, "tag")
    tag, output_type = tag or input_tag, job["output_type"]
    check_transform(output_type, job.get("transform_params") or {}, job.get("output_tag"))
    rows = _documents(session, caller, job, tag)
    job_submission.check_transformable(service.blobs, output_type, rows)
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
    job_submission.check_tag_of_one(ids, tag)
    rows = job_submission.find_documents(session, caller, ids, None)
    return [] if tag else rows


@contextmanager
def _located(where: str) -> Iterator[None]:
    """Name the rule and the job in the errors raised inside."""
    try:
        yield
    except ApiError as error:
        raise ApiError(error.status, error.code, f"{where}: {error.message}", "rules") from None
