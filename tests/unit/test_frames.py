import pytest

from leia_nb import frames
from leia_nb.errors import UnexpectedAnswer
from leia_nb.records import JobRecord

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
    "schema", [frames.MODELS, frames.DOCUMENTS, frames.ANNOTATIONS, frames.JOBS]
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


def test_unknown_enumeration_values_are_kept():
    frame = frames.listing([{**ROW, "model_type": "oracle"}], frames.MODELS)
    assert frame["model_type"].tolist() == ["oracle"]


def test_values_of_the_wrong_kind():
    with pytest.raises(UnexpectedAnswer, match="'size' cannot be read"):
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
    with pytest.raises(UnexpectedAnswer, match="no map"):
        frames.predictions(job("dict[object]", []))
