"""What only SDK 1.1.4 knows of LEIA, and scores beside values, with the client."""

import json

import pytest

from leia_nb import errors
from leia_nb.enums import AnnotationType, ModelInputType

from .clients import connected, shades
from .service_process import wait_until


@pytest.fixture(scope="module")
def leia(service):
    with connected(service) as leia:
        yield leia


@pytest.fixture(scope="module")
def documents(leia):
    return shades(leia, "newer")


@pytest.fixture(scope="module")
def model(leia, documents):
    return leia.models.train("image_classifier", "newer", model_name="Newer").wait(progress=False)


def test_needs_of_a_model(leia, model_file):
    made = leia.models.create(
        model_file, "Heavy", cores=1.5, memory=2, always_on_workers=1, progress=False
    )
    assert (made.cores, made.memory, made.always_on_workers) == (1.5, 2.0, 1)
    edited = leia.models.edit(made, cores=0.5, always_on_workers=0)
    assert (edited.cores, edited.memory, edited.always_on_workers) == (0.5, 2.0, 0)
    row = leia.models.list(model_id=made).loc[made.id]
    assert (row["cores"], row["memory"], row["always_on_workers"]) == (0.5, 2.0, 0)
    leia.models.delete(made)


def test_models_that_read_lists_of_pdfs(leia):
    assert leia.models.list(input_types=[ModelInputType.PDFS]).index.tolist() == []


def test_save_result(leia, model, documents):
    job = leia.models.apply(model, documents[0], format_type="classification", save_result=True)
    told = job.wait(progress=False).loc[documents[0].id]
    kept = leia.documents.list(original_id=documents[0], extension="json", progress=False)
    assert kept["filename"].tolist() == [f"{documents[0].filename}.result.json"]
    assert json.loads(leia.documents.contents(kept))["category"] == told["category"]
    leia.documents.delete(kept)


def test_references_are_annotations(leia, documents):
    made = leia.annotations.create(documents[0], "REF", {"document_id": documents[1].id})
    assert made.annotation_type is AnnotationType.REF
    leia.annotations.delete(made)


def test_scores_stand_beside_values(leia):
    ids = []
    for number in range(12):
        total = f"{number + 10}.50"
        document = leia.documents.upload(
            f"Invoice {number}\nTotal: {total} EUR\nThank you".encode(),
            filename=f"bill-{number}.txt", tags=["newer-bills"], progress=False,
        )  # fmt: skip
        leia.annotations.create(document, "TEXT", {"total": total})
        ids.append(document.id)
    model = leia.models.train("key_value_extractor", "newer-bills").wait(progress=False)
    found = leia.models.apply(model, ids[:2], model_params={"threshold": 0}).wait(progress=False)
    assert found.columns.tolist() == ["total", "total_score"]
    assert found["total_score"].between(0, 1).all()
    assert found["total"].tolist() == ["10.50", "11.50"]


def test_priority(leia, model, documents):
    job = leia.models.apply(model, documents[:2], priority=-5)
    assert job.wait(progress=False).index.tolist() == [one.id for one in documents[:2]]
    with pytest.raises(errors.InvalidInput, match="priority"):
        leia.models.apply(model, documents[0], priority="high")


def test_callbacks_of_every_kind_of_job(leia, model, documents):
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    told = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.append((json.loads(body)["id"], self.headers["X-Key"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    where = {
        "callback_url": f"http://127.0.0.1:{server.server_address[1]}/",
        "callback_headers": {"X-Key": "canary"},
    }
    trim = {"job_type": "transform", "output_type": "trim"}
    first = leia.models.apply(model, documents[0], **where)
    jobs = [
        first,
        leia.documents.transform(documents[0], "trim", **where),
        leia.jobs.conditional(first, {"r": {"conditions": {}, "jobs": [trim]}}, **where),
        leia.models.train("image_classifier", "newer", model_params={"folds": 2}, **where),
    ]
    leia.jobs.wait(jobs, progress=False)
    wait_until(lambda: {(job.id, "canary") for job in jobs} <= set(told))
    server.shutdown()
    thread.join()
    server.server_close()
