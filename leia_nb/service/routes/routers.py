"""All routes that the service serves; those with fixed paths come first."""

from __future__ import annotations

from fastapi import APIRouter

from leia_nb.service.routes import (
    applications,
    apply,
    conditional_jobs,
    document_listings,
    documents,
    job_listings,
    jobs,
    models,
    sessions,
    train,
    trainers,
    transform,
    workers,
)
from leia_nb.service.routes.annotations import router as annotation_router

_PAIRS = (
    conditional_jobs.pair,
    job_listings.pair,
    jobs.pair,
    document_listings.pair,
    documents.pair,
    transform.pair,
    models.pair,
    apply.pair,
    train.pair,
)

ROUTERS: tuple[APIRouter, ...] = (
    sessions.router,
    applications.router,
    workers.router,
    workers.admin_router,
    annotation_router,
    trainers.router,
    *(router for pair in _PAIRS for router in pair.routers),
)
