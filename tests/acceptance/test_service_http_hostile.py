"""What hostile or odd callers send is kept exactly, or refused in words; never a 500."""

import io
import json
import socket
from urllib.parse import urlsplit

import pytest
from PIL import Image


def _annotate(login, text):
    document = login.document()["id"]
    return login.post(
        f"/annotation/{document}",
        params={"annotation_type": "TEXT"},
        data=text,
        headers={"Content-Type": "application/json"},
    )


def _refused(answer, field):
    said = answer.json()
    assert (answer.status_code, said["field"]) == (400, field), answer.text
    return said["message"]


@pytest.mark.parametrize(
    "text", [str(10**400), "12345678901234567890123", str(2**64), "1.0", "-0.0", '"1"', "[1.0]"]
)
def test_a_prediction_is_kept_exactly(ada, text):
    made = _annotate(ada, text)
    assert made.status_code == 200
    (listed,) = ada.get("/annotation", annotation_id=made.json()["id"]).json()
    assert json.dumps(listed["prediction"]) == text


@pytest.mark.parametrize("text", ["NaN", "[1e999]", "[" * 200 + "]" * 200, '"\\ud800"'])
def test_what_json_cannot_carry_is_refused(ada, text):
    _refused(_annotate(ada, text), "prediction")
    assert ada.get("/annotation").status_code == 200


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "9" * 5000, b"\xff"])
def test_a_body_that_cannot_be_read_is_refused_in_words(ada, text):
    assert "JSON" in _refused(_annotate(ada, text), "body")


def test_postscript_is_not_run(ada):
    made = ada.document(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "x.png")
    answer = ada.get(f"/document/{made['id']}/file_contents", max_size=10)
    assert answer.json()["code"] == "unusable_documents"
    assert "blobs" not in answer.text, "no path of the server"


def test_an_image_of_too_many_pixels_is_refused(ada):
    buffer = io.BytesIO()
    Image.new("1", (8000, 8000)).save(buffer, "PNG")
    made = ada.document(buffer.getvalue(), "large.png")
    answer = ada.get(f"/document/{made['id']}/file_contents", jpeg_compression=50)
    assert answer.status_code == 400
    assert "50,000,000 pixels" in answer.json()["message"]


def test_transparent_images_become_white(ada):
    buffer = io.BytesIO()
    Image.new("LA", (4, 4), (0, 0)).save(buffer, "PNG")
    made = ada.document(buffer.getvalue(), "clear.png")
    answer = ada.get(f"/document/{made['id']}/file_contents", jpeg_compression=90)
    assert Image.open(io.BytesIO(answer.content)).getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(
    "name",
    ["a\u202fb.txt", "全角\u3000.txt", "a\u00a0b.txt", "👩‍🔬.txt", "a\u00adb.txt", "x" * 255],
)
def test_ordinary_file_names_are_kept(ada, name):
    assert ada.document(filename=name)["filename"] == name


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "a\x7f", "x" * 256, "a/..", " "])
def test_names_of_no_file_are_refused(ada, name):
    _refused(ada.post("/document", params={"filename": name}, data=b""), "filename")


@pytest.mark.parametrize(
    ("path", "field", "value", "problem"),
    [
        ("document", "tags", ["a"] * 1200, "at most 100 values, got 1,200"),
        ("model", "input_types", ["text"] * 1200, "at most 100 values, got 1,200"),
        ("model", "description", "a" * 51_000, "at most 1,000 characters, got 51,000"),
        ("job", "sort", ",".join(["status"] * 3000), "at most 1,000 characters, got 20,999"),
        ("document", "filename", "a\0", "contains NUL"),
    ],
)
def test_filters_are_bounded(ada, path, field, value, problem):
    assert problem in _refused(ada.get(f"/{path}", **{field: value}), field)


@pytest.mark.parametrize("page_range", ["9" * 5000, "-" + "9" * 5000 + ":"])
def test_page_numbers_are_bounded(ada, admin, model_file, page_range):
    model = admin.model(model_file, allow_all_applications=True)["id"]
    document = ada.document()["id"]
    first = ada.post(f"/model/{model}/apply/{document}").json()["id"]
    asked = {"page_range": page_range, "execute_after_id": first}
    answer = ada.post(f"/model/{model}/apply/{document}", params=asked)
    assert len(_refused(answer, "page_range")) < 400


@pytest.mark.parametrize("field", ["model_name", "description", "tags"])
@pytest.mark.parametrize("text", ["\ud800", "a\0b"])
def test_texts_that_cannot_be_kept_are_refused(ada, field, text):
    value = [text] if field == "tags" else text
    answer = ada.post("/model/image_classifier/train/none", json={field: value})
    _refused(answer, field)


def test_a_tag_that_cannot_be_kept_is_refused(ada, admin, model_file):
    model = admin.model(model_file, allow_all_applications=True)["id"]
    path = f"/model/{model}/apply/{ada.document()['id']}"
    _refused(ada.post(path, json={"tag": "\ud800"}), "tag")
    _refused(ada.post(path, json={"\ud800": 1}), "body")


def test_a_name_is_bounded(admin, model_file):
    answer = admin.post(f"/admin/{admin.id}/model", params={"name": "a" * 1001}, data=b"")
    _refused(answer, "name")


def test_a_line_that_is_too_long_is_refused_in_words(ada):
    answer = ada.get("/model", description="a" * 70_000)
    assert "64 KiB" in _refused(answer, None)
    assert answer.json()["code"] == "invalid_parameter"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Connection"] == "close"
    assert ada.get("/model").status_code == 200


@pytest.mark.parametrize("sent", [b"\0\1\2 nothing\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_what_is_no_http_is_refused_in_words(service, sent):
    place = urlsplit(service.url)
    with socket.create_connection((place.hostname, place.port), timeout=60) as connection:
        connection.sendall(sent)
        with connection.makefile("rb") as answer:
            head, _, body = answer.read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert "cannot be parsed as HTTP" in json.loads(body)["message"]
