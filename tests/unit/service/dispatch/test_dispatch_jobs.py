"""Jobs through a real dispatcher with real worker processes, without HTTP."""

import pytest

from leia_nb.service.queue import commands
from leia_nb.service.storage import tables


@pytest.fixture(scope="module")
def running(new_bench, tmp_path_factory):
    bench = new_bench(tmp_path_factory.mktemp("data"))
    bench.ids = bench.digits(60)
    bench.run()
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def model(running):
    return running.processed(running.train(model_name="M", short_name="m")).result


def _rows(bench, table):
    with bench.database.read() as session:
        return {row.id for row in session.query(table)}


def _files(bench):
    return {path.name for path in bench.blobs.root.iterdir() if path.is_file()}


def test_a_training_makes_a_model_and_an_apply_uses_it(running, model):
    assert (model["name"], model["short_name"], model["ttl"]) == ("M", "m", 200)
    assert model["model_module"] == "image_classifier"
    ids = running.ids
    one = running.processed(running.apply(model["id"], ids[:1], format_type="classification"))
    assert one.result_type == "classification"
    assert one.result["category"] == "0"
    assert 0 < one.result["score"] <= 1
    assert 0 < one.result["accuracy"] <= 1

    many = running.processed(running.apply(model["id"], ids[:3], format_type="classification"))
    assert many.result_type == "dict[classification]"
    assert list(many.result) == ids[:3]

    plain = running.processed(running.apply(model["id"], ids[:1], model_params={"top": "2"}))
    assert plain.result_type == "object"
    assert [set(item) for item in plain.result] == [{"key", "value"}] * 2

    both = running.processed(running.apply(model["id"], ids[:2]))
    assert both.result_type == "dict[object]"

    assert running.traces(one.id)[0].stages == ("LOADING_MODEL", "PROCESSING")
    assert running.traces(many.id)[0].stages == ("PROCESSING",), "it was loaded still"
    running.traces(both.id)  # recorded after its work folder is removed
    assert not list(running.settings.work.iterdir()), "work folders are removed"


def test_a_model_with_a_ttl_of_zero_is_loaded_each_time(running):
    model = running.processed(running.train(ttl=0)).result
    ids = running.ids[:1]
    for _ in range(2):
        job = running.processed(running.apply(model["id"], ids))
        assert running.traces(job.id)[0].stages == ("LOADING_MODEL", "PROCESSING")


def test_a_job_goes_to_the_worker_that_has_the_model(running, model):
    ids = running.ids
    pids = set()
    for document_id in ids[:5]:
        job = running.processed(running.apply(model["id"], [document_id]))
        pids.add(running.traces(job.id)[0].pid)
    assert len(pids) == 1


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"model_params": {"tops": 1}}, "no parameter 'tops'"),
        ({"tag": "page"}, "has the tag 'page'"),
    ],
)
def test_an_apply_that_fails_says_why(running, model, asked, reason):
    job = running.over(running.apply(model["id"], running.ids[:1], **asked))
    assert job.status == "FAILED"
    assert reason in job.reason


def test_documents_that_fail_an_apply_are_named(running, model):
    broken = running.document(b"nothing", filename="broken.png")
    job = running.over(running.apply(model["id"], [broken]))
    assert (job.status, job.result) == ("FAILED", None)
    assert f"document {broken} (broken.png) is not a supported image" in job.reason

    text = running.document(b"words", filename="a.txt", mime_type="text/plain")
    assert "is text/plain, but the model" in running.over(running.apply(model["id"], [text])).reason

    gone = running.over(running.apply(model["id"], ["f" * 24]))
    assert f"document {'f' * 24} was deleted" in gone.reason

    lost = running.document(b"lost")
    running.blobs.path(lost).unlink()
    assert "deleted or expired" in running.over(running.apply(model["id"], [lost])).reason


def test_models_that_fail_an_apply_are_named(running, model):
    ids = running.ids[:1]
    assert "was deleted" in running.over(running.apply("f" * 24, ids)).reason
    other = running.processed(running.train()).result
    running.blobs.path(other["id"]).write_bytes(b"PK but nothing else")
    job = running.over(running.apply(other["id"], ids))
    assert "cannot be loaded: its zip is damaged" in job.reason


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"tag": "nobody has it"}, "No documents have the tag"),
        ({"tag": "single"}, "have the category '1'"),
        ({"tag": "broken"}, "(broken.png) is not a supported image"),
        ({"module": "sorcery"}, "The model_module 'sorcery' is not installed"),
        ({"model_params": {"folds": 0}}, "folds must be an integer from 2 to 20, got 0"),
        ({"short_name": "m"}, "the short name 'm' already belongs to another model"),
    ],
)
def test_a_training_that_fails_says_why_and_leaves_nothing(running, model, asked, reason):
    models = _rows(running, tables.Model)
    for _ in range(2):
        running.document(b"x", tags=["single"], category="1")
    for category in "1122":
        running.document(b"nothing", tags=["broken"], category=category, filename="broken.png")
    job = running.over(running.train(**asked))
    assert (job.status, job.result) == ("FAILED", None)
    assert reason.lower() in job.reason.lower()
    assert _rows(running, tables.Model) == models
    assert _files(running) <= models | _rows(running, tables.Document)


def test_chains_pages_and_tags(running, model):
    original = running.document(b"pdf", mime_type="application/pdf")
    ids = running.ids[:4]
    with running.database.write() as session:
        for number, document_id in enumerate(ids):
            row = session.get(tables.Document, document_id)
            row.original_id, row.page = original, 3 - number
            row.tag_rows.append(tables.DocumentTag(tag="page"))
    first = running.apply(model["id"], [original], blocked=True, tag="page")
    second = running.apply(model["id"], ids[:1], execute_after_id=first, page_range="0,-1")
    third = running.apply(model["id"], ids[:1], execute_after_id=second)
    none = running.apply(model["id"], ids[:1], execute_after_id=second, page_range="7:")
    assert running.job(first).status == "BLOCKED"
    assert running.job(second).status == "WAITING"
    assert not running.dispatcher.busy
    commands.start(running.database, first)
    running.wake()
    assert running.processed(first).document_ids == ids[::-1], "by page"
    assert running.processed(second).document_ids == [ids[3], ids[0]]
    assert list(running.job(second).result) == [ids[3], ids[0]]
    assert running.processed(third).document_ids == ids[:1]
    assert "selects none of the pages" in running.over(none).reason


def test_a_chain_works_on_the_documents_that_the_job_before_made(running, model):
    ids = running.ids[:3]
    made = [{"id": document_id, "filename": "page.png"} for document_id in ids]
    with running.database.write() as session:
        before = tables.Job(
            application_id="a" * 24,
            submitter_id="a" * 24,
            job_type="pdf-images",
            document_ids=["x"],
            status="PROCESSED",
            request={},
            result_type="list[document]",
            result=made,
            callback_tries=-1,
        )
        session.add(before)
    every = running.apply(model["id"], ["x"], execute_after_id=before.id)
    last = running.apply(model["id"], ["x"], execute_after_id=before.id, page_range="-1")
    assert running.processed(every).document_ids == ids
    assert running.processed(last).document_ids == ids[-1:]


def test_a_training_can_wait_for_another_job(running, model):
    first = running.apply(model["id"], running.ids[:1], blocked=True)
    second = running.train(execute_after_id=first)
    running.cancel(first)
    job = running.over(second)
    assert job.status == "FAILED"
    assert first in job.reason
    assert "CANCELED" in job.reason


def test_expired_documents_go_with_what_was_made_from_them(bench):
    from leia_nb.service.dispatch import dispatcher

    past, future = tables.now().replace(year=2000), tables.now().replace(year=3000)
    old = bench.document(b"1", expiration_time=past)
    page = bench.document(b"2", original_id=old)
    word = bench.document(b"3", original_id=page)
    kept = [bench.document(b"4"), bench.document(b"5", expiration_time=future)]
    assert dispatcher.delete_expired(bench.database, bench.blobs) == 3
    assert dispatcher.delete_expired(bench.database, bench.blobs) == 0
    assert _rows(bench, tables.Document) == set(kept)
    assert not any(bench.blobs.path(gone).exists() for gone in (old, page, word))
    assert all(bench.blobs.path(document_id).exists() for document_id in kept)
