"""The documents that jobs make: all of them with the job's end, or none."""

import errno
import json

import pytest

from leia_nb import packaging
from leia_nb.packaging import ModelDescription
from leia_nb.service.dispatch import dispatcher
from leia_nb.service.queue import leases
from leia_nb.service.storage import tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.trainers import registry
from tests.unit.service.conftest import TRAINERS

TEXT = b"one two three four five six"


@pytest.fixture(scope="module")
def started(new_bench, tmp_path_factory):
    """A data folder whose jobs run, with the test's own trainers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TRAINERS)
        registry._entries.cache_clear()
        registry.trainer.cache_clear()
        bench = new_bench(tmp_path_factory.mktemp("data"))
        bench.run()
        yield bench
        bench.close()
    registry._entries.cache_clear()
    registry.trainer.cache_clear()


@pytest.fixture(scope="module")
def cutter(started):
    """A model of the trainer `cutter`."""
    about = ModelDescription("image_extraction", ("image",), "cutter", "list")
    row = tables.Model(
        id=tables.new_id(),
        application_id="a" * 24,
        name="Cutter",
        ttl=0,
        allow_all_applications=False,
        model_type=about.model_type,
        input_types=list(about.input_types),
        model_clazz=about.model_clazz,
        model_module=about.model_module,
        md5sum="",
        size=0,
    )
    packaging.write_model(started.blobs.path(row.id), ["nothing"], about)
    with started.database.write() as session:
        session.add(row)
    return row.id


@pytest.fixture
def running(started, cutter):
    """The same, without a document."""
    with started.database.write() as session:
        for row in session.query(tables.Document):
            session.delete(row)
            started.blobs.delete(row.id)
    return started


def _text(bench, data=TEXT, **columns):
    columns.setdefault("filename", "Text.txt")
    return bench.document(data, mime_type="text/plain", **columns)


def _split(bench, document_ids, *, execute_after_id=None, **request):
    request = {"output_type": "split", "transform_params": {"split_size": 2}, **request}
    return bench.submit(
        job_type="transform",
        document_ids=document_ids,
        request=request,
        execute_after_id=execute_after_id,
    )


def _documents(bench):
    with bench.database.read() as session:
        return {row.id: row for row in session.query(tables.Document)}


def _files(bench):
    """Return the names of all blobs but the models'."""
    with bench.database.read() as session:
        models = {row.id for row in session.query(tables.Model)}
    return {path.name for path in bench.blobs.root.iterdir() if path.is_file()} - models


def test_made_documents_are_kept_with_their_origin(running):
    future = tables.now().replace(year=3000)
    source = _text(running, expiration_time=future)
    job = running.processed(_split(running, [source], output_tag="part"))
    assert job.result_type == "list[document]"
    assert [said["original_id"] for said in job.result] == [source] * 3
    again = running.processed(_split(running, [job.result[0]["id"]]))
    rows = _documents(running)
    assert {rows[said["id"]].original_id for said in again.result} == {source}
    assert {row.expiration_time for row in rows.values()} == {future}
    assert [tag.tag for tag in rows[job.result[0]["id"]].tag_rows] == ["part"]
    assert _files(running) == set(rows)
    for said in job.result:
        assert running.blobs.path(said["id"]).stat().st_size == said["size"]


def test_derived_documents_expire_with_the_original(running):
    source = _text(running)
    job = running.processed(_split(running, [source]))
    running.processed(_split(running, [job.result[0]["id"]]))
    with running.database.write() as session:
        session.get(tables.Document, source).expiration_time = tables.now().replace(year=2000)
    dispatcher.delete_expired(running.database, running.blobs)
    assert _documents(running) == {}
    assert _files(running) == set()


def test_everything_goes_when_what_it_was_made_from_expires(running):
    source, other = _text(running), _text(running)
    part, *parts = [said["id"] for said in running.processed(_split(running, [source])).result]
    again = running.processed(_split(running, [part])).result[0]["id"]
    merge = {"output_type": "merge", "transform_params": {}}
    ids = [again, other]
    job = running.submit(job_type="transform", document_ids=ids, request=merge)
    running.processed(_split(running, [running.processed(job).result["id"]]))
    with running.database.write() as session:
        session.get(tables.Document, part).expiration_time = tables.now().replace(year=2000)
    dispatcher.delete_expired(running.database, running.blobs)
    assert set(_documents(running)) == set(_files(running)) == {source, other, *parts}


def test_an_extractor_of_images_makes_documents(running, cutter):
    ids = [running.document(b"\x89PNG\r\n\x1a\n", page=number) for number in (4, 5)]
    job = running.processed(running.apply(cutter, ids, save_result=True))
    assert job.result_type == "list[document]"
    assert [said["filename"] for said in job.result] == ["piece-0.png", "piece-1.png"] * 2
    assert [said["page"] for said in job.result] == [4, 4, 5, 5]
    for said in job.result:
        assert said["prediction"] == {"label": "stamp", "score": 0.5}
        assert said["tags"] == ["piece"]
        assert running.blobs.path(said["id"]).exists(), "its own id is not overwritten"
    kept = [row for row in _documents(running).values() if row.extension == "json"]
    assert [json.loads(running.blobs.path(row.id).read_text()) for row in kept] == [job.result]
    after = running.processed(running.apply(cutter, ids, execute_after_id=job.id, page_range="1:"))
    assert after.document_ids == [said["id"] for said in job.result[1:]]


def test_an_extractor_that_finds_nothing_leaves_nothing_to_work_on(running, cutter):
    ids = [running.document(b"\x89PNG\r\n\x1a\n")]
    job = running.processed(running.apply(cutter, ids, model_params={"pieces": 0}))
    assert (job.result_type, job.result) == ("list[document]", [])
    after = running.over(running.apply(cutter, ids, execute_after_id=job.id))
    assert after.status == "FAILED"
    assert "produced no documents to process" in after.reason


def test_an_input_that_is_passed_on_stays_where_it_is(running, cutter):
    source = running.document(b"\x89PNG\r\n\x1a\n of its own")
    job = running.processed(running.apply(cutter, [source], model_params={"fault": "input"}))
    for document_id in (source, *(said["id"] for said in job.result)):
        assert running.blobs.path(document_id).read_bytes() == b"\x89PNG\r\n\x1a\n of its own"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("missing", "is missing: it was not written"),
        ("nan", "is not valid JSON"),
        ("full", "The disk is full"),
    ],
)
def test_an_extractor_that_goes_wrong_leaves_nothing(running, cutter, fault, reason):
    source = running.document(b"\x89PNG\r\n\x1a\n")
    job = running.over(running.apply(cutter, [source], model_params={"fault": fault}))
    assert (job.status, job.result) == ("FAILED", None)
    assert reason in job.reason
    assert set(_documents(running)) == {source}
    assert _files(running) == {source}


def test_a_full_disk_stores_no_output(running, monkeypatch):
    source = _text(running)
    real, calls = running.blobs.adopt, []

    def full(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(*arguments, **options)

    monkeypatch.setattr(running.blobs, "adopt", full)
    job = running.over(_split(running, [source]))
    assert job.status == "FAILED"
    assert "the disk is full" in job.reason
    assert len(calls) == 2
    assert set(_documents(running)) == _files(running) == {source}
    monkeypatch.undo()
    running.processed(_split(running, [source]))


def test_a_failed_commit_stores_no_output(running, monkeypatch):
    source = _text(running)
    real, calls = leases.finish, []

    def flaky(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise RuntimeError("the database is on fire")
        return real(*arguments)

    monkeypatch.setattr(leases, "finish", flaky)
    job = running.over(_split(running, [source], save_result=True))
    assert job.status == "FAILED"
    assert "could not be stored" in job.reason
    assert set(_documents(running)) == _files(running) == {source}


def test_the_output_of_a_lost_lease_is_not_stored(running, monkeypatch):
    source = _text(running)
    job_id = _split(running, [source])
    real = leases.finish

    def late(session, held_id, attempt, outcome):
        session.get(tables.Job, held_id).attempt += 1
        session.flush()
        return real(session, held_id, attempt, outcome)

    monkeypatch.setattr(leases, "finish", late)
    running.traces(job_id)
    assert set(_documents(running)) == _files(running) == {source}


def test_a_source_deleted_meanwhile_fails_the_job(running, monkeypatch):
    from leia_nb.service.storage import job_outputs

    source = _text(running)
    real = job_outputs.read_sources

    def deleted(session, application_id, document_ids):
        session.delete(session.get(tables.Document, source))
        session.flush()
        return real(session, application_id, document_ids)

    monkeypatch.setattr(job_outputs, "read_sources", deleted)
    job = running.over(_split(running, [source]))
    assert job.status == "FAILED"
    assert f"document {source} was deleted or expired meanwhile" in job.reason
    assert _files(running) == {source}, "nothing of it was committed"


def test_a_crash_before_the_commit_leaves_files_that_the_next_start_sweeps(bench):
    from leia_nb.service.storage.job_outputs import stored_files
    from leia_nb.service.trainers import OutputDocument
    from leia_nb.service.worker.tasks import OutputFile

    source = _text(bench)
    part = bench.settings.data_dir / "part"
    part.write_bytes(b"half")
    with (
        pytest.raises(SystemExit),
        stored_files(bench.blobs, [OutputFile(OutputDocument(part, "a.txt"), "", 4)]),
    ):
        raise SystemExit
    assert _files(bench) == {source}, "even an exit clears away"
    (bench.blobs.root / tables.new_id()).write_bytes(b"what a killed service left")
    assert Blobs(bench.blobs.root).sweep({source}) == 1
    assert _files(bench) == {source}


def test_a_long_name_makes_room_for_its_ending(running, cutter):
    name = "n" * 255
    source = running.document(b"\x89PNG\r\n\x1a\n", filename=name)
    running.processed(running.apply(cutter, [source], save_result=True))
    (saved,) = [row for row in _documents(running).values() if row.extension == "json"]
    assert len(saved.filename) == 255
    assert saved.filename.endswith("n.result.json")
