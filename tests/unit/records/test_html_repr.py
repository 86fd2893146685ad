"""Cards: what they show, what they must not do."""

import re
from html import unescape

import pytest

from leia_nb.records import html_repr, humanize
from leia_nb.records.records import (
    Application,
    Classification,
    Document,
    JobRecord,
    Model,
    Worker,
)

MODEL = {
    "id": "5f00",
    "name": "Digits",
    "short_name": "digits-v1",
    "model_type": "classification",
    "model_module": "image_classifier",
    "model_clazz": "LogisticRegression",
    "input_types": ["image"],
    "size": 12_345,
    "creation_time": "2026-11-23T12:00:00",
    "application_id": "owner-1",
    "tags": ["digits", "v1"],
    "ttl": 200,
    "documentation": "Sorts images into categories.\n\nCategories: 0, 1, 2",
    "md5sum": "0123456789abcdef",
}
DOCUMENT = {
    "id": "d0",
    "filename": "digit-0001.png",
    "application_id": "owner-1",
    "creation_time": "2026-11-23T12:00:00+02:00",
    "mime_type": "image/png",
    "size": 999,
    "tags": ["digits-train"],
    "md5sum": "aa",
}
JOB = {
    "id": "j0",
    "job_type": "predict",
    "status": "FAILED",
    "application_id": "owner-1",
    "creation_time": "2026-11-23T12:00:00",
    "starting_time": "2026-11-23T12:00:01",
    "finished_time": "2026-11-23T12:00:02",
    "document_ids": ["d0", "d1"],
    "model_id": "5f00",
    "reason": "digit-0001.png cannot be read",
}


def lines(html):
    """Return what a card says, by label."""
    return dict(re.findall(r"<th[^>]*>(.*?)</th><td[^>]*>(.*?)</td>", html, re.DOTALL))


def shown(record):
    return lines(record._repr_html_())


def test_card_of_a_model():
    model = Model.from_json(MODEL)
    assert "<b>Digits</b>" in model._repr_html_()
    assert shown(model) == {
        "short name": "digits-v1",
        "type": "classification",
        "module": "image_classifier (LogisticRegression)",
        "reads": "image",
        "about": "Sorts images into categories.\n\nCategories: 0, 1, 2",
        "tags": "digits, v1",
        "owner (application)": "owner-1",
        "size": "12.3 kB",
        "created": "2026-11-23 12:00:00 UTC",
        "kept loaded (ttl)": "3 min 20 s",
        "md5": "0123456789abcdef",
        "id": "5f00",
    }


@pytest.mark.parametrize(
    ("said", "open_to"),
    [
        ({"allow_all_applications": True}, "all applications"),
        ({"allowed_application_ids": ["a", "b"]}, "a, b"),
        ({"allow_all_applications": False}, None),
    ],
)
def test_card_of_a_model_says_who_may_use_it(said, open_to):
    assert shown(Model.from_json(MODEL | said)).get("open to") == open_to


def test_card_of_a_document():
    more = {"page": 0, "rotation_angle": 90, "expiration_time": "2026-12-24T12:00:00"}
    said = shown(Document.from_json(DOCUMENT | more))
    assert said["will be deleted (ttl)"] == "2026-12-24 12:00:00 UTC"
    assert said["type"] == "image/png"
    assert said["size"] == "999 bytes"
    assert said["created"] == "2026-11-23 10:00:00 UTC"
    assert (said["page"], said["rotated by"], said["md5"]) == ("0", "90°", "aa")


def test_card_of_a_job():
    said = shown(JobRecord.from_json(JOB))
    assert said["status"] == "FAILED"
    assert said["reason"] == "digit-0001.png cannot be read"
    assert said["documents"] == "2: d0, d1"
    assert said["finished"] == "2026-11-23 12:00:02 UTC"


def test_card_of_a_job_with_many_documents_names_a_few():
    record = JobRecord.from_json(JOB | {"document_ids": [f"d{i}" for i in range(7)]})
    assert shown(record)["documents"] == "7: d0, d1, d2, d3, d4 …"
    assert shown(JobRecord.from_json(JOB | {"document_ids": []}))["documents"] == "0"


@pytest.mark.parametrize(
    "record",
    [
        Model.from_json(MODEL | {"new_field": 1, "model_type": "telepathy", "speed": "LUDICROUS"}),
        Document.from_json(DOCUMENT | {"new_field": {"a": [1]}}),
        JobRecord.from_json(JOB | {"new_field": None, "status": "PAUSED", "job_type": "dream"}),
    ],
)
def test_what_is_new_in_leia_breaks_no_card(record):
    assert shown(record)["also (in .extra)"] == "new_field"


@pytest.mark.parametrize(
    ("kind", "told", "field"),
    [
        (Model, MODEL, "name"),
        (Model, MODEL, "documentation"),
        (Document, DOCUMENT, "filename"),
        (JobRecord, JOB, "reason"),
        (JobRecord, JOB, "status"),
        (Classification, {"category": "x", "score": 1.0}, "category"),
    ],
)
def test_texts_of_the_server_are_escaped(kind, told, field):
    html = kind.from_json(told | {field: '<script>alert("x")</script>'})._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_names_of_unknown_fields_and_tags_are_escaped():
    record = Model.from_json(MODEL | {"<img src=x>": 1, "tags": ["<b>"]})
    assert "<img" not in record._repr_html_()
    assert "<b></td>" not in record._repr_html_()


def test_long_texts_are_cut_off():
    said = shown(Model.from_json(MODEL | {"description": "word " * 1000}))
    assert len(said["description"]) <= 502
    assert said["description"].endswith("word …")


LONG = ["Sorts images.", "", *(f"Category {i} of <many>." for i in range(60)), "Fingerprint: f00."]


def test_what_is_said_about_a_model_is_shown_to_its_end():
    about = "word " * 150 + "end"
    assert shown(Model.from_json(MODEL | {"documentation": about}))["about"] == about


def test_what_is_long_unfolds_below_its_first_line():
    said = shown(Model.from_json(MODEL | {"documentation": "\n".join(LONG)}))["about"]
    assert said.startswith("<details><summary")
    first, rest = said.removesuffix("</details>").split("</summary>")
    assert first.endswith(">Sorts images.")
    assert unescape(rest).split("\n") == LONG[2:]


def test_a_long_first_line_is_shown_to_its_end_below():
    about = "word " * 1000 + "end"
    said = shown(Model.from_json(MODEL | {"documentation": about}))["about"]
    assert said.split("</summary>")[0].endswith("word …")
    assert said.endswith(f"</summary>{about}</details>")


@pytest.mark.parametrize("times", [1, 200, 20_000])
def test_what_is_said_about_a_model_is_escaped_and_has_an_end(times):
    about = "<script>\n" * times
    card = Model.from_json(MODEL | {"documentation": about})._repr_html_()
    assert "<script" not in card
    assert len(card) < 300_000
    assert ("more characters)" in card) == (times == 20_000)


def test_card_of_an_application_has_no_api_key():
    application = Application.from_json(
        {
            "application_type": "admin",
            "email": "a@example.org",
            "first_name": "A",
            "last_name": "B",
            "api_key": "canary-key",
        }
    )
    assert "canary-key" not in application._repr_html_()
    assert shown(application)["email"] == "a@example.org"


def test_card_of_an_application():
    application = Application.from_json(
        {
            "application_type": "developer",
            "application_name": "Bills",
            "email": "a@example.org",
            "first_name": "A",
            "last_name": "B",
            "api_key": "canary-key",
            "dedicated_workers": True,
            "dedicated_workers_ttl": 60,
            "always_on_schedules": [{"id": "s1", "number": 2, "start_days": [1], "model_ids": []}],
            "job_counts": {"PROCESSED": 3},
        }
    )
    assert shown(application) == {
        "type": "developer",
        "person": "A B",
        "email": "a@example.org",
        "dedicated workers": "yes",
        "dedicated workers (ttl)": "1 min",
        "always on": "id=s1 number=2 start_days=[1]",
        "jobs": "PROCESSED: 3",
        "API key": "in .api_key, shown only now; store it",
    }
    assert "api_key='*** (only now: .api_key)'" in repr(application)


def test_card_of_workers():
    worker = Worker.from_json({"job_type": "train", "number": 1, "statuses": ["IDLE"]})
    assert "<b>train</b>" in worker._repr_html_()
    assert shown(worker) == {"number": "1", "statuses": "IDLE"}


def test_card_of_leia_before_and_after_the_login():
    before = html_repr.service("Leia", "https://example.org/leia/1.0.0", None)
    assert lines(before)["application"].startswith("not logged in yet")
    application = Application("admin", "a@example.org", "A", "B", id="a1")
    after = lines(html_repr.service("Leia", "https://example.org/leia/1.0.0", application))
    assert after == {"application": "a@example.org", "type": "admin", "id": "a1"}


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (1000, "1.0 kB"),
        (999_999, "1.0 MB"),
        (10**12, "1.0 TB"),
        (10**16, "10000.0 TB"),
    ],
)
def test_sizes_in_words(size, said):
    assert humanize.size(size) == said
