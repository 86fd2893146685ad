from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from leia_nb import errors
from leia_nb.enums import JobStatus, ModelType
from leia_nb.records.records import Document
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import Reference, reference, references

CREATED = "2026-11-23T12:00:00"
DOCUMENT = Document.from_json(
    {"id": "d1", "application_id": "a1", "filename": "x", "creation_time": CREATED}
)


HUGE = pytest.param(10**5000, id="huge")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (None, None),
        ("2026-11-23", "2026-11-23T00:00:00"),
        (date(2026, 11, 23), "2026-11-23T00:00:00"),
        ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00"),
        ("2026-11-23 14:00+02:00", "2026-11-23T12:00:00"),
        (datetime(2026, 11, 23, 12), "2026-11-23T12:00:00"),  # noqa: DTZ001 - counts as UTC
        (datetime(2026, 11, 23, 7, tzinfo=timezone(timedelta(hours=-5))), "2026-11-23T12:00:00"),
        (pd.Timestamp("2026-11-23 12:00"), "2026-11-23T12:00:00"),
        (pd.Timestamp("2026-11-23 12:00:00.123456789"), "2026-11-23T12:00:00"),
        ("0033-04-03", "0033-04-03T00:00:00"),
        ("0999-12-31T23:59:59.9+00:00", "0999-12-31T23:59:59"),
        (pd.Timestamp("2026-11-23 13:00", tz="Europe/Berlin"), "2026-11-23T12:00:00"),
        (np.datetime64("2026-11-23"), "2026-11-23T00:00:00"),
        (np.datetime64("2026-11-23T12:00:00.123456789"), "2026-11-23T12:00:00"),
    ],
)
def test_times(value, sent):
    assert validators.moment("created_after", value) == sent


@pytest.mark.parametrize(
    "value",
    [
        "yesterday", 5, pd.NaT, "", HUGE, "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00", "2026-11-23\ud800",
    ],
)  # fmt: skip
def test_invalid_times(value):
    with pytest.raises(errors.InvalidInput, match="created_after"):
        validators.moment("created_after", value)


@pytest.mark.parametrize("name", ["digits-v1", "A.b_c-9", "x" * 100])
def test_short_names(name):
    assert validators.short_name(name) == name


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "ü", "x" * 101, "..", ".", 5])
def test_invalid_short_names(name):
    with pytest.raises(errors.InvalidInput, match="short_name"):
        validators.short_name(name)


@pytest.mark.parametrize(
    "value", [float("inf"), float("nan"), "5", 1.5, True, HUGE, -(2**64), [], pd.NA]
)
def test_numbers_that_are_not_whole_or_too_large(value):
    with pytest.raises(errors.InvalidInput, match="ttl must be"):
        validators.whole_number("ttl", value)


def test_whole_numbers():
    assert [validators.whole_number("ttl", one) for one in (5, 5.0, -1, None)] == [5, 5, -1, None]


def test_durations():
    given = [None, 5, 0.5, float("inf"), 10**400, np.float32(2)]
    assert [validators.seconds("timeout", one) for one in given] == [None, 5, 0.5, None, None, 2]


@pytest.mark.parametrize("value", ["5", float("nan"), True, timedelta(seconds=5), [], pd.NA])
def test_invalid_durations(value):
    with pytest.raises(errors.InvalidInput, match="timeout must be"):
        validators.seconds("timeout", value)


@pytest.mark.parametrize(
    "check",
    [
        lambda: validators.text("name", "a\ud800"),
        lambda: validators.texts("tags", ["a", "\udcff"]),
        lambda: validators.tag("\ud800"),
        lambda: validators.json_value("prediction", {"a": ["\ud800"]}),
        lambda: reference("\ud800", "model"),
    ],
)
def test_a_lone_surrogate_cannot_be_sent(check):
    with pytest.raises(errors.InvalidInput) as caught:
        check()
    str(caught.value).encode()  # can be printed


@pytest.mark.parametrize("value", [5, [5], [None]])
def test_invalid_sort_orders(value):
    with pytest.raises(errors.InvalidInput, match="sort"):
        validators.sort(value, ("name",))


def test_enumerations_are_checked_with_the_choices_named():
    assert validators.one_of("status", JobStatus.FAILED, JobStatus) == "FAILED"
    with pytest.raises(errors.InvalidInput, match="'classification', 'image_extraction'"):
        validators.one_of("model_type", "ModelType.CLASSIFICATION", ModelType)


def test_sort():
    fields = ("name", "creation_time")
    assert validators.sort("-name, creation_time", fields) == "-name,creation_time"
    assert validators.sort(["name"], fields) == "name"
    with pytest.raises(errors.InvalidInput, match="Sort by name, creation_time"):
        validators.sort("-size", fields)


@pytest.mark.parametrize("value", [["a", ""], ["a", 1], 5, {"a": 1}, b"a"])
def test_invalid_tags(value):
    with pytest.raises(errors.InvalidInput, match="tags"):
        validators.texts("tags", value)


def test_a_single_tag_is_a_list_of_one():
    assert validators.texts("tags", "digits") == ["digits"]


@pytest.mark.parametrize("value", ["..", ".", "", None])
def test_tags_that_cannot_be_part_of_a_url(value):
    with pytest.raises(errors.InvalidInput):
        validators.tag(value)


def test_page_range():
    assert validators.page_range("0,2:5", "j1") == "0,2:5"
    with pytest.raises(errors.InvalidPageRange, match="execute_after_id"):
        validators.page_range("0", None)
    with pytest.raises(errors.InvalidPageRange, match="'x'"):
        validators.page_range("0,x", "j1")


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_invalid_json(value):
    with pytest.raises(errors.InvalidInput, match="prediction"):
        validators.json_value("prediction", value)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (None, None),
        ({"a": [1, 2.5, "x", None, True]}, {"a": [1, 2.5, "x", None, True]}),
        ({"top": np.int64(3), "x": np.float32(0.5)}, {"top": 3, "x": 0.5}),
        ({"box": np.array([[1, 2], [3, 4]])}, {"box": [[1, 2], [3, 4]]}),
        ((np.bool_(True), np.str_("a")), [True, "a"]),
    ],
)
def test_json_of_python_and_numpy(value, sent):
    assert validators.json_value("prediction", value) == sent


@pytest.mark.parametrize(
    "value",
    [
        np.array([np.nan]),
        np.float32("inf"),
        np.complex64(1),
        np.datetime64("2026"),
        pd.Timestamp(0),
    ],
)
def test_numpy_values_that_are_not_json(value):
    with pytest.raises(errors.InvalidInput, match="prediction cannot be sent as JSON: it contains"):
        validators.json_value("prediction", {"a": value})


@pytest.mark.parametrize("value", [{"A": "b\r\nC: d"}, {"A": 1}, ["A"], {1: "a"}])
def test_invalid_headers(value):
    with pytest.raises(errors.InvalidInput, match="callback_headers"):
        validators.headers("callback_headers", value)


def ids(value, what="document"):
    return [one.id for one in references(value, what)]


def test_an_object_can_replace_its_id():
    frame = pd.DataFrame({"filename": ["x", "y"]}, index=pd.Index(["d1", "d2"], name="id"))
    assert ids("d1") == ["d1"]
    assert ids(DOCUMENT) == ["d1"]
    assert ids(["d2", DOCUMENT]) == ["d2", "d1"]
    assert ids(frame) == ["d1", "d2"]
    assert ids(frame.index) == ["d1", "d2"]
    assert ids(frame.reset_index()) == ["d1", "d2"]
    assert ids(frame.reset_index()["id"]) == ["d1", "d2"]
    assert ids(pd.DataFrame({"document_id": ["d3"], "id": ["x"]})) == ["d3"]
    assert ids(one for one in ("d1", "d2")) == ["d1", "d2"]


def test_the_owner_is_known_from_the_object():
    assert reference(DOCUMENT, "document") == Reference("d1", "a1", DOCUMENT)
    frame = pd.DataFrame({"application_id": ["a2", pd.NA]}, index=pd.Index(["d1", "d2"], name="id"))
    assert [one.application_id for one in references(frame, "document")] == ["a2", None]
    assert reference(frame.iloc[0], "document") == Reference("d1", "a2")


@pytest.mark.parametrize(
    "value",
    [
        None, "", "  ", [], 5, b"d1", "a/b", "a,b", "..", "a?b", "a\nb", [""], {"id": "d1"},
        pd.DataFrame({"x": [1]}), pd.Series([pd.NA]), pd.Series([], dtype="string"),
    ],
)  # fmt: skip
def test_invalid_ids(value):
    with pytest.raises(errors.InvalidInput):
        references(value, "document")


def test_another_kind_of_object():
    with pytest.raises(errors.InvalidInput, match=r"Expected a model, got a Document \(d1\)"):
        reference(DOCUMENT, "model")


def test_several_instead_of_one():
    with pytest.raises(errors.InvalidInput, match="Expected one model, got 2"):
        reference(["a", "b"], "model")


@pytest.mark.parametrize(
    ("value", "sent"), [(None, None), (2, 2.0), (0.5, 0.5), (np.int64(4), 4.0)]
)
def test_amounts(value, sent):
    assert validators.amount("cores", value) == sent


@pytest.mark.parametrize("value", [0, -1, "2", True, float("nan"), float("inf"), HUGE])
def test_invalid_amounts(value):
    with pytest.raises(errors.InvalidInput, match="cores must be"):
        validators.amount("cores", value)


def test_whole_numbers_with_a_maximum():
    assert validators.whole_number("hour", 23, least=0, most=23) == 23
    with pytest.raises(errors.InvalidInput, match="must be at most 23, got 24"):
        validators.whole_number("hour", 24, least=0, most=23)
