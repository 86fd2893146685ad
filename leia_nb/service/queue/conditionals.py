"""Conditional jobs: each starts the jobs of its rules, and ends when they have ended.

No worker runs a conditional job. It is READY when the job it waits for is PROCESSED,
PROCESSING while the jobs of its rules run, and finished when they are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from leia_nb.api import conditions
from leia_nb.enums import JobStatus, JobType, ResultType, RuleJobType
from leia_nb.service.queue.callbacks import CALLBACK_DONE
from leia_nb.service.queue.job_states import FINISHED, cancel_children, change_rows, end_job
from leia_nb.service.settings import LOG
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job, new_id, now

_MOST_AT_ONCE = 100
_LONGEST_REASON = 2000
_MOST_NAMES = 10
_LONGEST_NAME = 80
_UNSUCCESSFUL = (JobStatus.FAILED, JobStatus.CANCELED)
_INTERNAL = f"The rules could not be evaluated. See {LOG}, then try again."
_NOT_CLASSIFIED = (ResultType.OBJECT, ResultType.OBJECT_BY_DOCUMENT)
_CLASSIFICATION_FIELDS = {"category", "score", "accuracy"}
_REQUEST_FIELDS = (
    "tag",
    "page_range",
    "format_type",
    "model_params",
    "save_result",
    "output_type",
    "output_tag",
    "transform_params",
)
_log = logging.getLogger(__name__)
_child = aliased(Job)
_has_child = exists().where(_child.parent_job_id == Job.id)


def open_conditionals(database: Database) -> int:
    """Start the jobs of the rules that apply, of all READY conditional jobs.

    Returns how many conditional jobs changed; one without such a rule is PROCESSED at once.
    """
    return _change_all(database, Job.status == JobStatus.READY, change=_open)


def close_conditionals(database: Database) -> int:
    """End the conditional jobs whose jobs have all finished, or of which one did not succeed."""
    unfinished = _has_child.where(_child.status.not_in(FINISHED))
    unsuccessful = _has_child.where(_child.status.in_(_UNSUCCESSFUL))
    can_end = ~unfinished | unsuccessful
    return _change_all(database, Job.status == JobStatus.PROCESSING, can_end, change=_close)


def rule_jobs(session: Session, conditional: Job) -> dict[str, list[Job]]:
    """Return the jobs that a conditional job started, by rule; all in the order of the rules."""
    rows = session.scalars(select(Job).where(Job.parent_job_id == conditional.id)).all()
    by_rule: dict[str, list[Job]] = {rule: [] for rule in conditional.request["rules"]}
    for row in sorted(rows, key=lambda row: row.request["number"]):
        by_rule[row.request["rule"]].append(row)
    return {rule: jobs for rule, jobs in by_rule.items() if jobs}


def _change_all(
    database: Database, *where: ColumnElement[bool], change: Callable[[Session, Job], None]
) -> int:
    def change_one(session: Session, job: Job) -> None:
        try:
            change(session, job)
        except Exception:
            _log.exception("cannot evaluate the rules of job %s", job.id)
            end_job(job, JobStatus.FAILED, _INTERNAL)

    matching = select(Job).where(Job.job_type == JobType.CONDITIONAL, *where)
    return change_rows(database, matching.order_by(Job.id).limit(_MOST_AT_ONCE), change_one)


def _open(session: Session, job: Job) -> None:
    job.starting_time = now()
    waited_for = session.get(Job, job.execute_after_id)
    if waited_for is None:
        reason = f"The job {job.execute_after_id}, which this job waited for, was deleted."
        end_job(job, JobStatus.FAILED, reason)
        return
    job.document_ids = waited_for.document_ids
    job.status = str(JobStatus.PROCESSING)
    children = list(_children(job, waited_for))
    session.add_all(children)
    if not children:
        _finish(job, {}, _missing_fields(job, waited_for))


def _missing_fields(job: Job, waited_for: Job) -> str | None:
    """Return which fields of the rules the result lacks, as a reason; None if it has them all."""
    result = waited_for.result_type, waited_for.result
    missing = {
        field: None
        for rule in job.request["rules"].values()
        for field in conditions.missing_fields(rule["conditions"], *result)
    }
    if not missing:
        return None
    known = _shortened(conditions.field_names(*result))
    names = _shortened(map(repr, missing))
    reason = f"No rule applied: the result has no field {names}; it has {known}."
    if waited_for.result_type in _NOT_CLASSIFIED and missing.keys() & _CLASSIFICATION_FIELDS:
        reason += ' To get a category, apply the model with format_type="classification".'
    return reason


def _shortened(names: Iterable[str]) -> str:
    shown = [name[:_LONGEST_NAME] for name in names]
    rest = len(shown) - _MOST_NAMES
    more = f" and {rest} more" if rest > 0 else ""
    return (", ".join(shown[:_MOST_NAMES]) or "none") + more


def _children(job: Job, waited_for: Job) -> Iterator[Job]:
    for rule_id, rule in job.request["rules"].items():
        if not conditions.hold(rule["conditions"], waited_for.result_type, waited_for.result):
            continue
        previous_id = waited_for.id
        for number, rule_job in enumerate(rule["jobs"]):
            child = _child_of(job, previous_id, rule_id, number, rule_job)
            previous_id = child.id
            yield child


def _child_of(
    parent: Job, previous_id: str, rule_id: str, number: int, rule_job: Mapping[str, Any]
) -> Job:
    """Return a new row for one job of a rule; the first of a rule can start at once."""
    is_predict = rule_job["job_type"] == RuleJobType.APPLY_MODEL
    kept = {name: value for name in _REQUEST_FIELDS if (value := rule_job.get(name)) is not None}
    return Job(
        id=new_id(),
        application_id=parent.application_id,
        submitter_id=parent.submitter_id,
        job_type=str(JobType.PREDICT if is_predict else JobType.TRANSFORM),
        model_id=rule_job.get("model_id"),
        document_ids=rule_job.get("document_ids") or [],
        status=str(JobStatus.WAITING if number else JobStatus.READY),
        execute_after_id=previous_id,
        parent_job_id=parent.id,
        priority=rule_job.get("priority") or 0,
        callback_tries=CALLBACK_DONE,
        request={**kept, "rule": rule_id, "number": number, "tagged_from": parent.execute_after_id},
    )


def _close(session: Session, job: Job) -> None:
    by_rule = rule_jobs(session, job)
    children = [child for jobs in by_rule.values() for child in jobs]
    child = next((child for child in children if child.status in _UNSUCCESSFUL), None)
    if child is None:
        result = {rule: [_result(child) for child in jobs] for rule, jobs in by_rule.items()}
        _finish(job, result)
        return
    number, rule = child.request["number"] + 1, child.request["rule"]
    reason = f"Job {number} of the rule {rule!r} ({child.id}) is {child.status}"
    cause = (child.reason or "").rstrip(".")[:_LONGEST_REASON]
    end_job(job, JobStatus.FAILED, f"{reason}: {cause}." if cause else f"{reason}.")
    cancel_children(session, job.id, f"Another job of the conditional job {job.id} failed.")


def _result(child: Job) -> dict[str, Any]:
    return {name: getattr(child, name) for name in ("result_type", "result", "document_ids")}


def _finish(job: Job, result: dict[str, Any], reason: str | None = None) -> None:
    job.result_type, job.result = str(ResultType.CONDITIONAL), result
    end_job(job, JobStatus.PROCESSED, reason)
