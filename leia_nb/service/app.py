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
from leia_nb.service.routes import error_handlers, routers
from leia_nb.service.routes.context import Service
from leia_nb.service.routes.middleware import Activity, Gate
from leia_nb.service.settings import Settings
from leia_nb.service.storage import logins
from leia_nb.service.storage.blobs import Blobs, referenced_ids
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.reserve import Reserve
from leia_nb.version import __version__


def create_app(settings: Settings, *, dispatcher: bool = True) -> FastAPI:
    """Create the application of one data folder.

    The folder is made when missing, with its tables and its first admin application
    (the key is taken from ``LEIA_API_KEY``, else written to ``admin.key``, mode 0600).
    What a crash left half-made is removed. No other service may use the folder.

    Parameters
    ----------
    settings : Settings
        What the service is told.
    dispatcher : bool
        Whether jobs are run; without it they stay READY.

    Returns
    -------
    fastapi.FastAPI
        ``app.state.service`` holds the service's parts, ``app.state.activity`` counts
        requests, ``app.state.dispatcher`` runs the jobs (or is None).

    Examples
    --------
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
    )
    app.state.service = service
    app.state.dispatcher = runner
    app.state.activity = Activity()
    app.state.conversion = asyncio.Lock()
    app.add_middleware(Gate, activity=app.state.activity)
    error_handlers.install(app)
    openapi.install(app, Settings.BASE_PATH)
    _include_routes(app)
    return app


def _include_routes(app: FastAPI) -> None:
    for router in routers.ROUTERS:
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
