"""Which objects a frame, its rows and its columns stand for."""

import pandas as pd
import pytest

from leia_nb import errors
from leia_nb.records import frames
from leia_nb.records.records import Document
from leia_nb.resources.parameters.references import Handle, Reference, reference, references

CREATED = "2026-11-23T12:00:00"
KINDS = {
    "model": frames.MODELS,
    "document": frames.DOCUMENTS,
    "annotation": frames.ANNOTATIONS,
    "job": frames.JOBS,
    "application": frames.APPLICATIONS,
}
PAIRS = [(given, wanted) for given in KINDS for wanted in KINDS if given != wanted]


def listing(kind, *ids):
    rows = [{"id": one, "document_id": f"of-{one}", "model_id": f"of-{one}"} for one in ids]
    return frames.listing(rows, KINDS[kind])


def ids(value, what="document"):
    return [one.id for one in references(value, what)]


def message(value, what):
    with pytest.raises(errors.InvalidInput) as caught:
        references(value, what)
    return str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_listing_stands_for_what_it_lists(kind):
    frame = listing(kind, "a", "b")
    assert ids(frame, kind) == ["a", "b"]
    assert ids(frame.iloc[1], kind) == ["b"]
    assert ids(frame.reset_index(), kind) == ["a", "b"]
    assert ids(frame.reset_index().iloc[1], kind) == ["b"]
    assert [ids(pair, kind) for pair in frame.iterrows()] == [["a", "a"], ["b", "b"]]


@pytest.mark.parametrize(("given", "wanted"), PAIRS)
def test_a_listing_never_stands_for_another_kind(given, wanted):
    """Otherwise somebody could delete the application of documents, or the model of jobs."""
    frame = listing(given, "a")
    expected = f"a listing of {given}s. Pass "
    assert expected in message(frame, wanted)
    assert expected in message(frame.iloc[0], wanted)
    assert expected in message(frame.reset_index(), wanted)


def test_the_column_to_give_is_named():
    assert "Pass its 'document_id', or an id." in message(listing("annotation", "a"), "document")
    assert "Pass its 'model_id', or an id." in message(listing("job", "a").iloc[0], "model")
    assert "Pass a listing of jobs, or an id." in message(listing("model", "a"), "job")
    assert ids(listing("annotation", "a")["document_id"]) == ["of-a"]


def test_the_name_of_an_object_goes_before_the_name_of_any_id():
    own = pd.DataFrame({"document_id": ["d"], "model_id": ["m"]}, index=pd.Index(["x"], name="id"))
    assert (ids(own), ids(own, "model"), ids(own, "job")) == (["d"], ["m"], ["x"])
    named = pd.DataFrame({"id": ["x"]}, index=pd.Index(["d"], name="document_id"))
    assert ids(named) == ["d"]


def test_a_row_of_predictions_stands_for_its_document():
    found = pd.DataFrame(
        {"category": ["a", "b"], "score": [0.5, 0.6]},
        index=pd.Index(["d1", "d2"], name="document_id"),
    )
    assert [ids(row) for _, row in found.iterrows()] == [["d1"], ["d2"]]


@pytest.mark.parametrize("column", ["filename", "tags", "name", "status", "email"])
def test_a_column_of_something_else(column):
    expected = f"The column {column!r} does not contain document ids."
    assert message(pd.Series(["a"], name=column), "document").startswith(expected)


def test_short_names_are_as_good_as_ids_of_models():
    assert ids(pd.Series(["letters"], name="short_name"), "model") == ["letters"]


def test_a_column_of_objects():
    document = Document.from_json(
        {"id": "d", "application_id": "a", "filename": "f", "creation_time": CREATED}
    )
    column = pd.Series([document, "e"], name="page")
    with pytest.raises(errors.InvalidInput):
        references(column, "document")
    assert references(column.rename("mine"), "document") == [
        Reference("d", "a", document),
        Reference("e"),
    ]
    jobs = pd.DataFrame({"job_id": [Handle(Reference("j1")), Handle(Reference("j2"))]})
    assert ids(jobs, "job") == ids(jobs["job_id"], "job") == ["j1", "j2"]
    assert ids(pd.Series([("a", "b"), ("c",)], name="document_ids")) == ["a", "b", "c"]


def test_the_owner_is_known_from_the_frame():
    frame = pd.DataFrame({"application_id": ["a", None], "document_id": ["d", "e"]})
    assert [one.application_id for one in references(frame, "document")] == ["a", None]
    assert reference(frame.iloc[0].rename("row"), "document") == Reference("d", "a")


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, " "])
def test_a_place_without_an_id(missing):
    assert "empty or missing" in message(pd.Series(["a", missing]), "document")


@pytest.mark.parametrize("number", [0, 7, 1.5, True])
def test_a_number_is_not_an_id(number):
    assert f"{number!r} is not a valid document id" in message(pd.Series([number]), "document")
