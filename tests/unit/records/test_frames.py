from dataclasses import replace

import pytest

from leia_nb.errors import UnexpectedAnswer
from leia_nb.records import frames
from leia_nb.records.records import JobRecord

ROW = {
    "id": "1",
    "name": "n",
    "model_type": "classification",
    "input_types": ["image"],
    "tags": ["a", "b"],
    "size": 3,
    "creation_time": "2026-11-23T12:00:00",
    "output_format": {"a": 1},
    "allow_all_applications": True,
}


@pytest.mark.parametrize(
    "schema",
    [
        frames.MODELS,
        frames.DOCUMENTS,
        frames.EXTRACTIONS,
        frames.ANNOTATIONS,
        frames.JOBS,
        frames.APPLICATIONS,
    ],
)
def test_schema_is_the_same_with_and_without_rows(schema):
    empty = frames.listing([], schema)
    full = frames.listing([{"id": "1", "creation_time": "2026-11-23T12:00:00"}], schema)
    assert list(empty.columns) == list(full.columns) == list(schema)
    assert (empty.dtypes == full.dtypes).all()
    assert empty.index.name == full.index.name == "id"
    assert empty.index.dtype == full.index.dtype == "string"


def test_dtypes():
    frame = frames.listing([ROW, {**ROW, "id": "2", "size": None}], frames.MODELS)
    dtypes = frame.dtypes.astype(str)
    columns = ["name", "model_type", "size", "creation_time", "allow_all_applications"]
    assert dtypes[columns].tolist() == [
        "string", "category", "Int64", "datetime64[ns, UTC]", "boolean",
    ]  # fmt: skip
    assert frame["tags"].tolist() == [("a", "b"), ("a", "b")]
    assert frame["allowed_application_ids"].tolist() == [(), ()]
    assert frame["output_format"].iloc[0] == {"a": 1}
    assert frame["size"].isna().tolist() == [False, True]


def test_free_json_is_kept_as_it_is():
    rows = [{"id": "1", "prediction": "a text"}, {"id": "2", "prediction": None}]
    frame = frames.listing(rows, frames.ANNOTATIONS)
    assert frame["prediction"].dtype == "object"
    assert frame["prediction"].tolist() == ["a text", None]


def test_unknown_enumeration_values_are_kept():
    frame = frames.listing([{**ROW, "model_type": "oracle"}], frames.MODELS)
    assert frame["model_type"].tolist() == ["oracle"]


def test_values_of_the_wrong_kind():
    with pytest.raises(UnexpectedAnswer, match="invalid 'size'"):
        frames.listing([{**ROW, "size": "big"}], frames.MODELS)


def job(result_type, result, documents=("d1", "d2")):
    return JobRecord.from_json(
        {
            "id": "j", "job_type": "predict", "status": "PROCESSED", "application_id": "a",
            "creation_time": "2026-11-23T12:00:00", "document_ids": list(documents),
            "result_type": result_type, "result": result,
        }
    )  # fmt: skip


def classified(category, score=0.5):
    return {"category": category, "score": score, "accuracy": 0.9}


def test_classifications_keep_the_order_in_which_documents_were_given():
    frame = frames.predictions(
        job("dict[classification]", {"d1": classified("x"), "d2": classified("y", 1)}, ["d2", "d1"])
    )
    assert frame.index.tolist() == ["d2", "d1"]
    assert frame.index.name == "document_id"
    assert frame["category"].tolist() == ["y", "x"]
    assert frame.dtypes.astype(str).tolist() == ["string", "float64", "float64"]


def test_scores_stand_beside_their_values():
    items = [
        {"key": "total", "value": "12.50", "score": 0.9},
        {"key": "date", "value": "2026-11-23"},
    ]
    frame = frames.predictions(
        job("dict[object]", {"d1": items, "d2": [{"key": "total", "value": "3", "score": 0.5}]})
    )
    assert frame.columns.tolist() == ["date", "total", "total_score"]
    assert frame["total_score"].tolist() == [0.9, 0.5]
    assert frame["total_score"].dtype == "float64"
    assert frame["date"].tolist() == ["2026-11-23", None]
    assert frame["date"].dtype == "object"


def test_a_key_that_is_called_like_a_score():
    items = [
        {"key": "a", "value": 1, "score": 0.5},
        {"key": "a_score", "value": 2},
        {"key": "b", "value": 3, "score": 0.1},
        {"key": "b", "value": 4, "score": 0.2},
    ]
    row = frames.predictions(job("object", items, ["d1"])).loc["d1"]
    assert row.to_dict() == {
        "a": 1, "score of a": 0.5, "a_score": 2, "b": (3, 4), "b_score": (0.1, 0.2),
    }  # fmt: skip


DOCUMENT = {"id": "d3", "filename": "f", "page": 2, "creation_time": "2026-11-23T12:00:00"}


def test_made_documents():
    box = {"label": "logo", "x": 0.1, "score": 0.9}
    made = frames.output_documents(job("list[document]", [{**DOCUMENT, "prediction": box}]))
    assert made.loc["d3", "prediction"] == box
    assert list(made.columns) == list(frames.EXTRACTIONS)
    empty = frames.output_documents(job("list[document]", []))
    assert (empty.dtypes == made.dtypes).all()
    made = frames.output_documents(replace(job("list[document]", [DOCUMENT]), job_type="transform"))
    assert list(made.columns) == list(frames.DOCUMENTS)
    assert made["page"].tolist() == [2]


@pytest.mark.parametrize("result", [{}, "x", [1]])
def test_made_documents_that_are_none(result):
    with pytest.raises(UnexpectedAnswer, match="not a list of documents"):
        frames.output_documents(job("list[document]", result or {"a": 1}))


def test_one_classification():
    frame = frames.predictions(job("classification", classified("x"), ["d1"]))
    assert frame.loc["d1", "score"] == 0.5


def test_no_classification_has_the_same_dtypes():
    frame = frames.predictions(job("dict[classification]", {}))
    assert frame.dtypes.astype(str).tolist() == ["string", "float64", "float64"]


def test_key_values_become_columns():
    items = {
        "d1": [{"key": "b", "value": 0.25}, {"key": "a", "value": "x"}],
        "d2": [{"key": "b", "value": 1}, {"key": "c", "value": "y"}, {"key": "c", "value": "z"}],
    }
    frame = frames.predictions(job("dict[object]", items))
    assert frame.columns.tolist() == ["a", "b", "c"]
    assert frame["b"].tolist() == [0.25, 1.0]
    assert frame["b"].dtype == "float64"
    assert frame.loc["d2", "c"] == ("y", "z")


@pytest.mark.parametrize(
    ("result", "columns"), [({"k": 1}, ["k"]), (["free", "json"], ["value"]), ([], [])]
)
def test_other_objects(result, columns):
    frame = frames.predictions(job("object", result, ["d1"]))
    assert frame.columns.tolist() == columns
    assert frame.index.tolist() == ["d1"]


def test_a_result_that_is_no_map():
    with pytest.raises(UnexpectedAnswer, match="not an object by document id"):
        frames.predictions(job("dict[object]", []))
