"""The last step of the calls that start jobs: from what was asked to a row in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from leia_nb.enums import JobType
from leia_nb.service import queue
from leia_nb.service.routes.context import Caller, Service
from leia_nb.service.storage import tables
from leia_nb.service.storage.serializers import job_json


def submit(
    service: Service,
    caller: Caller,
    job_type: JobType,
    asked: Mapping[str, Any],
    *,
    document_ids: Sequence[str],
    request: Mapping[str, Any],
    model_id: str | None = None,
) -> Response:
    """Put a job in the queue, and answer it.

    Parameters
    ----------
    service : Service
        Where it is done.
    caller : Caller
        Who submits it, and for whom.
    job_type : JobType
        What kind of job it is.
    asked : mapping
        What every job may be asked, from `asking.merged`; what is not in it was not asked.
    document_ids : sequence of str
        What it works on.
    request : mapping
        What else its row keeps of what was asked.
    model_id : str or None
        The model, if it applies one.
    """
    job = tables.Job(
        id=tables.new_id(),
        application_id=caller.owner_id,
        submitter_id=caller.login_id,
        job_type=job_type,
        model_id=model_id,
        document_ids=list(document_ids),
        execute_after_id=asked.get("execute_after_id") or None,
        callback_url=asked["callback_url"],
        priority=asked.get("priority") or 0,
        request={**request, "callback_headers": asked["callback_headers"]},
    )
    blocked = bool(asked.get("block_processing"))
    job = queue.submit(service.database, job, block_processing=blocked)
    service.wake()
    return JSONResponse(job_json(job))
