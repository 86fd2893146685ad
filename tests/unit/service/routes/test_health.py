"""What /health says of a service that is not well, asked without a socket."""

import asyncio
import json

import pytest

from leia_nb.service.app import create_app
from leia_nb.service.settings import Settings


def _ask(app):
    """Send GET /health through the application's own door; return status and JSON."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"{Settings.BASE_PATH}/health",
        "raw_path": b"",
        "query_string": b"",
        "headers": [],
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], json.loads(b"".join(m.get("body", b"") for m in sent[1:]))


@pytest.fixture
def app(tmp_path):
    app = create_app(Settings(data_dir=tmp_path, workers=0))
    app.state.dispatcher.start()
    yield app
    app.state.dispatcher.stop()
    app.state.service.database.close()


def test_a_service_that_is_well(app):
    status, said = _ask(app)
    assert (status, said["status"]) == (200, "ok")


def test_without_the_thread_that_runs_jobs(app):
    app.state.dispatcher.stop()
    status, said = _ask(app)
    assert (status, said["code"]) == (500, "unwell")
    assert "thread" in said["message"]
    assert "service.log" in said["message"]


def test_without_a_database_that_can_be_read(app, caplog):
    with app.state.service.database.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE applications RENAME TO lost")
    status, said = _ask(app)
    assert (status, said["code"]) == (500, "unwell")
    assert "applications" in said["message"]
    assert "service.log" in said["message"]
    assert "cannot read the database" in caplog.text


def test_a_service_without_a_dispatcher_is_well(tmp_path):
    app = create_app(Settings(data_dir=tmp_path), dispatcher=False)
    assert _ask(app)[0] == 200
    app.state.service.database.close()
