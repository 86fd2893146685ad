"""Conditional jobs: their rules are opened as jobs of their own, and closed with those.

No worker holds a conditional job. It is READY when the job it waits for is PROCESSED,
PROCESSING while the jobs of its rules run, and over when they are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from leia_nb.api import conditions
from leia_nb.enums import JobStatus, JobType, ResultType, RuleJobType
from leia_nb.service.queue.job_rows import OVER, cancel_children, ending
from leia_nb.service.settings import LOG
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job, new_id, now

_LONGEST_REASON = 2000
_BROKEN = f"The rules could not be followed. See {LOG}, then try again."
_log = logging.getLogger(__name__)
_child = aliased(Job)
_started_here = exists().where(_child.parent_job_id == Job.id)


def open_conditionals(database: Database) -> int:
    """Start the jobs of the READY conditional jobs' rules whose conditions hold.

    Returns
    -------
    int
        How many conditional jobs were opened; one without such a rule is PROCESSED.
    """
    return _change_all(database, Job.status == JobStatus.READY, change=_open)


def close_conditionals(database: Database) -> int:
    """End the conditional jobs whose jobs are over, or of which one is and did not succeed.

    Returns
    -------
    int
        How many conditional jobs ended.
    """
    going = _started_here.where(_child.status.not_in(OVER))
    lost = _started_here.where(_child.status.in_([JobStatus.FAILED, JobStatus.CANCELED]))
    return _change_all(database, Job.status == JobStatus.PROCESSING, ~going | lost, change=_close)


def rule_jobs(session: Session, conditional: Job) -> dict[str, list[Job]]:
    """Return the jobs that a conditional job started, by rule; all in the order of the rules."""
    rows = session.scalars(select(Job).where(Job.parent_job_id == conditional.id)).all()
    found: dict[str, list[Job]] = {rule: [] for rule in conditional.request["rules"]}
    for row in sorted(rows, key=lambda row: row.request["number"]):
        found[row.request["rule"]].append(row)
    return {rule: jobs for rule, jobs in found.items() if jobs}


def _change_all(database: Database, *such: Any, change: Callable[[Session, Job], None]) -> int:
    wanted = select(Job).where(Job.job_type == JobType.CONDITIONAL, *such).order_by(Job.id)
    with database.read() as session:
        if session.scalar(wanted.limit(1)) is None:
            return 0
    with database.write() as session:
        jobs = session.scalars(wanted.limit(100)).all()
        for job in jobs:
            try:
                change(session, job)
            except Exception:
                _log.exception("the rules of job %s cannot be followed", job.id)
                _end(job, JobStatus.FAILED, _BROKEN)
        return len(jobs)


def _open(session: Session, job: Job) -> None:
    job.starting_time = now()
    waited_for = session.get(Job, job.execute_after_id)
    if waited_for is None:
        _end(job, JobStatus.FAILED, f"The job {job.execute_after_id} that it waited for is gone.")
        return
    job.document_ids = waited_for.document_ids
    job.status = str(JobStatus.PROCESSING)
    children = list(_children(job, waited_for))
    session.add_all(children)
    if not children:
        _finish(job, {}, _why_none_held(job, waited_for))


def _why_none_held(job: Job, waited_for: Job) -> str | None:
    """Say which fields of the rules the result does not have; None if it has them all."""
    said = waited_for.result_type, waited_for.result
    rules = job.request["rules"].values()
    missing = {
        field: None
        for rule in rules
        for field in conditions.missing_fields(rule["conditions"], *said)
    }
    if not missing:
        return None
    has = _listed(conditions.field_names(*said))
    reason = f"No rule held: the result has no field {_listed(map(repr, missing))}; it has {has}."
    if waited_for.result_type in _UNCLASSIFIED and missing.keys() & _OF_A_CLASSIFICATION:
        reason += ' For a category apply the model with format_type="classification".'
    return reason


def _listed(names: Iterable[str]) -> str:
    shown = [name[:80] for name in names]
    more = f" and {len(shown) - 10} more" if len(shown) > 10 else ""
    return (", ".join(shown[:10]) or "none") + more


_UNCLASSIFIED = (ResultType.OBJECT, ResultType.OBJECT_BY_DOCUMENT)
_OF_A_CLASSIFICATION = {"category", "score", "accuracy"}


def _children(job: Job, waited_for: Job) -> Iterable[Job]:
    for rule_id, rule in job.request["rules"].items():
        if not conditions.hold(rule["conditions"], waited_for.result_type, waited_for.result):
            continue
        before = waited_for.id
        for number, asked in enumerate(rule["jobs"]):
            child = _child_of(job, before, rule_id, number, asked)
            before = child.id
            yield child


def _child_of(parent: Job, before: str, rule_id: str, number: int, asked: Mapping[str, Any]) -> Job:
    """Return a new row for one job of a rule; the first of a rule can start at once."""
    applies = asked["job_type"] == RuleJobType.APPLY_MODEL
    return Job(
        id=new_id(),
        application_id=parent.application_id,
        submitter_id=parent.submitter_id,
        job_type=str(JobType.PREDICT if applies else JobType.TRANSFORM),
        model_id=asked.get("model_id"),
        document_ids=asked.get("document_ids") or [],
        status=str(JobStatus.WAITING if number else JobStatus.READY),
        execute_after_id=before,
        parent_job_id=parent.id,
        priority=asked.get("priority") or 0,
        callback_tries=-1,
        request={
            **{name: asked.get(name) for name in _KEPT if asked.get(name) is not None},
            "rule": rule_id,
            "number": number,
            "tagged_from": parent.execute_after_id,
        },
    )


_KEPT = (
    "tag",
    "page_range",
    "format_type",
    "model_params",
    "save_result",
    "output_type",
    "output_tag",
    "transform_params",
)


def _close(session: Session, job: Job) -> None:
    by_rule = rule_jobs(session, job)
    lost = _first_lost(by_rule)
    if lost is None:
        _finish(job, {rule: [_said(child) for child in jobs] for rule, jobs in by_rule.items()})
        return
    rule, number, child = lost
    reason = f"Job {number + 1} of the rule {rule!r} ({child.id}) is {child.status}"
    why = (child.reason or "").rstrip(".")[:_LONGEST_REASON]
    _end(job, JobStatus.FAILED, f"{reason}: {why}." if why else f"{reason}.")
    cancel_children(session, job.id, f"Another job of the conditional job {job.id} failed.")


def _first_lost(by_rule: Mapping[str, Sequence[Job]]) -> tuple[str, int, Job] | None:
    """Return the first job that was not PROCESSED, of a rule, its number and itself."""
    for rule, jobs in by_rule.items():
        for number, child in enumerate(jobs):
            if child.status in (JobStatus.FAILED, JobStatus.CANCELED):
                return rule, number, child
    return None


def _said(child: Job) -> dict[str, Any]:
    return {
        "result_type": child.result_type,
        "result": child.result,
        "document_ids": child.document_ids,
    }


def _finish(job: Job, result: dict[str, Any], reason: str | None = None) -> None:
    job.result_type, job.result = str(ResultType.CONDITIONAL), result
    _end(job, JobStatus.PROCESSED, reason)


def _end(job: Job, status: JobStatus, reason: str | None = None) -> None:
    job.status, job.reason = str(status), reason
    for name, value in ending().items():
        setattr(job, name, value)
