"""Rows as LEIA's objects: plain JSON, with the fields that `schemas.objects` declares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any

from leia_nb.service.schemas import objects
from leia_nb.service.storage import tables


def _serializer(schema: type[objects.WireObject], *without: str) -> Callable[[Any], dict[str, Any]]:
    """Return what reads the fields of an object off the columns of the same names.

    A long listing takes a third of the time that Pydantic needs to validate and dump it.
    """
    fields = {name: field for name, field in schema.model_fields.items() if name not in without}
    times = [name for name, field in fields.items() if field.annotation in _TIMES]
    read = attrgetter(*fields)

    def serialize(row: Any) -> dict[str, Any]:
        record = dict(zip(fields, read(row), strict=True))
        for name in times:
            if record[name] is not None:
                record[name] = record[name].isoformat(timespec="seconds")
        return record

    return serialize


_TIMES = (datetime, objects.Time, objects.Time | None)
model_json = _serializer(objects.Model)
document_json = _serializer(objects.Document)
annotation_json = _serializer(objects.Annotation)
job_json = _serializer(objects.Job)
_schedule_json = _serializer(objects.AlwaysOnSchedule)
_application_json = _serializer(objects.Application, "always_on_schedules", "job_counts", "api_key")


def application_json(
    row: tables.Application,
    *,
    job_counts: dict[str, int] | None = None,
    api_key: str | None = None,
) -> dict[str, Any]:
    """Return an application; `job_counts` are by status, `api_key` is given when it is new."""
    schedules = [_schedule_json(schedule) for schedule in row.schedules]
    return _application_json(row) | {
        "always_on_schedules": schedules,
        "job_counts": job_counts,
        "api_key": api_key,
    }
