"""A data folder of an older version opens, keeps its rows and gains what is new."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Boolean, Column, MetaData, String, Table, inspect

from leia_nb.service.storage import tables
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.migrations import upgrade
from leia_nb.service.storage.tables import Json

OLD = Path(__file__).with_name("old_schema.sql").read_text(encoding="utf-8")
TIME = "2026-01-02 03:04:05.000000"
ROWS = f"""
    INSERT INTO applications VALUES
        ('a', 'Ada', 'developer', 'ada@example.org', 'Ada', 'L', 'hash', NULL, '{TIME}');
    INSERT INTO models VALUES ('m', 'a', '{TIME}', 'Old', 'old', NULL, 200, 0, 'classification',
        '["text"]', 'C', 'text_classifier', NULL, NULL, 'md5', 7, NULL);
    INSERT INTO jobs VALUES ('j', 'a', 'a', '{TIME}', NULL, NULL, 'predict', 'm', '["d"]', 'READY',
        NULL, NULL, NULL, NULL, NULL, NULL, '{{}}', 0, NULL, NULL, 0, 0);
"""


@pytest.fixture
def old(tmp_path):
    """A database as the first version made it, with an application, a model and a job."""
    path = tmp_path / "leia.db"
    connection = sqlite3.connect(path)
    connection.executescript(OLD + ROWS)
    connection.close()
    return path


def _columns(database):
    found = inspect(database._writer)
    return {
        table: {column["name"] for column in found.get_columns(table)}
        for table in tables.Table.metadata.tables
    }


def test_an_old_database_gains_every_column_and_index(old, tmp_path):
    upgraded, fresh = Database(old), Database(tmp_path / "fresh.db")
    try:
        assert _columns(upgraded) == _columns(fresh)
        for table in tables.Table.metadata.tables:
            indexes = [
                {index["name"] for index in inspect(d._writer).get_indexes(table)}
                for d in (upgraded, fresh)
            ]
            assert indexes[0] == indexes[1]
    finally:
        upgraded.close()
        fresh.close()


def test_its_rows_are_kept_and_have_the_defaults(old):
    database = Database(old)
    with database.read() as session:
        application = session.get(tables.Application, "a")
        assert (application.email, application.dedicated_workers) == ("ada@example.org", False)
        assert application.reduce_callback_payloads is False
        assert (application.dedicated_workers_ttl, application.schedules) == (None, [])
        model = session.get(tables.Model, "m")
        assert (model.short_name, model.cores, model.memory) == ("old", None, None)
        job = session.get(tables.Job, "j")
        assert (job.status, job.document_ids) == ("READY", ["d"])
    with database.write() as session:
        model = session.get(tables.Model, "m")
        model.cores, model.always_on_workers = 0.5, 1
        application = session.get(tables.Application, "a")
        application.dedicated_workers = True
    with database.read() as session:
        assert session.get(tables.Model, "m").cores == 0.5
    database.close()


def test_a_second_opening_adds_nothing(old):
    Database(old).close()
    database = Database(old)
    with database._writer.begin() as connection:
        assert upgrade(connection) == []
    database.close()


def test_columns_that_may_not_be_null_get_their_default(old, monkeypatch):
    newer = MetaData()
    Table(
        "jobs",
        newer,
        Column("id", String(24), primary_key=True),
        Column("counted", Json, nullable=False, default=dict),
        Column("it's", String, nullable=False, default="o'clock"),
        Column("done", Boolean, nullable=False, default=True),
        Column("maybe", String),
    )
    monkeypatch.setattr(tables.Table, "metadata", newer)
    database = Database(old)
    with database._writer.begin() as connection:
        row = connection.execute(newer.tables["jobs"].select()).one()
    database.close()
    assert tuple(row) == ("j", {}, "o'clock", True, None)
