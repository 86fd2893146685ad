"""Deleting an application, what it owns and what it does."""

import os

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import OperationalError

from leia_nb.service.storage import tables
from leia_nb.service.storage.applications import delete_application
from leia_nb.service.storage.logins import digest, update_key_file

APPLICATION = "a" * 24  # the bench's
OTHER = "b" * 24


@pytest.fixture
def other(bench):
    """A second application, which stays."""
    with bench.database.write() as session:
        session.add(
            tables.Application(
                id=OTHER,
                application_type="developer",
                email="b@example.com",
                first_name="B",
                last_name="B",
                api_key_hash="1" * 64,
            )
        )
    return OTHER


def _delete(bench, application_id=APPLICATION):
    with bench.database.write() as session:
        row = session.get(tables.Application, application_id)
        delete_application(session, bench.blobs, row)
    bench.wake()


def _count(bench, table):
    with bench.database.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def _files(bench):
    return [path.name for path in bench.blobs.root.iterdir() if path.is_file()]


def test_no_row_of_it_is_left(bench, other):
    bench.document(b"1", tags=["t"], category="c")
    bench.submit(status="BLOCKED")
    with bench.database.write() as session:
        session.add(tables.Login(token_hash="x", application_id=APPLICATION, expires=0))
        session.add(
            tables.AlwaysOnSchedule(
                application_id=APPLICATION,
                number=1,
                start_days=[1],
                start_hour=1,
                start_minute=0,
                stop_hour=2,
                stop_minute=0,
                workers_model_ids=[],
            )
        )
    _delete(bench)
    for table in tables.Table.__subclasses__():
        assert _count(bench, table) == (table is tables.Application), table
    assert _files(bench) == []


def test_jobs_it_submitted_for_others_become_theirs(bench, other):
    job = tables.Job(
        application_id=OTHER,
        submitter_id=APPLICATION,
        job_type="predict",
        document_ids=[],
        status="BLOCKED",
    )
    with bench.database.write() as session:
        session.add(job)
    _delete(bench)
    kept = bench.job(job.id)
    assert (kept.submitter_id, kept.status) == (OTHER, "BLOCKED")


def test_a_deletion_that_is_not_committed_keeps_everything(bench):
    document = bench.document(b"kept")

    def refuse(_connection):
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    event.listen(bench.database._writer, "commit", refuse)
    with pytest.raises(OperationalError):
        _delete(bench)
    event.remove(bench.database._writer, "commit", refuse)
    assert _files(bench) == [document]
    assert _count(bench, tables.Document) == 1


def test_files_that_a_crash_leaves_over_are_swept(bench):
    document = bench.document(b"left over")
    with bench.database.write() as session:
        session.execute(delete(tables.Document))
    assert _files(bench) == [document]
    assert bench.blobs.sweep(set()) == 1


@pytest.mark.skipif(os.name == "nt", reason="asks for a process by sending it no signal")
def test_its_running_jobs_are_stopped(bench, trainers, tmp_path, wait_until):
    bench.digits(20)
    bench.run()
    gate = tmp_path / "gate"
    job = bench.train("patient", model_params={"gate": str(gate), "folds": 2})
    told = tmp_path / "gate.pid"
    wait_until(told.exists, "the trainer works")
    _delete(bench)
    pid = int(told.read_text())
    wait_until(lambda: not _lives(pid), "the worker is stopped")
    gate.touch()
    wait_until(lambda: not bench.dispatcher._leases, "the worker is free")
    assert bench.job(job) is None
    assert _files(bench) == []
    assert _count(bench, tables.Model) == 0


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_file_of_the_first_key_is_kept_true(tmp_path):
    file = tmp_path / "admin.key"
    update_key_file(file, digest("old"), "new")
    assert not file.exists()
    file.write_text("old\n")
    update_key_file(file, digest("another"), "new")
    assert file.read_text() == "old\n"
    update_key_file(file, digest("old"), "new")
    assert file.read_text() == "new\n"
    update_key_file(file, digest("new"), None)
    assert not file.exists()


def test_a_key_file_that_cannot_be_changed_is_left_and_the_log_says_so(tmp_path, caplog):
    file = tmp_path / "admin.key"
    file.write_text("old\n")
    (tmp_path / "admin.part").mkdir()
    update_key_file(file, digest("old"), "new")
    assert file.read_text() == "old\n"
    assert "no longer valid" in caplog.text
    (tmp_path / "admin.part").rmdir()
    update_key_file(file, digest("old"), "new")
    assert [path.name for path in tmp_path.iterdir()] == ["admin.key"]
    assert file.read_text() == "new\n"
