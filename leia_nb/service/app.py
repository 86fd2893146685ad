"""The application: routes under the base path, over the storage of one data folder."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from leia_nb.service import openapi
from leia_nb.service.dispatch import Dispatcher
from leia_nb.service.routes import (
    applications,
    apply,
    conditional_jobs,
    documents,
    error_handlers,
    jobs,
    models,
    sessions,
    train,
    transform,
    workers,
)
from leia_nb.service.routes.annotations import router as annotation_router
from leia_nb.service.routes.context import Service
from leia_nb.service.routes.middleware import Activity, RequestMiddleware
from leia_nb.service.schemas.responses import errors
from leia_nb.service.settings import Settings
from leia_nb.service.storage import logins
from leia_nb.service.storage.blobs import Blobs, referenced_ids
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.reserve import Reserve
from leia_nb.version import __version__


def create_app(settings: Settings, *, dispatcher: bool = True) -> FastAPI:
    """Create the application of one data folder, which no other service may use.

    Creates the folder if it is missing, with its tables and the first admin application (its
    key is ``LEIA_API_KEY``, else a new one in ``admin.key``, mode 0600), and removes what a
    crash left. Without `dispatcher`, jobs stay READY.

    >>> app = create_app(Settings(data_dir=tmp_path), dispatcher=False)
    >>> app.title
    'LEIA, embedded'
    """
    service = _open(settings)
    runner = _dispatcher(service) if dispatcher else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if runner is not None:
            runner.start()
        try:
            yield
        finally:
            if runner is not None:
                runner.stop()
            service.database.close()

    app = FastAPI(
        title="LEIA, embedded",
        version=__version__,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{Settings.BASE_PATH}/openapi.json",
        responses=errors(500, 503, 507),
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.service = service
    app.state.dispatcher = runner
    app.state.activity = Activity()
    app.state.conversion = asyncio.Lock()
    app.add_middleware(RequestMiddleware, activity=app.state.activity)
    error_handlers.install(app)
    openapi.install(app, Settings.BASE_PATH)
    _include_routes(app)
    return app


def _include_routes(app: FastAPI) -> None:
    # Routes with fixed paths come first: /job/conditional/{…} before /job/{job_id}/….
    scoped = (conditional_jobs, jobs, documents, transform, models, apply, train)
    for router in (
        sessions.router,
        applications.router,
        workers.router,
        workers.admin_router,
        annotation_router,
        train.trainers_router,
        *(router for module in scoped for router in module.routes.routers),
    ):
        app.include_router(router, prefix=Settings.BASE_PATH)


def _open(settings: Settings) -> Service:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    reserve = Reserve(settings.reserve)
    database = Database(settings.database, reserve)
    blobs = Blobs(settings.blobs, reserve)
    with database.write() as session:
        logins.ensure_first_admin(session, settings.admin_key, os.environ.get("LEIA_API_KEY"))
        blobs.sweep(referenced_ids(session))
    return Service(settings, database, blobs, secrets.token_hex(16))


def _dispatcher(service: Service) -> Dispatcher:
    runner = Dispatcher(service.settings, service.database, service.blobs, service.instance)
    service.wake = runner.wake
    service.dispatch = runner
    return runner
