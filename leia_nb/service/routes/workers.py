"""The calls that show the worker processes, and stop one."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from leia_nb.enums import JobType
from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.routes import context
from leia_nb.service.routes.admin_routes import router as new_router
from leia_nb.service.schemas.objects import Worker, Workers
from leia_nb.service.schemas.paths import WorkerType
from leia_nb.service.schemas.responses import returns, returns_nothing

router = new_router("worker", context.plain, "/worker")
admin_router = new_router("worker (admin)", context.admin, "/worker")

_JOB_TYPES = (JobType.PREDICT, JobType.TRAIN, JobType.TRANSFORM)


@router.get("", **returns(Workers, 400, 404))
def get_workers(request: Request) -> Response:
    """List the workers by the type of job; every process runs jobs of all types."""
    statuses = _statuses(_dispatch(request))
    return JSONResponse([_worker_json(job_type, statuses) for job_type in _JOB_TYPES])


@router.get("/{job_type}", **returns(Worker, 404))
def get_worker(request: Request, job_type: WorkerType) -> Response:
    """Return the workers for one type of job."""
    dispatch = _dispatch(request)
    _check_type(job_type)
    return JSONResponse(_worker_json(job_type, _statuses(dispatch)))


@admin_router.delete("/{job_type}", **returns_nothing(404))
def kill_worker(request: Request, job_type: WorkerType) -> Response:
    """Stop one worker process after its current job; another one replaces it when needed."""
    dispatch = _dispatch(request)
    _check_type(job_type)
    if not dispatch.stop_worker(job_type):
        raise _no_worker()
    return Response(status_code=204)


def _worker_json(job_type: str, statuses: list[str]) -> dict[str, Any]:
    return Worker(job_type=job_type, number=len(statuses), statuses=statuses).model_dump()


def _statuses(dispatch: context.Dispatch) -> list[str]:
    statuses = [str(status) for _, status in dispatch.workers()]
    if not statuses:
        raise _no_worker()
    return statuses


def _dispatch(request: Request) -> context.Dispatch:
    service = context.service_of(request)
    if service.dispatch is None or not service.settings.workers:
        message = "This service runs without workers, so its jobs stay READY."
        raise bad("no_worker_mode", f"{message} Start it with --workers 1 or more.")
    return service.dispatch


def _check_type(job_type: str) -> None:
    if job_type not in tuple(_JOB_TYPES):
        message = f"Unknown job type {job_type[:60]!r}."
        advice = f"Choose one of: {', '.join(_JOB_TYPES)}."
        raise ApiError(404, "unknown_worker", f"{message} {advice}", "job_type")


def _no_worker() -> ApiError:
    message = "No worker process is running. One starts as soon as there is a job."
    return ApiError(404, "no_worker", message)
