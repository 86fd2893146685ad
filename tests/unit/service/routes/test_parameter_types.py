"""How values are read, and which are refused."""

import pytest
from pydantic import TypeAdapter, ValidationError

from leia_nb.service.api_errors import ApiError
from leia_nb.service.routes import job_parameters, parameter_types
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
    assert TypeAdapter(parameter_types.Time).validate_python(text).isoformat() == time


@pytest.mark.parametrize(
    "text", ["", "now", "2026-13-01", "0001-01-01T00:00:00+10:00", "1700000000"]
)
def test_times_that_are_none(text):
    with pytest.raises(ValidationError):
        TypeAdapter(parameter_types.Time).validate_python(text)


@pytest.mark.parametrize("url", ["http://h", "https://h:8/p?q=1", "http://[::1]:80/"])
def test_complete_addresses(url):
    assert parameter_types.clean_url(url) == url


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
        parameter_types.clean_url(url)
    assert refused.value.field == "callback_url"


def test_no_address():
    assert parameter_types.clean_url(None) is None
    assert parameter_types.clean_url("") is None


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": "\ud800"}])
def test_json_that_cannot_be_sent_again(value):
    with pytest.raises(ApiError):
        parameter_types.clean_json(value, "prediction")


def test_tags_are_sorted_and_each_kept_once():
    assert tags.clean_tags(["b", "", "a", "b", "ü x"]) == ["a", "b", "ü x"]


@pytest.mark.parametrize("name", ["", "a b", "a:b", "ä", "a\n"])
def test_header_names_that_cannot_be(name):
    with pytest.raises(ApiError):
        job_parameters.clean_headers({name: "x"})


def test_header_values():
    assert job_parameters.clean_headers({"X-A_b": "x y"}) == {"X-A_b": "x y"}
    assert job_parameters.clean_headers({"X": " x "}) == {"X": "x"}, (
        "requests sends no leading blank"
    )
    assert job_parameters.clean_headers(None) == {}
    for value in ("a\r\nb", "ä"):
        with pytest.raises(ApiError):
            job_parameters.clean_headers({"X": value})
