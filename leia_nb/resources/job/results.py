"""The results of jobs as records, frames or dicts."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from leia_nb.enums import JobStatus, ResultType, known
from leia_nb.errors import JobCanceled, JobFailed, UnexpectedAnswer
from leia_nb.records import frames
from leia_nb.records.records import Document, JobRecord, Model


def read_result(record: JobRecord) -> Any:
    """Return the result of a finished job as `Job.wait` describes; raise if it has none."""
    if record.status == JobStatus.FAILED:
        raise JobFailed(record.id, record.reason)
    if record.status == JobStatus.CANCELED:
        raise JobCanceled(record.id, record.reason)
    match record.result_type:
        case ResultType.MODEL:
            return Model.from_json(record.result)
        case ResultType.DOCUMENT:
            return Document.from_json(record.result)
        case ResultType.DOCUMENTS:
            return frames.output_documents(record)
        case ResultType.CONDITIONAL:
            return _rule_results(record)
        case (
            ResultType.CLASSIFICATION
            | ResultType.OBJECT
            | ResultType.CLASSIFICATION_BY_DOCUMENT
            | ResultType.OBJECT_BY_DOCUMENT
        ):
            return frames.predictions(record)
    return record.result


def _rule_results(record: JobRecord) -> dict[str, list[Any]]:
    """Return the results of the jobs that ran, by rule."""
    rules = {} if record.result is None else record.result
    if not isinstance(rules, Mapping) or not all(isinstance(jobs, list) for jobs in rules.values()):
        raise UnexpectedAnswer(f"The result of job {record.id} is not an object of lists by rule.")
    if not rules and record.reason:
        warnings.warn(f"Job {record.id} started no jobs. {record.reason}", stacklevel=4)
    return {str(rule): [_job_result(record, job) for job in jobs] for rule, jobs in rules.items()}


def _job_result(record: JobRecord, job: Any) -> Any:
    if not isinstance(job, Mapping):
        raise UnexpectedAnswer(f"The result of job {record.id} has a job that is not an object.")
    kind, documents = job.get("result_type"), job.get("document_ids")
    part = replace(
        record,
        result_type=None if kind is None else known(ResultType, str(kind)),
        result=job.get("result"),
        document_ids=tuple(documents) if isinstance(documents, list) else (),
    )
    return read_result(part)
