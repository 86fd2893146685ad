"""Changing documents, their tags in a list, and all of them in a zip, over real HTTP."""

import io
import os
import sqlite3
import subprocess
import sys
import uuid
import zipfile
from contextlib import closing
from datetime import datetime

import psutil
import pytest
from PIL import Image

from .service_process import wait_until


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


def _lives(document):
    """Tell how long a document lives, in seconds from its creation."""
    born, dies = document["creation_time"], document["expiration_time"]
    return dies and (datetime.fromisoformat(dies) - datetime.fromisoformat(born)).total_seconds()


@pytest.fixture
def mark():
    """A tag that no other test has."""
    return uuid.uuid4().hex


@pytest.fixture
def made_from(service):
    """Tell the database of a document that it was made from another one."""

    def tell(document, original, page=0):
        with closing(sqlite3.connect(service.settings.database, timeout=30)) as database:
            database.execute(
                "UPDATE documents SET original_id = ?, page = ? WHERE id = ?",
                (original["id"], page, document["id"]),
            )
            database.commit()

    return tell


def test_name_and_angle(admin, ada):
    made = ada.document(b"words", "a.txt")
    path = f"/document/{made['id']}"
    changed = ada.patch(path, filename="folder/B & C.CSV", rotation_angle=-90).json()
    assert changed == made | {
        "filename": "B & C.CSV",
        "extension": "csv",
        "rotation_angle": 270,
    }
    assert ada.get(path).json() == changed == ada.patch(path).json()
    assert admin.patch(f"/admin/{ada.id}{path}", rotation_angle=0).json()["rotation_angle"] == 0
    for params, field in (
        ({"filename": " "}, "filename"),
        ({"filename": "x" * 256}, "filename"),
        ({"filename": "a\tb"}, "filename"),
        ({"rotation_angle": "left"}, "rotation_angle"),
        ({"rotation_angle": 10**12}, "rotation_angle"),
        ({"ttl": 59}, "ttl"),
        ({"ttl": 0}, "ttl"),
        ({"ttl": 10**12}, "ttl"),
    ):
        assert _refusal(ada.patch(path, **params)) == (400, "invalid_parameter", field)
    assert ada.get(path).json()["filename"] == "B & C.CSV"


def test_the_angle_leaves_the_bytes_alone(ada):
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    made = ada.document(out.getvalue(), "wide.png")
    path = f"/document/{made['id']}"
    assert ada.patch(path, rotation_angle=90).json()["md5sum"] == made["md5sum"]
    assert ada.get(f"{path}/file_contents").content == out.getvalue()
    smaller = Image.open(io.BytesIO(ada.get(f"{path}/file_contents", max_size=20).content))
    assert smaller.size == (20, 10)


def test_ttl_moves_what_was_made_from_it_along(ada, made_from):
    original, page, text, other = (ada.document() for _ in range(4))
    made_from(page, original)
    made_from(text, page)
    path = f"/document/{original['id']}"
    assert 3600 <= _lives(ada.patch(path, ttl=3600).json()) < 3700
    for document in (page, text):
        assert 3600 <= _lives(ada.get(f"/document/{document['id']}").json()) < 3700
    assert ada.get(f"/document/{other['id']}").json()["expiration_time"] is None
    ada.patch(f"/document/{page['id']}", ttl=60)
    assert 3600 <= _lives(ada.get(path).json()) < 3700
    assert _lives(ada.get(f"/document/{text['id']}").json()) < 160
    assert ada.patch(path, filename="new.txt").json()["expiration_time"] is not None
    assert ada.patch(path, ttl=-1).json()["expiration_time"] is None
    for document in (page, text):
        assert ada.get(f"/document/{document['id']}").json()["expiration_time"] is None


def test_a_deleted_document_leaves_what_was_made_from_it(ada, made_from):
    original, page = ada.document(), ada.document()
    made_from(page, original)
    assert ada.delete(f"/document/{original['id']}").status_code == 204
    assert ada.get(f"/document/{page['id']}").json()["original_id"] == original["id"]
    found = ada.get("/document", original_id=original["id"])
    assert [row["id"] for row in found.json()] == [page["id"]]
    narrower = ada.get("/document", original_id=original["id"], filename="other")
    assert (narrower.status_code, narrower.json()) == (200, [])


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_documents_that_are_not_there(ada, method):
    answer = ada.call(method, f"/document/{'0' * 24}")
    assert _refusal(answer) == (404, "unknown_document", "document_id")


def test_tags(admin, fresh_service):
    running = fresh_service(developers=["eve", "fay"])
    eve, fay, boss = running.login("key-of-eve"), running.login("key-of-fay"), running.login()
    for login, path in (
        (eve, "/document/tag"),
        (boss, "/admin/document/tag"),
        (boss, f"/admin/document/tag?application_id={eve.id}"),
    ):
        answer = login.get(path)
        assert _refusal(answer) == (404, "no_tags", None)
        assert answer.headers["Content-Range"] == "0-0/0"
    eve.document(tags=["b", "über & co", "a"])
    last = eve.document(tags=["a", "z"])
    fay.document(tags=["f"])
    assert eve.get("/document/tag").json() == ["a", "b", "z", "über & co"]
    assert boss.get("/admin/document/tag").json() == ["a", "b", "f", "z", "über & co"]
    assert boss.get("/admin/document/tag", application_id=fay.id).json() == ["f"]
    unknown = boss.get("/admin/document/tag", application_id="0" * 24)
    assert _refusal(unknown) == (404, "unknown_application", "application_id")
    assert unknown.headers["Content-Range"] == "0-0/0"
    assert eve.get("/admin/document/tag").status_code == 401
    eve.delete(f"/document/{last['id']}")
    assert eve.get("/document/tag").json() == ["a", "b", "über & co"]


def _opened(answer):
    assert answer.status_code == 200, answer.text
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert packed.testzip() is None
    return packed


def test_zip(admin, ada, bob, mark):
    contents = {"page.txt": b"first", "Page (2).TXT": b"x" * 3_000_000, "日本.bin": b""}
    ada.document(b"first", "page.txt", tags=[mark])
    ada.document(b"x" * 3_000_000, "Page.TXT", tags=[mark])
    ada.document(b"", "日本.bin", tags=[mark])
    bob.document(b"his", "his.txt", tags=[mark])
    answer = ada.get("/document/zip", tags=mark)
    assert answer.headers["content-type"] == "application/octet-stream"
    packed = _opened(answer)
    assert {name: packed.read(name) for name in packed.namelist()} == contents
    assert all(info.date_time[0] >= 2024 for info in packed.infolist())
    everyone = admin.get("/admin/document/zip", tags=mark)
    assert everyone.headers["content-type"] == "application/zip"
    assert "his.txt" in _opened(everyone).namelist()
    assert _opened(
        admin.get("/admin/document/zip", tags=mark, application_id=bob.id)
    ).namelist() == ["his.txt"]
    assert _opened(ada.get("/document/zip", tags=mark, extension=".BIN")).namelist() == ["日本.bin"]


def test_a_zip_that_unzip_understands(ada, mark, tmp_path):
    for number in range(3):
        ada.document(b"words %d" % number, "same.txt", tags=[mark])
    (tmp_path / "all.zip").write_bytes(ada.get("/document/zip", tags=mark).content)
    command = [sys.executable, "-m", "zipfile", "-e", "all.zip", "out"]
    subprocess.run(command, cwd=tmp_path, check=True)
    read = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    assert read == {
        "same.txt": b"words 0",
        "same (2).txt": b"words 1",
        "same (3).txt": b"words 2",
    }


def test_a_zip_of_nothing(admin, ada, bob, mark):
    his = bob.document(tags=[mark])
    for login, path, params, expected in (
        (ada, "/document/zip", {"tags": mark}, (404, "no_documents", None)),
        (ada, "/document/zip", {"document_id": "x"}, (404, "unknown_document", "document_id")),
        (ada, "/document/zip", {"original_id": "x"}, (404, "unknown_document", "original_id")),
        (ada, "/document/zip", {"document_id": his["id"]}, (403, "not_yours", "document_id")),
        (ada, "/document/zip", {"original_id": his["id"]}, (403, "not_yours", "original_id")),
        (
            admin,
            "/admin/document/zip",
            {"application_id": "x"},
            (404, "unknown_application", "application_id"),
        ),
        (
            admin,
            "/admin/document/zip",
            {"application_id": ada.id, "document_id": his["id"]},
            (403, "not_yours", "document_id"),
        ),
        (ada, "/document/zip", {"sort": "filename"}, (400, "invalid_parameter", "sort")),
        (ada, "/admin/document/zip", {}, (401, "not_logged_in", None)),
    ):
        assert _refusal(login.get(path, **params)) == expected


def test_what_is_deleted_while_it_is_packed_is_left_out(ada, mark, service):
    first = ada.document(bytes(2**20), "first.bin", tags=[mark])
    gone = ada.document(b"gone", "gone.txt", tags=[mark])
    (service.settings.blobs / gone["id"]).unlink()
    packed = _opened(ada.get("/document/zip", tags=mark))
    assert packed.namelist() == [first["filename"]]
    answer = ada.get(f"/document/{gone['id']}/file_contents")
    assert _refusal(answer) == (404, "unknown_document", "document_id")


@pytest.mark.parametrize("kind", ["document_id", "original_id"])
def test_lists_that_ask_for_what_is_not_there(admin, ada, bob, kind):
    his = bob.document()
    for login, path, params, expected in (
        (ada, "/document", {kind: "0" * 24}, (404, "unknown_document", kind)),
        (ada, "/document", {kind: his["id"]}, (403, "not_yours", kind)),
        (admin, "/admin/document", {kind: "0" * 24}, (404, "unknown_document", kind)),
        (admin, "/admin/document", {kind: his["id"], "application_id": ada.id}, (403,)),
        (admin, "/admin/document", {"application_id": "0" * 24}, (404, "unknown_application")),
    ):
        answer = login.get(path, **params)
        assert _refusal(answer)[: len(expected)] == expected
        assert answer.headers["Content-Range"] == "0-0/0"
        assert answer.headers["Accept-Range"] == "document 1000"
    none = ada.get("/document", tags="no such tag")
    assert (none.status_code, none.json(), none.headers["Content-Range"]) == (200, [], "0-0/0")


def test_a_refused_list_tags_nothing(ada, mark):
    mine = ada.document(tags=[mark])
    answer = ada.get("/document", document_id=mine["id"], sort="nothing", tag_result="late")
    assert _refusal(answer)[2] == "sort"
    assert ada.get(f"/document/{mine['id']}").json()["tags"] == [mark]


def test_every_sort(ada, mark):
    names = ["b.txt", "a.csv", "c.txt"]
    ids = {ada.document(b"x", name, tags=[mark])["id"]: name[0] for name in names}

    def order(sort):
        return "".join(ids[row["id"]] for row in ada.get("/document", tags=mark, sort=sort).json())

    assert order("filename") == order("mime_type,filename") == "abc"
    assert order("-extension,filename") == "bca"
    for field in ("application_id", "original_id", "page", "creation_time"):
        assert order(field) == "bac"
        assert order(f"-{field}") == "cab"


def test_memory_does_not_grow_with_the_zip(fresh_service):
    running = fresh_service()
    login = running.login()
    for number in range(3):
        login.post(
            "/document",
            params={"filename": f"{number}.bin", "tags": "big"},
            data=(os.urandom(2**20) for _ in range(24)),
        )
    login.call("GET", "/document/zip", params={"filename": "0.bin"})
    process = psutil.Process(running.process.pid)
    before, peak, length = process.memory_info().rss, 0, 0
    answer = login.call("GET", "/document/zip", params={"tags": "big"}, stream=True)
    for block in answer.iter_content(2**20):
        peak = max(peak, process.memory_info().rss)
        length += len(block)
    assert length > 72 * 2**20
    assert peak - before < 32 * 2**20
    assert running.blobs == sorted(row["id"] for row in login.get("/document").json())


def test_a_zip_that_nobody_reads_to_its_end(fresh_service):
    running = fresh_service()
    login = running.login()
    login.post(
        "/document",
        params={"filename": "big.bin"},
        data=(os.urandom(2**20) for _ in range(24)),
    )
    for _ in range(3):
        with login.call("GET", "/document/zip", stream=True) as answer:
            next(answer.iter_content(2**16))
    process = psutil.Process(running.process.pid)
    blobs = str(running.settings.blobs)
    wait_until(lambda: not [f for f in process.open_files() if f.path.startswith(blobs)])
    assert login.get("/health").status_code == 200
    assert "Traceback" not in running.logged
