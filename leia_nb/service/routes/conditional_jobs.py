"""The call that starts jobs depending on another job's result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import ConfigDict, Field

from leia_nb.enums import JobType
from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.routes import job_documents, job_parameters, job_submission, rules
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.apply import check_model
from leia_nb.service.routes.context import Caller, Service, caller_of, service_of
from leia_nb.service.routes.jobs import require_job
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
    given = rules.read(asked.pop("rules", None))
    with service.database.read() as session:
        waited_for = require_job(session, caller, execute_after_id, "execute_after_id")
        checked = {
            rule_id: {
                "conditions": rule.conditions,
                "jobs": _checked(session, service, caller, rule_id, rule),
            }
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


def _checked(
    session: Session, service: Service, caller: Caller, rule_id: str, rule: rules.Rule
) -> list[dict[str, Any]]:
    """Return the jobs of a rule as they are kept, or refuse what cannot be done."""
    kept = []
    for number, job in enumerate(rule.jobs):
        with _telling(rules.place(rule_id, number)):
            job_documents.check_pages(job.page_range)
            if isinstance(job, rules.ApplyJob):
                kept.append(_apply(session, caller, job))
            else:
                kept.append(_transform(session, service, caller, job))
    return kept


def _apply(session: Session, caller: Caller, job: rules.ApplyJob) -> dict[str, Any]:
    model = models.require_visible(session, caller.owner_id, job.model_id, forbids=True)
    check_model(model, job.format_type, job.model_params or {})
    job_documents.check_readable(model, _found(session, caller, job, job.tag))
    return {**_said(job), "model_id": model.id}


def _transform(
    session: Session, service: Service, caller: Caller, job: rules.TransformJob
) -> dict[str, Any]:
    if job.tag and job.input_tag and job.tag != job.input_tag:
        message = "tag and input_tag are given with different values. Give one of them."
        raise bad("invalid_parameter", message, "tag")
    tag = job.tag or job.input_tag
    check_transform(job.output_type, job.transform_params or {}, job.output_tag)
    found = _found(session, caller, job, tag)
    job_documents.check_transformable(service.blobs, job.output_type, found)
    kept = {**_said(job), "tag": tag}
    kept.pop("input_tag", None)
    return kept


def _said(job: rules.ApplyJob | rules.TransformJob) -> dict[str, Any]:
    """Return what is said of a job; an empty text says nothing."""
    return {name: value for name, value in job.model_dump(mode="json").items() if value != ""}


def _found(
    session: Session, caller: Caller, job: rules.ApplyJob | rules.TransformJob, tag: str | None
) -> list[tables.Document]:
    """Return the documents that are known before the job runs."""
    ids = list(dict.fromkeys(job.document_ids or []))
    if not ids:
        return []
    job_documents.check_tag_of_one(ids, tag)
    found = job_documents.find(session, caller, ids, None)
    return [] if tag else found


@contextmanager
def _telling(where: str) -> Iterator[None]:
    """Say in which job of which rule the trouble is."""
    try:
        yield
    except ApiError as refusal:
        message = f"rules: in {where}: {refusal.message}"
        raise ApiError(refusal.status, refusal.code, message, "rules") from None
