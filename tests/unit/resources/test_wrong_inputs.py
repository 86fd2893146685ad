"""What people give by mistake: refused in words that say what to do, and nothing is sent."""

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


# What was given: the call, and what the refusal says.
WRONG = {
    "nothing for a model": (
        lambda leia: leia.models.apply(None, "d1"),
        "None is given where a model belongs. Give an id, a model, or",
    ),
    "model and documents the wrong way round": (
        lambda leia: leia.models.apply(DOCUMENTS, MODEL),
        "A listing of documents is given where a model belongs. Give a listing of models",
    ),
    "a model for documents": (
        lambda leia: leia.models.apply("m1", MODEL),
        "A Model (m1) is given where a document belongs. Give an id, a document, or",
    ),
    "models for documents": (
        lambda leia: leia.models.apply("m1", MODELS),
        "A listing of models is given where a document belongs",
    ),
    "documents for a job": (
        lambda leia: leia.jobs.wait(DOCUMENTS),
        "A listing of documents is given where a job belongs",
    ),
    "documents for an application": (
        lambda leia: leia.applications.delete(DOCUMENTS),
        "where an application belongs. Give its 'application_id', or an id",
    ),
    "the names of documents": (
        lambda leia: leia.models.apply("m1", DOCUMENTS["filename"]),
        "The column 'filename' is given where the ids of documents belong. Give the DataFrame",
    ),
    "a gap among ids": (
        lambda leia: leia.models.apply("m1", pd.Series(["d1", np.nan])),
        "The id of a document is empty or missing",
    ),
    "nan for a document": (
        lambda leia: leia.documents.get(float("nan")),
        "The id of a document is empty or missing",
    ),
    "a number for a document": (
        lambda leia: leia.documents.get(0),
        "An int is given where a document belongs",
    ),
    "a path for a document": (
        lambda leia: leia.models.apply("m1", Path("letter.pdf")),
        "Of a file make a document first: leia.documents.upload(file).",
    ),
    "a path as a text for a document": (
        lambda leia: leia.models.apply("m1", "letters/1.pdf"),
        "'letters/1.pdf' is no id of a document. Of a file make a document first",
    ),
    "bytes for a document": (
        lambda leia: leia.models.apply("m1", b"%PDF"),
        "Of a file make a document first",
    ),
    "a path for a model": (
        lambda leia: leia.models.apply(Path("digits.zip"), "d1"),
        "Of a file make a model first: leia.models.create(file, name).",
    ),
    "a dict of jobs": (
        lambda leia: leia.jobs.wait({"first": "j1"}),
        "A dict is given where a job belongs. Give its values: list(….values()).",
    ),
    "the JSON of a document": (
        lambda leia: leia.documents.get({"id": "d1", "filename": "x"}),
        "A dict is given where a document belongs. Give its 'id'.",
    ),
    "no documents": (
        lambda leia: leia.models.apply("m1", DOCUMENTS.head(0)),
        "No document is given. Give at least one.",
    ),
    "several where one belongs": (
        lambda leia: leia.documents.delete(DOCUMENTS.index),
        "2 documents are given where one belongs",
    ),
    "the positions of rows": (
        lambda leia: leia.models.apply("m1", DOCUMENTS.reset_index(drop=True).index),
        "An int is given where a document belongs",
    ),
    "a mask": (
        lambda leia: leia.models.apply("m1", DOCUMENTS.index == "d1"),
        "is given where a document belongs",
    ),
    "a list for a page range": (
        lambda leia: leia.models.apply("m1", "d1", page_range=[0, 1], **AFTER),
        "page_range is [0, 1]. Give a text: pages counted from 0",
    ),
    "a number for a page range": (
        lambda leia: leia.documents.transform("d1", "text", page_range=0, **AFTER),
        "page_range is 0. Give a text: pages counted from 0",
    ),
    "a page range as printers take it": (
        lambda leia: leia.models.apply("m1", "d1", page_range="1-3", **AFTER),
        "'1-3' (at character 1) is neither a page nor a slice",
    ),
    "a frame for tags": (
        lambda leia: leia.models.train("x", "train", tags=DOCUMENTS),
        "tags is a DataFrame. Give a list of texts.",
    ),
    "a gap among tags": (
        lambda leia: leia.documents.list(tags=["a", np.nan]),
        "tags holds nan. Give a list of texts.",
    ),
    "years for tags": (
        lambda leia: leia.documents.upload(b"x", filename="x", tags=[2026]),
        "tags holds 2026. Give a list of texts.",
    ),
    "documents for a training": (
        lambda leia: leia.models.train("x", DOCUMENTS),
        "documents_tag is DataFrame, but training takes a tag",
    ),
    "a column for a ttl": (
        lambda leia: leia.models.edit("m1", ttl=pd.Series([60, 70])),
        "ttl is a Series. Give a whole number.",
    ),
    "a duration for a ttl": (
        lambda leia: leia.documents.upload(
            b"x", filename="x", ttl=datetime.timedelta(hours=1)
        ),
        "ttl is datetime.timedelta(seconds=3600). Give a whole number.",
    ),
    "a negative ttl of a document": (
        lambda leia: leia.documents.upload(b"x", filename="x", ttl=-1),
        "ttl is -1. Give 60 or more.",
    ),
    "nan for parameters": (
        lambda leia: leia.models.apply("m1", "d1", model_params={"top": np.nan}),
        "model_params cannot be sent as JSON: it holds nan or inf.",
    ),
    "a time in parameters": (
        lambda leia: leia.annotations.create("d1", "TEXT", {"at": pd.Timestamp(0)}),
        "prediction cannot be sent as JSON: it holds a Timestamp.",
    ),
    "a set in parameters": (
        lambda leia: leia.models.train("x", "t", model_params={"a": {1}}),
        "model_params cannot be sent as JSON: it holds a set.",
    ),
    "no kind of annotation": (
        lambda leia: leia.annotations.create("d1", None, {}),
        "annotation_type is missing. Choose from 'BOX', 'TEXT', 'TYPING', 'REF'.",
    ),
    "a kind of annotation in small letters": (
        lambda leia: leia.annotations.create("d1", "typing", {}),
        "annotation_type 'typing' is unknown. Choose from",
    ),
    "a document for a kind of annotation": (
        lambda leia: leia.annotations.create("TYPING", DOCUMENT, {}),
        "is unknown. Choose from 'BOX', 'TEXT', 'TYPING', 'REF'.",
    ),
    "no transform": (
        lambda leia: leia.documents.transform("d1", None),
        "output_type is missing. Choose from 'text'",
    ),
    "a list of transforms": (
        lambda leia: leia.documents.transform("d1", ["text", "image"]),
        "output_type ['text', 'image'] is a list, but takes one at a time. Choose from 'text'",
    ),
    "a listing for a kind of worker": (
        lambda leia: leia.workers.get(frames.listing([], frames.WORKERS, index="job_type")),
        "job_type a DataFrame is unknown. Choose from 'predict'",
    ),
    "two statuses": (
        lambda leia: leia.jobs.list(status=["PROCESSED", "FAILED"]),
        "status ['PROCESSED', 'FAILED'] is a list, but takes one at a time. Choose from",
    ),
    "no kind of application": (
        lambda leia: leia.applications.create("a@b.c", "A", "B", application_type=None),
        "application_type is missing. Choose from 'developer', 'admin'.",
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
        "filename is missing, and the bytes have no name",
    ),
    "a month that is none": (
        lambda leia: leia.jobs.list(created_after="2026-13-01"),
        "created_after is '2026-13-01': month must be in 1..12",
    ),
    "a period for a time": (
        lambda leia: leia.jobs.list(created_after=pd.Period("2026-11")),
        "created_after is Period('2026-11', 'M'). Give a datetime",
    ),
    "no time of NumPy": (
        lambda leia: leia.jobs.list(created_after=np.datetime64("NaT")),
        "created_after is np.datetime64('NaT'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=WRONG)
def test_is_refused_in_words_and_not_sent(server, leia, call, words):
    with pytest.raises(errors.InvalidInput) as caught:
        call(leia)
    assert words in str(caught.value)
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
