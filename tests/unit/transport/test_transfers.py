import base64
import errno
import hashlib
import io
import os
import re
from pathlib import Path

import pytest

from leia_nb import errors
from leia_nb.api.paths import safe_name
from tests.unit.faulty_server import (
    DROP,
    DynamicReply,
    delayed,
    error_reply,
    json_reply,
    reply,
    truncated,
)

CONTENT = os.urandom(3_000_000)
MD5 = hashlib.md5(CONTENT).hexdigest()
CREATED = "2026-11-23T12:00:00"
DOCUMENT = {
    "id": "d1", "filename": "page.bin", "application_id": "a1", "creation_time": CREATED,
    "md5sum": MD5, "size": len(CONTENT),
}  # fmt: skip
MODEL = {
    "id": "m1", "name": "A", "model_type": "classification", "model_module": "x",
    "model_clazz": "y", "input_types": [], "creation_time": CREATED, "size": 4, "short_name": "s/1",
}  # fmt: skip
PATH = "/admin/a1/document/d1/file_contents"
UPLOADS = "/admin/a1/document"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("leia_nb.transport.downloads._PAUSE", 0.0)


def names(folder):
    return [path.name for path in folder.iterdir()]


def stored(request):
    md5sum = hashlib.md5(request.body).hexdigest()
    return json_reply({**DOCUMENT, "size": len(request.body), "md5sum": md5sum})


def ranged(request):
    """Answer as a service that can go on, but breaks off each time."""
    start = int(re.findall(r"\d+", request.headers.get("range", "0"))[0])
    rest = CONTENT[start:]
    status = 206 if start else 200
    place = {"Content_Range": f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"} if start else {}
    return truncated(reply(rest, status, **place), 1_000_000)


def download(leia, path):
    return leia.documents.download("d1", path, progress=False)


@pytest.fixture
def told(server):
    return server.on("GET", "/admin/a1/document/d1", json_reply(DOCUMENT))


def test_download(told, leia, tmp_path):
    told.on("GET", PATH, reply(CONTENT))
    path = download(leia, tmp_path)
    assert path == tmp_path / "page.bin"
    assert path.read_bytes() == CONTENT
    assert names(tmp_path) == ["page.bin"]


@pytest.mark.parametrize(
    "fault",
    [
        DROP,
        error_reply(503),
        truncated(reply(CONTENT), 1_500_000),
        reply(CONTENT[:-1]),
        reply(CONTENT[:-1] + b"x"),
        reply(CONTENT[:1000], length=False),
        reply(b"", length=False),
        b"HTTP/1.1 200 OK\r\nContent-Le",
    ],
)
def test_broken_and_damaged_downloads_are_fetched_again(told, leia, tmp_path, fault):
    told.on("GET", PATH, fault, reply(CONTENT))
    assert download(leia, tmp_path / "x").read_bytes() == CONTENT


def test_download_goes_on_where_it_broke_off(told, leia, tmp_path):
    told.on("GET", PATH, DynamicReply(ranged))
    assert download(leia, tmp_path / "x").read_bytes() == CONTENT
    starts = [request.headers.get("range") for request in told.seen("GET", PATH)]
    assert starts[0] is None
    assert all(re.fullmatch(r"bytes=\d+-", start) for start in starts[1:])


def test_a_service_that_cannot_go_on_starts_anew(told, leia, tmp_path):
    told.on("GET", PATH, truncated(reply(CONTENT), 1_500_000), reply(CONTENT))
    assert download(leia, tmp_path / "x").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (reply(CONTENT[:-1] + b"x"), errors.DamagedTransfer),
        (reply(CONTENT[:-1]), errors.DamagedTransfer),
        (truncated(reply(CONTENT), 1000), errors.ConnectionFailed),
        (error_reply(404, "unknown_document"), errors.UnknownDocument),
    ],
)
def test_a_download_that_fails_leaves_nothing(told, leia, tmp_path, fault, error):
    (tmp_path / "x").write_bytes(b"old")
    told.on("GET", PATH, fault)
    with pytest.raises(error):
        download(leia, tmp_path / "x")
    assert names(tmp_path) == ["x"]
    assert (tmp_path / "x").read_bytes() == b"old"


def test_a_file_is_replaced_by_a_whole_one_only(told, leia, tmp_path):
    target = tmp_path / "x"
    target.write_bytes(b"before")
    told.on("GET", PATH, error_reply(404, "unknown_document"), reply(CONTENT))
    with pytest.raises(errors.UnknownDocument):
        download(leia, target)
    assert target.read_bytes() == b"before"
    download(leia, target)
    assert target.read_bytes() == CONTENT
    assert names(tmp_path) == ["x"]


def test_an_interrupted_download_leaves_nothing(told, leia, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    told.on("GET", PATH, reply(CONTENT))
    monkeypatch.setattr("leia_nb.transport.connection.Stream._next", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download(leia, tmp_path / "x")
    assert names(tmp_path) == []


def test_contents_of_another_size_are_checked_by_length_only(told, leia):
    told.on("GET", PATH, reply(b"small"))
    assert leia.documents.contents("d1", max_size=10, jpeg_compression=50) == b"small"
    assert told.seen("GET", PATH)[0].target.endswith("?max_size=10&jpeg_compression=50")


def test_contents_without_length_and_md5_cannot_be_trusted(told, leia):
    told.on("GET", PATH, reply(b"small", length=False))
    with pytest.raises(errors.DamagedTransfer, match="without its length"):
        leia.documents.contents("d1", max_size=10)


def test_download_into_a_folder_that_is_missing(told, leia, tmp_path):
    with pytest.raises(errors.InvalidInput, match="does not exist"):
        download(leia, tmp_path / "no" / "x")


def test_a_name_that_leia_sent_stays_in_the_folder(server, leia, tmp_path):
    record = {**DOCUMENT, "filename": "../../../evil", "extension": ".bin"}
    server.on("GET", "/admin/a1/document/d1", json_reply(record)).on("GET", PATH, reply(CONTENT))
    assert download(leia, tmp_path) == tmp_path / "evil.bin"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("page.png", "page.png"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\x.txt", "x.txt"),
        ("..", "d"),
        ("", "d"),
        ("...", "d"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("con.txt", "_con.txt"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("ü 1.png", "ü 1.png"),
        ("漢" * 90 + ".txt", "漢" * 65 + ".txt"),
        ("漢" * 120, "漢" * 66),
        ("a." + "x" * 300, "a." + "x" * 148),
        ("a\ud800.txt", "a_.txt"),
    ],
)
def test_safe_names(name, safe):
    assert safe_name(name, "d") == safe


def test_a_long_name_in_any_script_can_be_downloaded(server, leia, tmp_path):
    record = {**DOCUMENT, "filename": "漢" * 90 + ".txt"}
    server.on("GET", "/admin/a1/document/d1", json_reply(record)).on("GET", PATH, reply(CONTENT))
    assert download(leia, tmp_path) == tmp_path / ("漢" * 65 + ".txt")
    own = tmp_path / ("漢" * 84 + ".x")
    assert download(leia, own) == own
    model = {**MODEL, "short_name": None, "name": "漢" * 120}
    server.on("GET", "/admin/a1/model/m1", json_reply(model))
    server.on("GET", "/admin/a1/model/m1/file_contents", reply(b"PK12"))
    found = leia.models.download("m1", tmp_path, progress=False)
    assert found.name == "漢" * 65 + ".zip"


@pytest.mark.parametrize("path", ["x" * 5000, "a\0b", "\ud800", "~nobody-of-that-name/x", 5, None])
def test_a_target_that_is_no_usable_path(told, leia, tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    told.on("GET", PATH, reply(CONTENT))
    with pytest.raises(errors.InvalidInput) as caught:
        download(leia, path)
    assert caught.value.field == "path"
    assert names(tmp_path) == []


def test_a_target_where_nothing_can_be_written(told, leia, tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    told.on("GET", PATH, reply(CONTENT))
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(errors.InvalidInput, match=r"x cannot be written .No space left"):
        download(leia, tmp_path / "x")
    assert names(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_target_that_is_no_file_is_not_replaced(told, leia, tmp_path):
    told.on("GET", PATH, reply(CONTENT))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(errors.InvalidInput, match="is a device or a pipe") as caught:
        download(leia, tmp_path / "pipe")
    assert caught.value.field == "path"
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="this system has no /proc")
def test_a_target_folder_that_takes_no_files(told, leia):
    told.on("GET", PATH, reply(CONTENT))
    with pytest.raises(errors.InvalidInput, match="cannot be written"):
        download(leia, "/proc/x")


def test_upload(server, leia, tmp_path):
    path = tmp_path / "page.bin"
    path.write_bytes(CONTENT)
    server.on("POST", UPLOADS, DynamicReply(stored))
    document = leia.documents.upload(path, tags=["a", "b"], ttl=60, progress=False)
    sent = server.seen("POST", UPLOADS)[0]
    assert sent.body == CONTENT
    assert sent.target.endswith("?filename=page.bin&ttl=60&tags=a&tags=b")
    assert sent.headers["content-type"] == "application/octet-stream"
    assert sent.headers["content-length"] == str(len(CONTENT))
    assert document.md5sum == MD5


def test_upload_from_an_open_file_starts_where_it_stands(server, leia):
    server.on("POST", UPLOADS, DynamicReply(stored))
    file = io.BytesIO(b"skip this")
    file.seek(5)
    leia.documents.upload(file, filename="x", progress=False)
    assert server.seen("POST", UPLOADS)[0].body == b"this"


def test_upload_is_sent_again_after_a_new_login(server, leia):
    server.on("POST", UPLOADS, error_reply(401), DynamicReply(stored))
    leia.documents.upload(CONTENT, filename="x", progress=False)
    assert [r.body == CONTENT for r in server.seen("POST", UPLOADS)] == [True, True]


@pytest.mark.parametrize("damage", [{"size": 1}, {"md5sum": "0" * 32}])
def test_an_upload_that_arrives_damaged_is_deleted(server, leia, damage):
    server.on("POST", UPLOADS, json_reply({**DOCUMENT, **damage}))
    server.on("DELETE", "/admin/a1/document/d1", reply(b"", 204))
    with pytest.raises(errors.DamagedTransfer, match="document d1"):
        leia.documents.upload(CONTENT, filename="x", progress=False)
    assert len(server.seen("DELETE", "/admin/a1/document/d1")) == 1


def test_a_model_that_arrives_damaged_is_deleted(server, leia):
    server.on("POST", "/admin/a1/model", json_reply(MODEL))
    server.on("DELETE", "/admin/a1/model/m1", reply(b"", 204))
    with pytest.raises(errors.DamagedTransfer, match="model m1"):
        leia.models.create(b"PK but longer", "A", progress=False)
    assert len(server.seen("DELETE", "/admin/a1/model/m1")) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (DROP, errors.OutcomeUnknown),
        (delayed(json_reply(DOCUMENT), 1.5), errors.OutcomeUnknown),
        (error_reply(507, "storage_full"), errors.StorageFull),
        (error_reply(502), errors.OutcomeUnknown),
    ],
)
def test_uploads_are_sent_once(server, leia, fault, error):
    server.on("POST", UPLOADS, fault)
    with pytest.raises(error):
        leia.documents.upload(CONTENT, filename="x", progress=False)
    assert len(server.seen("POST", UPLOADS)) == 1


def test_a_file_that_cannot_be_read_to_its_end(server, leia):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 0:
                raise OSError("bad sector")
            return super().read(size)

    server.on("POST", UPLOADS, DynamicReply(stored))
    with pytest.raises(errors.InvalidInput, match="bad sector"):
        leia.documents.upload(Broken(CONTENT), filename="x", progress=False)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("no-such-file", "does not exist"),
        (".", "folder"),
        (7, "got int"),
        ("x" * 5000, "too long"),
        (base64.b64encode(b"a page" * 20).decode(), r"b64decode"),
        (base64.encodebytes(CONTENT[:5000]).decode(), r"b64decode"),
        ("a/folder/" * 20 + "page.png", "Check the path"),
        ("letters/*.txt", r"for file in glob\.glob\('letters/\*\.txt'\)"),
        ("a\0b", "not a valid path"),
        ("\ud800", "not a valid path"),
        (io.StringIO("text"), "mode 'rb'"),
    ],
)
def test_files_that_are_none(server, leia, file, told):
    with pytest.raises(errors.InvalidInput, match=told):
        leia.documents.upload(file, filename="x", progress=False)
    assert server.seen("POST", UPLOADS) == []


def test_several_files_are_sent_one_at_a_time(leia):
    with pytest.raises(errors.InvalidInput, match=r"\[leia\.documents\.upload\(file\) for file"):
        leia.documents.upload(["a.png", "b.png"])


def test_bytes_need_a_filename(leia):
    with pytest.raises(errors.InvalidInput, match="filename"):
        leia.documents.upload(b"x")


def test_model_file_name(server, leia, tmp_path):
    content = b"PK12"
    server.on("GET", "/admin/a1/model/m1", json_reply(MODEL))
    server.on("GET", "/admin/a1/model/m1/file_contents", reply(content))
    assert leia.models.download("m1", tmp_path, progress=False) == tmp_path / "1.zip"
    assert leia.models.download("m1", tmp_path / "own", progress=False).read_bytes() == content


def test_bars_show_bytes_and_are_closed(server, leia, capsys):
    server.on("POST", UPLOADS, DynamicReply(stored))
    leia.documents.upload(CONTENT, filename="page.bin")
    assert "3.00M/3.00M" in capsys.readouterr().err
    leia.documents.upload(CONTENT, filename="page.bin", progress=False)
    assert capsys.readouterr().err == ""
