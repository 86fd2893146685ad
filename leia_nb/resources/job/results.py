"""The results of jobs, in the form in which a notebook uses them."""

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
    """Return the result of a job that is over, in the form `Job.wait` describes.

    Parameters
    ----------
    record : JobRecord
        The job.

    Raises
    ------
    JobFailed, JobCanceled
        If it has no result.
    UnexpectedAnswer
        If the result is not what its type says.
    """
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
            return _of_rules(record)
        case (
            ResultType.CLASSIFICATION
            | ResultType.OBJECT
            | ResultType.CLASSIFICATION_BY_DOCUMENT
            | ResultType.OBJECT_BY_DOCUMENT
        ):
            return frames.predictions(record)
    return record.result


def _of_rules(record: JobRecord) -> dict[str, list[Any]]:
    """Return, by rule, the results of the jobs that ran, each in the form of its own type."""
    told = record.result if record.result is not None else {}
    if not isinstance(told, Mapping) or not all(isinstance(ran, list) for ran in told.values()):
        raise UnexpectedAnswer(f"Job {record.id} has a result that is no map of lists by rule.")
    if not told and record.reason:
        warnings.warn(f"Job {record.id} started nothing. {record.reason}", stacklevel=4)
    return {str(rule): [_of_job(record, one) for one in ran] for rule, ran in told.items()}


def _of_job(record: JobRecord, told: Any) -> Any:
    """Return one job's result; a service may also tell which documents it worked on."""
    if not isinstance(told, Mapping):
        raise UnexpectedAnswer(f"Job {record.id} has a rule whose result is not an object.")
    kind = told.get("result_type")
    documents = told.get("document_ids")
    alone = replace(
        record,
        result_type=None if kind is None else known(ResultType, str(kind)),
        result=told.get("result"),
        document_ids=tuple(documents) if isinstance(documents, list) else (),
    )
    return read_result(alone)
