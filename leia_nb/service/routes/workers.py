"""The calls that tell of the worker processes, and end one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from leia_nb.enums import JobType
from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.routes import context

router = APIRouter(prefix="/worker", tags=["worker"], dependencies=[Depends(context.plain)])
admin_router = APIRouter(
    prefix="/worker", tags=["worker (admin)"], dependencies=[Depends(context.admin)]
)

_DONE_BY_WORKERS = (JobType.PREDICT, JobType.TRAIN, JobType.TRANSFORM)
WorkerType = Annotated[str, Path(description="The type of job that the worker does.")]


@router.get("", operation_id="get_workers")
def get_workers(request: Request) -> Response:
    """List the workers by the type of job; every process does all of them."""
    statuses = _statuses(_dispatch(request))
    return JSONResponse([_worker_json(job_type, statuses) for job_type in _DONE_BY_WORKERS])


@router.get("/{job_type}", operation_id="get_worker")
def get_worker(request: Request, job_type: WorkerType) -> Response:
    """Return the workers that do one type of job."""
    dispatch = _dispatch(request)
    _check_type(job_type)
    return JSONResponse(_worker_json(job_type, _statuses(dispatch)))


@admin_router.delete("/{job_type}", operation_id="kill_worker", status_code=204)
def kill_worker(request: Request, job_type: WorkerType) -> Response:
    """End one worker process after its present job; another one takes its place when needed."""
    dispatch = _dispatch(request)
    _check_type(job_type)
    if not dispatch.stop_worker(job_type):
        raise _none_runs()
    return Response(status_code=204)


def _worker_json(job_type: str, statuses: list[str]) -> dict[str, Any]:
    return {"job_type": job_type, "number": len(statuses), "statuses": statuses}


def _statuses(dispatch: context.Dispatch) -> list[str]:
    statuses = [str(status) for _, status in dispatch.workers()]
    if not statuses:
        raise _none_runs()
    return statuses


def _dispatch(request: Request) -> context.Dispatch:
    service = context.service_of(request)
    if service.dispatch is None or not service.settings.workers:
        message = "This service runs without workers, so that its jobs stay READY."
        raise bad("no_worker_mode", f"{message} Start it with --workers 1 or more.")
    return service.dispatch


def _check_type(job_type: str) -> None:
    if job_type not in tuple(_DONE_BY_WORKERS):
        known = ", ".join(_DONE_BY_WORKERS)
        message = f"No worker does jobs of the type {job_type[:60]!r}. Choose among: {known}."
        raise ApiError(404, "unknown_worker", message, "job_type")


def _none_runs() -> ApiError:
    message = "No worker process runs at the moment. One starts as soon as there is a job."
    return ApiError(404, "no_worker", message)
