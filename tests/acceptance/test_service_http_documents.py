"""The document and annotation calls over real HTTP."""

import base64
import hashlib
import io
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from PIL import Image


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


def _png(width=40, height=20, color=(200, 10, 10, 128)):
    out = io.BytesIO()
    Image.new("RGBA", (width, height), color).save(out, "PNG")
    return out.getvalue()


def test_create_get_contents(ada):
    data = _png()
    made = ada.document(data, "Scan Nr. 1.PNG", tags=["b", "a"], ttl=60)
    assert made == ada.get(f"/document/{made['id']}").json()
    assert (made["filename"], made["extension"], made["mime_type"]) == (
        "Scan Nr. 1.PNG",
        "png",
        "image/png",
    )
    assert made["size"] == len(data)
    assert made["md5sum"] == hashlib.md5(data).hexdigest()
    assert made["tags"] == ["a", "b"]
    assert made["application_id"] == ada.id
    made_at = datetime.fromisoformat(made["creation_time"])
    assert datetime.fromisoformat(made["expiration_time"]) - made_at == timedelta(seconds=60)
    assert made["original_id"] is made["page"] is made["rotation_angle"] is None
    answer = ada.get(f"/document/{made['id']}/file_contents")
    assert answer.content == data
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("data", "filename", "mime_type", "extension"),
    [
        (b"\xff\xd8\xff\xe0", "photo.txt", "image/jpeg", "txt"),
        (b"%PDF-1.7", "invoice", "application/pdf", None),
        ("Grüße".encode(), "letter", "text/plain", None),
        (b"a,b\n", "table.csv", "text/csv", "csv"),
        (b"\x00\x01\x02", "thing", "application/octet-stream", None),
        (b"", "empty.txt", "text/plain", "txt"),
        (b"x", "archive.tar.gz", "text/plain", "gz"),
    ],
)
def test_what_kind_of_file_it_is(ada, data, filename, mime_type, extension):
    made = ada.document(data, filename)
    assert (made["mime_type"], made["extension"], made["size"]) == (mime_type, extension, len(data))


def test_folders_are_left_out_of_names(ada):
    assert ada.document(filename="../../etc/passwd")["filename"] == "passwd"
    assert ada.document(filename="C:\\scans\\a.txt")["filename"] == "a.txt"
    assert ada.document(filename="日本 & more?.txt")["filename"] == "日本 & more?.txt"


def test_base64(ada):
    data = bytes(range(256)) * 9000
    text = base64.encodebytes(data)
    made = ada.document(text, "b.bin", b64=True)
    assert (made["size"], made["md5sum"]) == (len(data), hashlib.md5(data).hexdigest())
    for broken in (b"????", text[:-3]):
        answer = ada.post("/document", params={"filename": "b", "b64": True}, data=broken)
        assert _refusal(answer) == (400, "invalid_parameter", "body")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "filename"),
        ({"filename": " "}, "filename"),
        ({"filename": "a/"}, "filename"),
        ({"filename": "a\x00b"}, "filename"),
        ({"filename": "a", "ttl": 59}, "ttl"),
        ({"filename": "a", "ttl": -1}, "ttl"),
        ({"filename": "a", "ttl": 10**15}, "ttl"),
        ({"filename": "a", "tags": ".."}, "tags"),
    ],
)
def test_wrong_words_are_refused_and_nothing_is_kept(ada, service, params, field):
    before = service.blobs
    answer = ada.post("/document", params=params, data=bytes(3 * 2**20))
    assert _refusal(answer) == (400, "invalid_parameter", field)
    assert service.blobs == before


def test_smaller_and_recompressed_images(ada):
    made = ada.document(_png(400, 200), "a.png")
    path = f"/document/{made['id']}/file_contents"

    def opened(**params):
        answer = ada.get(path, **params)
        assert answer.status_code == 200, answer.text
        image = Image.open(io.BytesIO(answer.content))
        return image.format, image.size, image.mode

    assert opened(max_size=100) == ("PNG", (100, 50), "RGBA")
    assert opened(jpeg_compression=50) == ("JPEG", (400, 200), "RGB")
    assert opened(max_size=10, jpeg_compression=100) == ("JPEG", (10, 5), "RGB")
    assert ada.get(path, max_size=400).content == ada.get(path).content
    for params in ({"max_size": 0}, {"jpeg_compression": 101}, {"max_size": "big"}):
        assert _refusal(ada.get(path, **params))[:2] == (400, "invalid_parameter")


def test_contents_that_are_no_image(ada):
    text = ada.document(b"words")
    path = f"/document/{text['id']}/file_contents"
    assert ada.get(path, max_size=10, jpeg_compression=50).content == b"words"
    broken = ada.document(_png()[:60], "broken.png")
    path = f"/document/{broken['id']}/file_contents"
    assert _refusal(ada.get(path, max_size=10)) == (400, "unusable_documents", None)
    assert ada.get(path).content == _png()[:60]


@pytest.mark.parametrize(
    "tag", ["with space", "über & co", "a/b", "/", "100%", "a,b", "?x#y", "%2F"]
)
def test_tags_of_any_characters(admin, ada, tag):
    made = ada.document()
    path = f"/document/{made['id']}/tag/{quote(tag, safe='')}"
    assert ada.post(path).json()["tags"] == [tag]
    assert [d["id"] for d in ada.get("/document", tags=tag).json()] == [made["id"]]
    for login, prefix in ((ada, ""), (admin, f"/admin/{ada.id}")):
        answer = login.delete(prefix + path)
        assert (answer.status_code, answer.content) == (200, b"")
    assert ada.get(f"/document/{made['id']}").json()["tags"] == []


def test_listing_filters(admin, ada, bob):
    first = ada.document(b"1", "list-1.txt", tags=["list", "x"])
    second = ada.document(_png(), "list-2.png", tags=["list"])
    bob.document(b"3", "list-3.txt", tags=["list"])

    def names(login=ada, path="/document", **params):
        answer = login.get(path, tags="list", **params)
        assert answer.headers["Accept-Range"] == "document 1000"
        return [d["filename"][5] for d in answer.json()]

    assert names() == ["1", "2"]
    assert names(sort="-filename") == names(sort="-creation_time") == ["2", "1"]
    assert names(sort="extension") == ["2", "1"]
    assert (
        names(extension="txt") == names(extension=".TXT") == names(mime_type="text/plain") == ["1"]
    )
    assert names(filename="list-2.png") == names(document_id=second["id"]) == ["2"]
    assert names(original_id=first["id"]) == []
    everyone = {"login": admin, "path": "/admin/document"}
    assert names(**everyone) == ["1", "2", "3"]
    assert names(**everyone, application_id=bob.id) == ["3"]
    assert names(login=admin) == []


def test_tag_result_tags_everything_that_matches(ada, bob):
    ids = [ada.document(tags=["batch"])["id"] for _ in range(3)]
    bob.document(tags=["batch"])
    answer = ada.get("/document", tags="batch", tag_result="done", limit=1)
    assert (answer.headers["Content-Range"], len(answer.json())) == ("0-0/3", 1)
    assert answer.json()[0]["tags"] == ["batch", "done"]
    again = ada.get("/document", tags="batch", tag_result="done")
    assert [d["id"] for d in again.json()] == ids
    assert [d["id"] for d in ada.get("/document", tags="done").json()] == ids
    assert bob.get("/document", tags="done").json() == []
    assert _refusal(ada.get("/document", tag_result=".."))[2] == "tag_result"


def test_documents_are_their_owners_alone(admin, ada, bob):
    made = bob.document()
    path = f"/document/{made['id']}"
    for login in (ada, admin):
        for answer in (
            login.get(path),
            login.get(f"{path}/file_contents"),
            login.delete(path),
        ):
            assert _refusal(answer) == (403, "not_yours", "document_id")
        for answer in (
            login.post(f"{path}/tag/x"),
            login.delete(f"{path}/tag/x"),
            login.patch(path, filename="mine.txt"),
        ):
            assert _refusal(answer) == (404, "unknown_document", "document_id")
    for end in ("", "/file_contents"):
        answer = admin.get(f"/admin/{ada.id}{path}{end}")
        assert _refusal(answer) == (404, "unknown_document", "document_id")
    assert admin.get(f"/admin/{bob.id}{path}").json() == made


def test_admin_creates_and_deletes_for_others(admin, ada):
    answer = admin.post(f"/admin/{ada.id}/document", params={"filename": "a.txt"}, data=b"x")
    made = answer.json()
    assert made["application_id"] == ada.id
    assert ada.get(f"/document/{made['id']}").json() == made
    assert admin.delete(f"/admin/{ada.id}/document/{made['id']}").status_code == 204
    assert ada.get(f"/document/{made['id']}").status_code == 404


def test_delete_takes_annotations_and_blob_along(ada, service):
    made = ada.document()
    said = ada.annotation(made["id"], "letter")
    assert ada.get("/annotation", annotation_id=said["id"]).json() == [said]
    assert made["id"] in service.blobs
    assert ada.delete(f"/document/{made['id']}").status_code == 204
    assert made["id"] not in service.blobs
    assert ada.get("/annotation", annotation_id=said["id"]).status_code == 404


def test_annotations(ada, bob):
    made = ada.document()
    path = f"/annotation/{made['id']}"
    box = {"label": "Ü", "x": 0.1, "nested": [1, None, {"a": True}]}
    params = {"annotation_type": "BOX", "name": "a box", "tags": ["t", "u v"]}
    said = ada.post(path, params=params, json=box).json()
    assert said["prediction"] == box
    assert (said["document_id"], said["annotation_type"], said["name"]) == (
        made["id"],
        "BOX",
        "a box",
    )
    assert said["tags"] == ["t", "u v"]
    other = ada.post(path, params={"annotation_type": "REF"}, json=[1, "two"]).json()
    assert other["prediction"] == [1, "two"]

    def found(**params):
        return [a["id"] for a in ada.get("/annotation", document_id=made["id"], **params).json()]

    assert found() == [said["id"], other["id"]]
    for params in (
        {"annotation_type": "BOX"},
        {"name": "a box"},
        {"tags": ["u v", "t"]},
        {"annotation_id": said["id"]},
        {"limit": 1},
    ):
        assert found(**params) == [said["id"]], params
    assert found(offset=1) == [other["id"]]
    of_bob = {annotation["id"] for annotation in bob.get("/annotation").json()}
    assert not {said["id"], other["id"]} & of_bob


def test_wrong_annotations(ada, bob):
    path = f"/annotation/{ada.document()['id']}"
    kind = {"annotation_type": "TYPING"}
    as_json = {"headers": {"Content-Type": "application/json"}}
    assert _refusal(ada.post(path, json={})) == (400, "invalid_parameter", "annotation_type")
    wrong = ada.post(path, params={"annotation_type": "SMELL"}, json={})
    assert _refusal(wrong) == (400, "invalid_parameter", "annotation_type")
    for body in ('{"a": NaN}', '{"a": Infinity}', '"\\ud800"'):
        answer = ada.post(path, params=kind, data=body, **as_json)
        assert _refusal(answer) == (400, "invalid_parameter", "prediction")
    for body in ("{", "", "[" * 10**5):
        assert ada.post(path, params=kind, data=body, **as_json).status_code == 400
    assert _refusal(bob.post(path, params=kind, json={})) == (
        404,
        "unknown_document",
        "document_id",
    )
    assert ada.get("/annotation", document_id=path.rsplit("/", 1)[1]).json() == []
