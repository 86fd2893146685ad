"""Documents and models that are damaged, locked, or far too large: refused, or failed in words."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pytest

from .job_helpers import processed, transform
from .sample_files import pdf, picture

SECRET = "open sesame"


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def huge_png(side=30_000):
    """Make a PNG of 30,000 × 30,000 grey pixels, of less than a megabyte."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * (side + 1)) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    whole = (_chunk(b"IHDR", header), _chunk(b"IDAT", rows), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(whole)


def bomb():
    """Make a zip that looks like a model, a thousand times larger inside than outside."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in ("leia-model.json", "estimator.skops"):
            with archive.open(name, "w") as member:
                for _ in range(400):
                    member.write(b"\0" * 2**20)
    return out.getvalue()


DOCUMENTS = {
    "Damaged.pdf": lambda: pdf("words")[:400],
    "Nonsense.pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 50,
    "Locked.pdf": lambda: pdf("words", password=SECRET),
    "Cut.png": lambda: picture("left", 400)[:150],
    "Nonsense.png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50,
    "Huge.png": huge_png,
}


@pytest.fixture(scope="module")
def unreadable(ada):
    return {name: ada.document(make(), name)["id"] for name, make in DOCUMENTS.items()}


def _well(login):
    """Show that the service still does what it is asked."""
    source = login.document(b"one two", "Fine.txt")["id"]
    assert len(processed(login, transform(login, source, "split", split_size=1))["result"]) == 2
    assert login.call("GET", "/health").status_code == 200


def _ends_in_words(login, answer, name):
    """Show that a job is refused with 400, or fails, and that it says what is the matter."""
    if answer.status_code == 400:
        said = answer.json()["message"]
    else:
        assert answer.status_code == 200, answer.text
        over = login.finished_job(answer.json())
        assert (over["status"], over["result"]) == ("FAILED", None), over["result"]
        said = over["reason"]
        assert name in said, said
    assert "Traceback" not in said
    assert "log" not in said.split(), f"it is in words, not in the service's log: {said}"
    assert len(said.split()) > 6
    assert SECRET not in said
    return said


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("output_type", ["image", "text", "text_tree", "autorotate", "trim"])
def test_transforms_of_what_cannot_be_read(ada, unreadable, name, output_type):
    answer = ada.post(f"/document/{unreadable[name]}/transform/{output_type}")
    _ends_in_words(ada, answer, name)


@pytest.mark.parametrize(
    ("output_type", "data", "name"),
    [
        ("merge", picture("left"), "Picture.png"),
        ("split", picture("left"), "Picture.png"),
        ("trim", b"plain words", "Words.txt"),
        ("autorotate", b"plain words", "Words.txt"),
        ("image", b"plain words", "Words.txt"),
        ("transcode", b"PK\3\4 nothing", "Archive.zip"),
    ],
)
def test_transforms_that_make_no_sense(ada, output_type, data, name):
    source = ada.document(data, name)["id"]
    answer = ada.post(f"/document/{source}/transform/{output_type}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "unusable_documents"
    _ends_in_words(ada, answer, name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_trainings_on_what_cannot_be_read(ada, unreadable, name):
    module = "text_classifier" if name.endswith("pdf") else "image_classifier"
    tag = f"unreadable {name}"
    for category in "abab":
        made = ada.document(
            DOCUMENTS[name]() if name != "Huge.png" else huge_png(), name, tags=[tag]
        )
        ada.annotation(made["id"], category)
    _ends_in_words(ada, ada.post(f"/model/{module}/train/{tag}"), name)


def test_a_zip_bomb_as_model_file(admin):
    answer = admin.post(f"/admin/{admin.id}/model", params={"name": "Bomb"}, data=bomb())
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_model_file"
    assert len(answer.json()["message"].split()) > 6


def test_the_service_goes_on(service, ada, unreadable):
    ids = ",".join(unreadable.values())
    for output_type in ("image", "text"):
        _ends_in_words(ada, ada.post(f"/document/{ids}/transform/{output_type}"), "")
    _well(ada)
    assert service.process.poll() is None
    assert SECRET not in service.logged
