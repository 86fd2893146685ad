"""Transforms, and editing, packing and tags of documents, with the client."""

import io
import json
import zipfile

import pytest

from leia_nb import errors
from leia_nb.enums import JobStatus, TransformType
from leia_nb.records.records import Document

from .clients import connected, picture


@pytest.fixture(scope="module")
def leia(service):
    with connected(service, "key-of-ada") as leia:
        yield leia


@pytest.fixture
def upload(leia):
    made = []

    def upload(data, filename, **options):
        made.append(leia.documents.upload(data, filename=filename, progress=False, **options))
        return made[-1]

    yield upload
    for document in made:
        for one in [*leia.documents.list(original_id=document, progress=False).index, document]:
            leia.documents.delete(one)


def pdf(*pages):
    from fpdf import FPDF

    paper = FPDF()
    paper.set_font("helvetica", size=24)
    for text in pages:
        paper.add_page()
        paper.cell(text=text)
    return bytes(paper.output())


def transformed(leia, documents, output_type, **options):
    return leia.documents.transform(documents, output_type, **options).wait(progress=False)


def test_one_document_is_a_record(leia, upload):
    paper = upload(pdf("Dear Ada"), "letter.pdf")
    text = transformed(leia, paper, "text", output_tag="read")
    assert isinstance(text, Document)
    assert (text.mime_type, text.original_id, text.tags) == ("text/plain", paper.id, ("read",))
    assert b"Dear Ada" in leia.documents.contents(text)


def test_several_documents_are_a_frame(leia, upload):
    paper = upload(pdf("first", "second", "third"), "letter.pdf")
    pages = transformed(leia, paper, TransformType.IMAGE, output_tag="page")
    assert pages["page"].tolist() == [0, 1, 2]
    assert set(pages["original_id"]) == {paper.id}
    assert set(pages["mime_type"]) <= {"image/jpeg", "image/png"}
    listed = leia.documents.list(original_id=paper, tags=["page"], sort="page", progress=False)
    assert listed.index.tolist() == pages.index.tolist()
    assert listed.columns.tolist() == pages.columns.tolist()


def test_params_go_along(leia, upload):
    words = upload(b"one two three four five", "words.txt")
    chunks = transformed(leia, words, "split", transform_params={"split_size": 2})
    assert len(chunks) == 3
    whole = transformed(leia, chunks, "merge")
    assert leia.documents.contents(whole).split() == [b"one", b"two", b"three", b"four", b"five"]
    with pytest.raises(errors.InvalidParameters, match="split_size"):
        leia.documents.transform(words, "split", transform_params={"split_size": "many"})


def test_a_chain_that_takes_some_pages(leia, upload):
    paper = upload(pdf("first", "second", "third"), "letter.pdf")
    images = leia.documents.transform(
        paper, "image", transform_params={"output_quality": 40}, block_processing=True
    )
    trimmed = leia.documents.transform(
        paper, "trim", execute_after_id=images, page_range="0,-1", output_tag="cut"
    )
    assert images.status is JobStatus.BLOCKED
    images.start()
    found = trimmed.wait(progress=False)
    assert sorted(found["page"]) == [0, 2]
    assert set(found["tags"]) == {("cut",)}


def test_input_tag_picks_what_was_made_before(leia, upload):
    paper = upload(pdf("first", "second"), "letter.pdf")
    pages = transformed(leia, paper, "image", output_tag="page")
    turned = transformed(leia, paper, "trim", input_tag="page")
    assert turned["page"].tolist() == pages["page"].tolist()
    with pytest.raises(errors.NoDocuments):
        leia.documents.transform(paper, "trim", input_tag="never")


def test_blocks_of_text(leia, upload):
    tree = transformed(leia, upload(pdf("Dear Ada"), "letter.pdf"), "text_tree")
    assert "Dear Ada" in json.dumps(json.loads(leia.documents.contents(tree)))


def test_transforms_that_make_no_sense(leia, upload):
    text, image = upload(b"words", "words.txt"), upload(picture(9), "grey.png")
    for document, output_type in ((text, "image"), (text, "trim"), (image, "split")):
        with pytest.raises(errors.UnusableDocuments, match=document.id):
            leia.documents.transform(document, output_type)
    with pytest.raises(errors.UnknownDocument):
        leia.documents.transform("nope", "text")


def test_a_damaged_document_fails_with_a_reason(leia, upload):
    torn = upload(pdf("words")[:300], "torn.pdf")
    with pytest.raises(errors.JobFailed, match=r"torn\.pdf") as caught:
        transformed(leia, torn, "image")
    assert caught.value.reason


def test_documents_of_others(service, leia, upload):
    words = upload(b"words", "words.txt")
    with connected(service, "key-of-bob") as bob, connected(service) as admin:
        with pytest.raises(errors.NotYours):
            bob.documents.transform(words, "split")
        job = admin.documents.transform(words, "split")  # the record says whose it is
        assert set(job.wait(progress=False)["application_id"]) == {leia.application.id}
        with pytest.raises(errors.NotYours):
            admin.documents.transform(words, "split", scope="plain")


def test_edit(leia, upload):
    image = upload(picture(9), "grey.png")
    edited = leia.documents.edit(image, filename="white.jpeg", rotation_angle=90, ttl=3600)
    assert (edited.filename, edited.extension, edited.rotation_angle) == ("white.jpeg", "jpeg", 90)
    assert edited.expiration_time is not None
    assert leia.documents.contents(edited) == picture(9)
    assert leia.documents.edit(image, ttl=-1).expiration_time is None
    with pytest.raises(errors.UnknownDocument):
        leia.documents.edit("nope", ttl=60)


def test_edit_by_an_admin(service, upload):
    words = upload(b"words", "words.txt")
    with connected(service) as admin:
        assert admin.documents.edit(words, filename="w.txt").filename == "w.txt"


def test_zip_of_what_the_filters_match(leia, upload, tmp_path):
    contents = {b"one", b"two"}
    for data in contents:
        upload(data, "same.txt", tags=["zipped"])
    upload(b"three", "other.txt")
    path = leia.documents.download_zip(tmp_path, tags=["zipped"], progress=False)
    assert path == tmp_path / "documents.zip"
    with zipfile.ZipFile(path) as archive:
        assert {archive.read(name) for name in archive.namelist()} == contents
        assert len(archive.namelist()) == 2
    again = leia.documents.download_zip(path, extension="txt", tags=["zipped"], progress=False)
    assert zipfile.is_zipfile(io.BytesIO(again.read_bytes()))


def test_zip_of_nothing_and_of_others(service, leia, upload, tmp_path):
    words = upload(b"words", "words.txt")
    target = tmp_path / "none.zip"
    with pytest.raises(errors.NotFound):
        leia.documents.download_zip(target, tags=["never"], progress=False)
    with connected(service, "key-of-bob") as bob, pytest.raises(errors.NotYours):
        bob.documents.download_zip(target, document_id=words, progress=False)
    assert not target.exists()


def test_tags(service, leia, upload):
    upload(b"words", "words.txt", tags=["tagged by ada", "ü"])
    assert {"tagged by ada", "ü"} <= set(leia.documents.tags())
    with connected(service, "key-of-bob") as bob:
        assert "tagged by ada" not in bob.documents.tags()
    with connected(service) as admin:
        assert "tagged by ada" in admin.documents.tags(leia.application.id)
        assert "tagged by ada" in admin.documents.tags()
        assert "tagged by ada" not in admin.documents.tags(scope="plain")
