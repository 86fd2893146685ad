"""Transforms over real HTTP: what is made, how it is kept, and what is refused."""

import pytest

from .sample_files import pdf, words
from .service_process import wait_until


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


def _transform(login, ids, output_type, prefix="", **options):
    ids = ids if isinstance(ids, str) else ",".join(ids)
    return login.post(f"{prefix}/document/{ids}/transform/{output_type}", **options)


def _done(login, answer):
    assert answer.status_code == 200, answer.text
    over = login.finished_job(answer.json())
    assert over["status"] == "PROCESSED", over["reason"]
    return over


def _text_of(login, document):
    return login.get(f"/document/{document['id']}/file_contents").text


@pytest.fixture(scope="module")
def letter(ada):
    return ada.document(pdf("First page", "Second page", "Third page"), "Letter.pdf", tags=["up"])


@pytest.fixture(scope="module")
def pages(ada, letter):
    """The images of the letter's pages, by number."""
    answer = _transform(ada, letter["id"], "image", params={"output_tag": "pages"})
    return _done(ada, answer)["result"]


def test_a_pdf_becomes_an_image_per_page(ada, letter, pages):
    assert [page["page"] for page in pages] == [0, 1, 2]
    for page in pages:
        assert page["original_id"] == letter["id"]
        assert page["application_id"] == ada.id
        assert page["tags"] == ["pages"]
        assert page["mime_type"].startswith("image/")
        assert page == ada.get(f"/document/{page['id']}").json()
        contents = ada.get(f"/document/{page['id']}/file_contents").content
        assert len(contents) == page["size"]
    listed = ada.get("/document", original_id=letter["id"], tags="pages", sort="page").json()
    assert [document["id"] for document in listed] == [page["id"] for page in pages]


def test_the_job_says_what_it_did(ada, letter):
    over = _done(ada, _transform(ada, letter["id"], "text"))
    assert (over["job_type"], over["result_type"]) == ("transform", "document")
    assert (over["document_ids"], over["model_id"]) == ([letter["id"]], None)
    assert over["starting_time"] <= over["finished_time"]
    assert "Second page" in _text_of(ada, over["result"])
    assert over["id"] in [job["id"] for job in ada.get("/job", job_type="transform").json()]
    for old_name in ("pdf-images", "image-text"):
        assert ada.get("/job", job_type=old_name).json() == []


def test_everything_made_has_the_uploaded_document_as_its_original(ada):
    source = ada.document(words(25), "Long.txt")
    chunks = _done(ada, _transform(ada, source["id"], "split", params={"split_size": 10}))
    ids = [chunk["id"] for chunk in chunks["result"]]
    assert len(ids) == 3
    assert chunks["result_type"] == "list[document]"
    merged = _done(ada, _transform(ada, ids, "merge"))["result"]
    assert merged["original_id"] == source["id"], "the root, not what it was directly made from"
    apart = ada.document(b"something else", "Other.txt")
    mixed = _done(ada, _transform(ada, [*ids, apart["id"]], "merge"))["result"]
    assert mixed["original_id"] is None
    assert _text_of(ada, mixed).endswith("something else")


def test_the_body_in_place_of_the_query(ada):
    source = ada.document(words(20), "Body.txt")
    body = {
        "output_tag": "half",
        "transform_params": {"split_size": 10},
        "callback_headers": {"X-Mine": "1"},
        "block_processing": True,
    }
    job = _transform(ada, source["id"], "split", json=body).json()
    assert job["status"] == "BLOCKED"
    ada.post(f"/job/{job['id']}/start")
    made = ada.finished_job(job)["result"]
    assert [document["tags"] for document in made] == [["half"], ["half"]]
    chunks = ada.document(words(4), "x.txt")
    answer = _transform(
        ada, chunks["id"], "split", params={"split_size": 1}, json={"transform_params": {}}
    )
    assert len(_done(ada, answer)["result"]) == 4


def test_input_tag_works_on_what_was_made_from_the_document(ada, letter, pages):
    answer = _transform(ada, letter["id"], "trim", params={"input_tag": "pages"})
    over = _done(ada, answer)
    assert over["document_ids"] == [page["id"] for page in pages]
    assert over["result_type"] == "list[document]"
    assert [made["original_id"] for made in over["result"]] == [letter["id"]] * 3
    assert [made["page"] for made in over["result"]] == [0, 1, 2]


def test_made_documents_expire_with_their_original(ada):
    source = ada.document(b"soon gone", "Soon.txt", ttl=3600)
    made = _done(ada, _transform(ada, source["id"], "split"))["result"]
    assert [document["expiration_time"] for document in made] == [source["expiration_time"]]


def test_a_new_ttl_moves_what_was_made_in_any_number_of_steps(ada):
    letter = ada.document(b"soon gone", "Soon.txt")["id"]
    other = ada.document(b"an hour", "Hour.txt", ttl=3600)
    part = _done(ada, _transform(ada, letter, "split"))["result"][0]["id"]
    text = _done(ada, _transform(ada, part, "text"))["result"]["id"]
    both = _done(ada, _transform(ada, f"{text},{other['id']}", "merge"))["result"]["id"]

    def expirations(*ids):
        return [ada.get(f"/document/{one}").json()["expiration_time"] for one in ids]

    hour = other["expiration_time"]
    assert expirations(letter, part, text, both) == [None, None, None, hour]
    (soon,) = {ada.patch(f"/document/{part}", ttl=600).json()["expiration_time"]}
    assert expirations(letter, part, text, both, other["id"]) == [None, soon, soon, soon, hour]
    ada.patch(f"/document/{part}", ttl=-1)
    assert expirations(letter, part, text, both) == [None, None, None, hour]
    (later,) = {ada.patch(f"/document/{letter}", ttl=1200).json()["expiration_time"]}
    assert expirations(letter, part, text, both) == [later] * 4


def test_the_admin_twin_works_for_the_application(admin, ada, letter):
    prefix = f"/admin/{ada.id}"
    job = _transform(admin, letter["id"], "text", prefix).json()
    assert job["application_id"] == ada.id
    over = admin.finished_job(job)
    assert over["result"]["application_id"] == ada.id
    other = _transform(admin, letter["id"], "text", f"/admin/{admin.id}")
    assert _refusal(other) == (403, "not_yours", "document_ids")


@pytest.mark.parametrize(
    ("output_type", "params", "expected"),
    [
        ("poem", {}, (400, "invalid_parameter", "output_type")),
        ("image", {"page_range": "1"}, (400, "page_range_without_job", "page_range")),
        (
            "image",
            {"page_range": "a", "execute_after_id": "x"},
            (400, "page_range_malformed", "page_range"),
        ),
        ("image", {"execute_after_id": "x"}, (404, "unknown_job", "execute_after_id")),
        ("image", {"input_tag": "nothing"}, (404, "no_documents", "input_tag")),
        ("image", {"output_tag": "."}, (400, "invalid_parameter", "output_tag")),
        ("image", {"callback_url": "ftp://x"}, (400, "invalid_parameter", "callback_url")),
        ("image", {"transform_params": "[1]"}, (400, "invalid_parameter", "transform_params")),
        ("image", {"output_quality": "101"}, (400, None, "transform_params")),
        ("image", {"unheard_of": "1"}, (400, None, "transform_params")),
        ("split", {"split_size": "0"}, (400, None, "transform_params")),
        ("merge", {}, (400, "unusable_documents", "document_ids")),
    ],
)
def test_wrong_transforms(ada, letter, output_type, params, expected):
    if output_type == "merge":
        letter = ada.document(b"\x89PNG\r\n\x1a\n", "a.png")
    before = ada.get("/job").headers["Content-Range"]
    status, code, field = _refusal(_transform(ada, letter["id"], output_type, params=params))
    assert (status, code if expected[1] else None, field) == expected
    assert ada.get("/job").headers["Content-Range"] == before, "no job was made"


def test_more_wrong_transforms(ada, bob, letter):
    assert _refusal(_transform(ada, ",", "text")) == (400, "invalid_parameter", "document_ids")
    gone = _transform(ada, [letter["id"], "gone"], "text")
    assert _refusal(gone) == (404, "unknown_document", "document_ids")
    two = _transform(ada, [letter["id"], "x"], "text", params={"input_tag": "t"})
    assert _refusal(two) == (400, "tag_needs_one_document", "input_tag")
    others = _transform(bob, letter["id"], "text")
    assert _refusal(others) == (403, "not_yours", "document_ids")
    twice = _transform(
        ada, letter["id"], "text", params={"output_tag": "a"}, json={"output_tag": "b"}
    )
    assert _refusal(twice) == (400, "invalid_parameter", "output_tag")
    unknown = _transform(ada, letter["id"], "text", json={"format_type": "classification"})
    assert _refusal(unknown) == (400, "invalid_parameter", "format_type")


def test_what_is_made_is_kept_whole_or_not_at_all(service, ada, letter):
    """A job canceled while it runs leaves neither rows nor files."""
    before = ada.get("/document", original_id=letter["id"]).headers["Content-Range"]
    job = _transform(ada, letter["id"], "image").json()
    ada.delete(f"/job/{job['id']}")
    over = ada.finished_job(job)
    if over["status"] == "CANCELED":
        wait_until(lambda: not [p for p in service.settings.work.iterdir() if job["id"] in p.name])
        assert ada.get("/document", original_id=letter["id"]).headers["Content-Range"] == before
