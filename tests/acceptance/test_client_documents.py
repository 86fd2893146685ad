"""The client's document and annotation calls against the real service."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import pytest

from leia_nb import errors

from .clients import connected, picture


@pytest.fixture(scope="module")
def leia(service):
    with connected(service, "key-of-bob") as leia:
        yield leia


@pytest.fixture
def document(leia):
    document = leia.documents.upload(
        picture(7, 40), filename="R&D ü.png", tags=["b", "a"], progress=False
    )
    yield document
    leia.documents.delete(document)


def test_upload_from_path_bytes_and_file(leia, tmp_path):
    path = tmp_path / "a page.txt"
    path.write_bytes(b"some text")
    for file, name in (
        (path, None),
        (str(path), None),
        (b"some text", "x"),
        (path.open("rb"), None),
    ):
        document = leia.documents.upload(file, filename=name, progress=False)
        assert document.filename == (name or "a page.txt")
        assert document.md5sum == hashlib.md5(b"some text").hexdigest()
        leia.documents.delete(document)
        if isinstance(file, io.IOBase):
            file.close()


def test_get_and_contents(leia, document):
    assert leia.documents.get(document.id) == document
    assert document.mime_type == "image/png"
    assert leia.documents.contents(document) == picture(7, 40)
    assert leia.documents.contents(document.id) == picture(7, 40)


def test_contents_of_another_size(leia, document):
    from PIL import Image

    small = leia.documents.contents(document, max_size=10)
    assert Image.open(io.BytesIO(small)).size == (10, 10)


def test_download(leia, document, tmp_path):
    path = leia.documents.download(document, tmp_path, progress=False)
    assert path == tmp_path / "R&D ü.png"
    assert path.read_bytes() == picture(7, 40)


def test_tag_and_untag(leia, document):
    assert leia.documents.tag(document, "c d").tags == ("a", "b", "c d")
    leia.documents.untag(document, "c d")
    assert leia.documents.get(document).tags == ("a", "b")


def test_list_and_tag_result(leia, document):
    listed = leia.documents.list(
        document_id=document, filename="R&D ü.png", extension="png", mime_type="image/png",
        tags=["a", "b"], created_after=document.creation_time, tag_result="found",
    )  # fmt: skip
    assert listed.index.tolist() == [document.id]
    assert leia.documents.get(document).tags == ("a", "b", "found")
    assert len(leia.documents.list(tags=["found"], original_id=document)) == 0


def test_ttl(leia):
    document = leia.documents.upload(b"x", filename="x.txt", ttl=60, progress=False)
    assert (document.expiration_time - document.creation_time).total_seconds() == 60
    leia.documents.delete(document)


def test_an_empty_document(leia):
    document = leia.documents.upload(b"", filename="empty.txt", progress=False)
    assert document.size == 0
    assert leia.documents.contents(document) == b""
    leia.documents.delete(document)


def test_deleted_documents_are_unknown(leia):
    document = leia.documents.upload(b"x", filename="x.txt", progress=False)
    leia.documents.delete(document)
    for ask in (leia.documents.get, leia.documents.contents, leia.documents.delete):
        with pytest.raises(errors.UnknownDocument, match=document.id):
            ask(document)


def test_other_applications_do_not_see_it(service, document):
    with connected(service, "key-of-ada") as ada:
        for refused in (ada.documents.get, ada.documents.contents, ada.documents.delete):
            with pytest.raises(errors.NotYours, match=document.id):
                refused(document)
        with pytest.raises(errors.NotYours, match=document.id):
            ada.documents.list(document_id=document)
        assert len(ada.documents.list(filename=document.filename)) == 0
        assert len(ada.documents.list(document_id="no-such-document")) == 0


def test_the_admin_sees_it(service, leia, document):
    with connected(service) as admin:
        assert admin.documents.list(document_id=document).index.tolist() == [document.id]
        listed = admin.documents.list(application_id=leia.application.id, tags=["a"])
        assert admin.documents.contents(listed) == picture(7, 40)  # the frame says whose it is


def test_annotations(leia, document):
    annotation = leia.annotations.create(
        document, "TYPING", {"category": "ü", "more": [1, None]}, name="first", tags=["t"]
    )
    assert annotation.prediction == {"category": "ü", "more": [1, None]}
    assert (annotation.document_id, annotation.name, annotation.tags) == (
        document.id,
        "first",
        ("t",),
    )
    listed = leia.annotations.list(
        document_id=document, annotation_type="TYPING", name="first", tags=["t"]
    )
    assert listed.index.tolist() == [annotation.id]
    assert listed["prediction"].tolist() == [annotation.prediction]
    assert len(leia.annotations.list(document_id=document, annotation_type="BOX")) == 0
    with pytest.raises(errors.UnknownDocument):
        leia.annotations.create("nope", "TYPING", {"category": "x"})


def test_listings_of_several_pages(leia, document, capsys):
    with ThreadPoolExecutor(8) as threads:
        made = threads.map(
            lambda n: leia.annotations.create(document, "TEXT", {"n": str(n)}, name="paged").id,
            range(1050),
        )
        ids = list(made)
    listed = leia.annotations.list(name="paged")
    assert sorted(listed.index) == sorted(ids)
    assert "1050/1050" in capsys.readouterr().err
    assert len(leia.annotations.list(name="paged", limit=1020, progress=False)) == 1020
    assert len(leia.annotations.list(name="paged", offset=1000, progress=False)) == 50
