"""Rows in the form in which LEIA sends them: JSON objects with every field, null or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leia_nb.service.storage import tables


def model_json(row: tables.Model) -> dict[str, Any]:
    """Return a model as LEIA's `Model`."""
    return {
        "id": row.id,
        "application_id": row.application_id,
        "creation_time": _time(row.creation_time),
        "name": row.name,
        "short_name": row.short_name,
        "description": row.description,
        "model_type": row.model_type,
        "input_types": row.input_types,
        "model_module": row.model_module,
        "model_clazz": row.model_clazz,
        "documentation": row.documentation,
        "output_format": row.output_format,
        "speed": row.speed,
        "ttl": row.ttl,
        "cores": row.cores,
        "memory": row.memory,
        "always_on_workers": row.always_on_workers,
        "size": row.size,
        "md5sum": row.md5sum,
        "allow_all_applications": row.allow_all_applications,
        "allowed_application_ids": [p.application_id for p in row.permission_rows],
        "tags": [t.tag for t in row.tag_rows],
    }


def document_json(row: tables.Document) -> dict[str, Any]:
    """Return a document as LEIA's `Document`."""
    return {
        "id": row.id,
        "application_id": row.application_id,
        "creation_time": _time(row.creation_time),
        "expiration_time": _time(row.expiration_time),
        "filename": row.filename,
        "extension": row.extension,
        "mime_type": row.mime_type,
        "size": row.size,
        "md5sum": row.md5sum,
        "original_id": row.original_id,
        "page": row.page,
        "rotation_angle": row.rotation_angle,
        "tags": [t.tag for t in row.tag_rows],
    }


def annotation_json(row: tables.Annotation) -> dict[str, Any]:
    """Return an annotation as LEIA's `Annotation`."""
    return {
        "id": row.id,
        "application_id": row.application_id,
        "document_id": row.document_id,
        "creation_time": _time(row.creation_time),
        "annotation_type": row.annotation_type,
        "name": row.name,
        "prediction": row.prediction,
        "tags": [t.tag for t in row.tag_rows],
    }


def job_json(row: tables.Job) -> dict[str, Any]:
    """Return a job as LEIA's `Job`."""
    return {
        "id": row.id,
        "application_id": row.application_id,
        "creation_time": _time(row.creation_time),
        "starting_time": _time(row.starting_time),
        "finished_time": _time(row.finished_time),
        "job_type": row.job_type,
        "model_id": row.model_id,
        "document_ids": row.document_ids,
        "status": row.status,
        "execute_after_id": row.execute_after_id,
        "parent_job_id": row.parent_job_id,
        "callback_url": row.callback_url,
        "reason": row.reason,
        "result_type": row.result_type,
        "result": row.result,
    }


def application_json(
    row: tables.Application,
    *,
    job_counts: dict[str, int] | None = None,
    api_key: str | None = None,
) -> dict[str, Any]:
    """Return an application as LEIA's `Application`; with its API key only when it is new.

    Parameters
    ----------
    row : tables.Application
        The application.
    job_counts : dict of str to int, optional
        How many of its jobs have which status.
    api_key : str, optional
        The key it was given just now.
    """
    return {
        "id": row.id,
        "application_name": row.application_name,
        "application_type": row.application_type,
        "email": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "creation_time": _time(row.creation_time),
        "default_job_callback_url": row.default_job_callback_url,
        "dedicated_workers": row.dedicated_workers,
        "dedicated_workers_max_models": row.dedicated_workers_max_models,
        "dedicated_workers_ttl": row.dedicated_workers_ttl,
        "reduce_callback_payloads": row.reduce_callback_payloads,
        "always_on_schedules": [_schedule_json(schedule) for schedule in row.schedules],
        "job_counts": job_counts,
        "api_key": api_key,
    }


def _schedule_json(row: tables.AlwaysOnSchedule) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "start_days": row.start_days,
        "start_hour": row.start_hour,
        "start_minute": row.start_minute,
        "stop_hour": row.stop_hour,
        "stop_minute": row.stop_minute,
        "workers_model_ids": row.model_ids,
    }


def _time(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value is not None else None
