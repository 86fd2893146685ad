"""Invalid inputs: rejected with advice before anything is sent."""

import datetime
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leia_nb import errors
from leia_nb.records import frames
from leia_nb.records.records import Document, Model

CREATED = "2026-11-23T12:00:00"
MODEL = Model.from_json(
    {
        "id": "m1", "name": "A", "model_type": "classification", "model_module": "x",
        "model_clazz": "y", "input_types": [], "creation_time": CREATED, "size": 4,
    }
)  # fmt: skip
DOCUMENT = Document.from_json(
    {"id": "d1", "application_id": "a1", "filename": "x", "creation_time": CREATED}
)
DOCUMENTS = frames.listing([{"id": "d1"}, {"id": "d2"}], frames.DOCUMENTS)
MODELS = frames.listing([{"id": "m1"}], frames.MODELS)
AFTER = {"execute_after_id": "j0"}


def closed():
    file = io.BytesIO(b"PK")
    file.close()
    return file


# The mistake: the call, and a part of the message.
WRONG = {
    "nothing for a model": (
        lambda leia: leia.models.apply(None, "d1"),
        "Expected a model, got None. Pass an id, a model, or a DataFrame of models.",
    ),
    "model and documents the wrong way round": (
        lambda leia: leia.models.apply(DOCUMENTS, MODEL),
        "Expected a model, got a listing of documents. Pass a listing of models, or an id.",
    ),
    "a model for documents": (
        lambda leia: leia.models.apply("m1", MODEL),
        "Expected a document, got a Model (m1). Pass an id, a document, or",
    ),
    "models for documents": (
        lambda leia: leia.models.apply("m1", MODELS),
        "Expected a document, got a listing of models.",
    ),
    "documents for a job": (
        lambda leia: leia.jobs.wait(DOCUMENTS),
        "Expected a job, got a listing of documents.",
    ),
    "documents for an application": (
        lambda leia: leia.applications.delete(DOCUMENTS),
        "Expected an application, got a listing of documents. Pass its 'application_id', or an id",
    ),
    "the names of documents": (
        lambda leia: leia.models.apply("m1", DOCUMENTS["filename"]),
        "The column 'filename' does not contain document ids. Pass the DataFrame",
    ),
    "a gap among ids": (
        lambda leia: leia.models.apply("m1", pd.Series(["d1", np.nan])),
        "The document id is empty or missing.",
    ),
    "nan for a document": (
        lambda leia: leia.documents.get(float("nan")),
        "The document id is empty or missing.",
    ),
    "a number for a document": (
        lambda leia: leia.documents.get(0),
        "Expected a document, got an int.",
    ),
    "a path for a document": (
        lambda leia: leia.models.apply("m1", Path("letter.pdf")),
        "Create a document from the file first: leia.documents.upload(file).",
    ),
    "a path as a text for a document": (
        lambda leia: leia.models.apply("m1", "letters/1.pdf"),
        "'letters/1.pdf' is not a valid document id. Create a document from the file first",
    ),
    "bytes for a document": (
        lambda leia: leia.models.apply("m1", b"%PDF"),
        "Create a document from the file first",
    ),
    "a path for a model": (
        lambda leia: leia.models.apply(Path("digits.zip"), "d1"),
        "Create a model from the file first: leia.models.create(file, name).",
    ),
    "a dict of jobs": (
        lambda leia: leia.jobs.wait({"first": "j1"}),
        "Expected a job, got a dict. Pass its values: list(….values()).",
    ),
    "the JSON of a document": (
        lambda leia: leia.documents.get({"id": "d1", "filename": "x"}),
        "Expected a document, got a dict. Pass its 'id'.",
    ),
    "no documents": (
        lambda leia: leia.models.apply("m1", DOCUMENTS.head(0)),
        "Expected at least one document, got none.",
    ),
    "several instead of one": (
        lambda leia: leia.documents.delete(DOCUMENTS.index),
        "Expected one document, got 2. Pass one, or loop over their ids; to tag all:",
    ),
    "the positions of rows": (
        lambda leia: leia.models.apply("m1", DOCUMENTS.reset_index(drop=True).index),
        "Expected a document, got an int.",
    ),
    "a mask": (
        lambda leia: leia.models.apply("m1", DOCUMENTS.index == "d1"),
        "Expected a document, got a",
    ),
    "a list for a page range": (
        lambda leia: leia.models.apply("m1", "d1", page_range=[0, 1], **AFTER),
        "page_range must be a string of pages and slices such as '0,2:5,-1', got [0, 1].",
    ),
    "a number for a page range": (
        lambda leia: leia.documents.transform("d1", "text", page_range=0, **AFTER),
        "page_range must be a string of pages and slices such as '0,2:5,-1', got 0.",
    ),
    "a page range as printers take it": (
        lambda leia: leia.models.apply("m1", "d1", page_range="1-3", **AFTER),
        "'1-3' (at character 1) is neither a page nor a slice",
    ),
    "a frame for tags": (
        lambda leia: leia.models.train("x", "train", tags=DOCUMENTS),
        "tags must be a list of strings, got a DataFrame.",
    ),
    "a gap among tags": (
        lambda leia: leia.documents.list(tags=["a", np.nan]),
        "tags must be a list of strings, but contains nan.",
    ),
    "years for tags": (
        lambda leia: leia.documents.upload(b"x", filename="x", tags=[2026]),
        "tags must be a list of strings, but contains 2026.",
    ),
    "documents for a training": (
        lambda leia: leia.models.train("x", DOCUMENTS),
        "documents_tag must be a tag, got a DataFrame. Tag the documents first",
    ),
    "a column for a ttl": (
        lambda leia: leia.models.edit("m1", ttl=pd.Series([60, 70])),
        "ttl must be an integer, got a Series.",
    ),
    "a duration for a ttl": (
        lambda leia: leia.documents.upload(
            b"x", filename="x", ttl=datetime.timedelta(hours=1)
        ),
        "ttl must be an integer, got datetime.timedelta(seconds=3600).",
    ),
    "a negative ttl of a document": (
        lambda leia: leia.documents.upload(b"x", filename="x", ttl=-1),
        "ttl must be at least 60, got -1.",
    ),
    "nan for parameters": (
        lambda leia: leia.models.apply("m1", "d1", model_params={"top": np.nan}),
        "model_params cannot be sent as JSON: it contains NaN or infinity.",
    ),
    "a time in parameters": (
        lambda leia: leia.annotations.create("d1", "TEXT", {"at": pd.Timestamp(0)}),
        "prediction cannot be sent as JSON: it contains a Timestamp.",
    ),
    "a set in parameters": (
        lambda leia: leia.models.train("x", "t", model_params={"a": {1}}),
        "model_params cannot be sent as JSON: it contains a set.",
    ),
    "no kind of annotation": (
        lambda leia: leia.annotations.create("d1", None, {}),
        "annotation_type must be one of 'BOX', 'TEXT', 'TYPING', 'REF', got None.",
    ),
    "a kind of annotation in small letters": (
        lambda leia: leia.annotations.create("d1", "typing", {}),
        "annotation_type must be one of 'BOX', 'TEXT', 'TYPING', 'REF', got 'typing'.",
    ),
    "a document for a kind of annotation": (
        lambda leia: leia.annotations.create("TYPING", DOCUMENT, {}),
        "annotation_type must be one of 'BOX', 'TEXT', 'TYPING', 'REF', got Document(",
    ),
    "no transform": (
        lambda leia: leia.documents.transform("d1", None),
        "output_type must be one of 'text'",
    ),
    "a list of transforms": (
        lambda leia: leia.documents.transform("d1", ["text", "image"]),
        "output_type must be exactly one of 'text'",
    ),
    "a listing for a kind of worker": (
        lambda leia: leia.workers.get(frames.listing([], frames.WORKERS, index="job_type")),
        "job_type must be one of 'predict'",
    ),
    "two statuses": (
        lambda leia: leia.jobs.list(status=["PROCESSED", "FAILED"]),
        "status must be exactly one of",
    ),
    "no kind of application": (
        lambda leia: leia.applications.create("a@b.c", "A", "B", application_type=None),
        "application_type must be one of 'developer', 'admin', got None.",
    ),
    "a closed file": (
        lambda leia: leia.models.create(closed(), "x"),
        "file is closed. Open it again, with mode 'rb'.",
    ),
    "an address for a file": (
        lambda leia: leia.documents.upload("https://example.org/a.pdf"),
        "It is a URL: download the file yourself, and give its bytes or its path.",
    ),
    "a text for a file": (
        lambda leia: leia.documents.upload("Dear Ada,\nthank you.", filename="a.txt"),
        "If it is the text itself and not a path, give its bytes: text.encode().",
    ),
    "bytes without a name": (
        lambda leia: leia.documents.upload(memoryview(b"x")),
        "filename is missing, because bytes have no name. Pass one,",
    ),
    "a month that is none": (
        lambda leia: leia.jobs.list(created_after="2026-13-01"),
        "got '2026-13-01' (month must be in 1..12).",
    ),
    "a period for a time": (
        lambda leia: leia.jobs.list(created_after=pd.Period("2026-11")),
        "created_after must be a datetime, a date or a string such as",
    ),
    "no time of NumPy": (
        lambda leia: leia.jobs.list(created_after=np.datetime64("NaT")),
        "'2026-11-23T12:00:00', got np.datetime64('NaT'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("call", "message"), WRONG.values(), ids=WRONG)
def test_invalid_input_is_rejected_before_sending(server, leia, call, message):
    with pytest.raises(errors.InvalidInput) as caught:
        call(leia)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert set(server.counts) <= {"POST /login"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda leia: leia.models.apply("m1", "d1", formattype="x"), r"leia\.models\.apply\(\)"),
        (lambda leia: leia.models.apply("m1", "d1", "classification"), r"leia\.models\.apply\(\)"),
        (lambda leia: leia.documents.list(tag="x"), r"leia\.documents\.list\(\).*'tag'"),
        (lambda leia: leia.annotations.create("d1", {}), r"leia\.annotations\.create\(\)"),
        (lambda leia: leia.applications.list(name="x"), r"leia\.applications\.list\(\)"),
        (lambda leia: leia.jobs._handles("j1", None)[0].wait(tiemout=1), r"^job\.wait\(\)"),
    ],
)
def test_a_misspelt_keyword_names_the_call_as_people_write_it(server, leia, call, words):
    with pytest.raises(TypeError, match=words):
        call(leia)
    assert server.requests == []
