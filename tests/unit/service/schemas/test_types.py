"""How the values of parameters are parsed, and which are refused."""

import pytest
from pydantic import TypeAdapter, ValidationError

from leia_nb.service.api_errors import ApiError
from leia_nb.service.schemas import filters, types
from leia_nb.service.storage import tags


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05"),
        ("2026-01-02T03:04:05 02:00", "2026-01-02T01:04:05"),
        ("2026-01-02T03:04:05.5-01:00", "2026-01-02T04:04:05.500000"),
        ("2026-01-02 03:04:05", "2026-01-02T03:04:05"),
        ("2026-01-02", "2026-01-02T00:00:00"),
    ],
)
def test_times(text, time):
    assert TypeAdapter(types.Time).validate_python(text).isoformat() == time


@pytest.mark.parametrize(
    "text", ["", "now", "2026-13-01", "0001-01-01T00:00:00+10:00", "1700000000"]
)
def test_texts_that_are_not_times(text):
    with pytest.raises(ValidationError):
        TypeAdapter(types.Time).validate_python(text)


@pytest.mark.parametrize("url", ["http://h", "https://h:8/p?q=1", "http://[::1]:80/"])
def test_complete_addresses(url):
    assert types.check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "h",
        "ftp://h",
        "http://",
        "http://h:99999",
        "http://h:0",
        "http://[",
        "http://h/a b",
        "http://h/\n",
    ],
)
def test_incomplete_addresses(url):
    with pytest.raises(ApiError) as refused:
        types.check_url(url)
    assert (refused.value.status, refused.value.code) == (400, "invalid_parameter")


def test_no_address():
    assert types.check_url("") == ""


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": "\ud800"}])
def test_json_that_cannot_be_sent_again(value):
    with pytest.raises(ApiError):
        types.check_json(value, "prediction")


def test_tags_are_sorted_and_each_kept_once():
    assert tags.unique_tags(["b", "", "a", "b", "ü x"]) == ["a", "b", "ü x"]


@pytest.mark.parametrize("name", ["", "a b", "a:b", "ä", "a\n"])
def test_header_names_that_cannot_be(name):
    with pytest.raises(ApiError):
        types.check_headers({name: "x"})


def test_header_values():
    assert types.check_headers({"X-A_b": "x y"}) == {"X-A_b": "x y"}
    assert types.check_headers({"X": " x "}) == {"X": "x"}, "requests sends no leading blank"
    assert types.check_headers({}) == {}
    for value in ("a\r\nb", "ä"):
        with pytest.raises(ApiError):
            types.check_headers({"X": value})


@pytest.mark.parametrize(
    ("kind", "value", "code", "words"),
    [
        (types.Tag, "..", "invalid_parameter", "is not a valid tag"),
        (types.Tag, "a\n", "invalid_parameter", "is not a valid tag"),
        (types.OptionalTag, "x" * 256, "invalid_parameter", "is not a valid tag"),
        (types.ModelName, " ", "name_empty", "the name is empty"),
        (types.Name, "x" * 1001, "invalid_parameter", "expected at most 1,000 characters"),
        (types.ShortName, "65f0c0ffee65f0c0ffee0001", "short_name_invalid", "look like an id"),
        (types.Filename, "a/..", "invalid_parameter", "not a valid file name"),
        (types.Email, "ada@", "invalid_parameter", "not a valid e-mail address"),
        (types.Url, "ftp://h", "invalid_parameter", "expected a complete HTTP(S) URL"),
        (types.PageRange, "1:x", "page_range_malformed", "'1:x'"),
        (types.Text, "a\0", "invalid_parameter", "NUL"),
        (types.NewTtl, 59, "invalid_parameter", "at least 60 seconds, got 59"),
    ],
)
def test_refusals_carry_their_code(kind, value, code, words):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    error = refused.value.errors()[0]["ctx"]["error"]
    assert isinstance(error, ApiError)
    assert (error.status, error.code) == (400, code)
    assert words in error.message


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        (types.Filename, "C:\\scans\\a.png", "a.png"),
        (types.OptionalTag, "", ""),
        (types.ShortName, "", ""),
        (types.NewTtl, -1, -1),
        (types.PageRange, "0,2:5,-1", "0,2:5,-1"),
    ],
)
def test_valid_values(kind, value, result):
    assert TypeAdapter(kind).validate_python(value) == result


def test_sort_names_the_sortable_fields():
    with pytest.raises(ValidationError) as refused:
        filters.ModelQuery(sort="name,-md5sum")
    message = str(refused.value.errors()[0]["ctx"]["error"])
    assert "cannot sort by '-md5sum'. Choose one of: application_id, " in message
    assert filters.ModelQuery(sort="name,-creation_time").sort == "name,-creation_time"


@pytest.mark.parametrize("name", [" ", "ä", "a b", "a/b", ".", "..", "x" * 101, "0a" * 12])
def test_short_names_that_cannot_be(name):
    with pytest.raises(ApiError) as refused:
        types.check_short_name(name)
    assert refused.value.code == "short_name_invalid"
