"""The sample papers are reproducible and come with their true annotations."""

import io
import subprocess
import sys

import pypdfium2
import pytest
from PIL import Image

from leia_nb import errors
from leia_nb.samples import load_papers, papers

from .clients import connected


def _texts(content):
    pdf = pypdfium2.PdfDocument(content)
    try:
        return pdf[0].get_textpage().get_text_range()
    finally:
        pdf.close()


def test_the_same_seed_gives_the_same_bytes_in_any_process():
    script = (
        "import hashlib; from leia_nb.samples import papers\n"
        "made = papers.generate(6, 3) + papers.generate(2, 3, form='image')\n"
        "print(hashlib.md5(b''.join(p.content for p in made)).hexdigest())\n"
    )
    runs = [subprocess.run([sys.executable, "-c", script], capture_output=True) for _ in "ab"]
    assert runs[0].stdout == runs[1].stdout != b""
    assert papers.generate(3, 1)[0].content != papers.generate(3, 2)[0].content


@pytest.mark.parametrize("part", ["train", "test"])
def test_the_fields_are_printed_on_the_papers(part):
    for paper in papers.generate(30, 4, part=part):
        text = " ".join(_texts(paper.content).split())
        assert set(paper.fields) >= {"date", "number", "sender"}
        assert ("total" in paper.fields) == (paper.category != "letter")
        for value in paper.fields.values():
            assert value in text


def test_the_boxes_contain_drawings_and_lie_on_the_page():
    made = papers.generate(30, 4, form="image", resolution=50)
    assert {box["label"] for paper in made for box in paper.boxes} == {"logo", "stamp", "signature"}
    for paper in made:
        image = Image.open(io.BytesIO(paper.content)).convert("L")
        for box in paper.boxes:
            left, top = box["x"] * image.width, box["y"] * image.height
            right, bottom = (
                left + box["width"] * image.width,
                top + box["height"] * image.height,
            )
            assert 0 <= left < right <= image.width
            assert 0 <= top < bottom <= image.height
            assert image.crop((int(left), int(top), int(right), int(bottom))).getextrema()[0] < 200


def test_train_and_test_papers_have_different_layouts():
    from leia_nb.samples.papers import layouts

    assert not set(layouts.TRAIN) & set(layouts.TEST)
    assert [p.filename for p in papers.generate(2, 7, kinds=["letter"], part="test")] == [
        "paper-test-7-0000.pdf",
        "paper-test-7-0001.pdf",
    ]
    assert papers.generate(0) == []


def test_a_single_kind_may_be_a_string():
    assert papers.generate(2, kinds="letter") == papers.generate(2, kinds=["letter"])


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"count": -1}, "count"),
        ({"kinds": ["poem"]}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"kinds": "poem"}, "kinds"),
        ({"part": "rest"}, "part"),
        ({"form": "docx"}, "form"),
        ({"resolution": 5000}, "resolution"),
    ],
)
def test_unknown_options_are_rejected(options, field):
    with pytest.raises(errors.InvalidInput) as caught:
        papers.generate(**{"count": 1, **options})
    assert caught.value.field == field


def test_papers_are_uploaded_annotated_and_tagged_once(service):
    tags = {"train_tag": "papers-once-train", "test_tag": "papers-once-test"}
    with connected(service) as leia:
        first = load_papers(leia, train=3, test=2, seed=5, progress=False, **tags)
        assert load_papers(leia, train=3, test=2, seed=5, progress=False, **tags).equals(first)
        assert first["tag"].tolist() == ["papers-once-train"] * 3 + ["papers-once-test"] * 2
        assert first["category"].tolist()[:3] == ["invoice", "receipt", "letter"]
        documents = leia.documents.list(tags=["papers-once-train"], progress=False)
        assert sorted(documents["filename"]) == [f"paper-train-5-{n:04}.pdf" for n in range(3)]
        for document_id, row in first.iterrows():
            annotations = leia.annotations.list(document_id=document_id, progress=False)
            assert sorted(annotations["annotation_type"]) == sorted(
                ["TYPING", "TEXT", *["BOX"] * len(row["boxes"])]
            )
            assert row["fields"] in annotations["prediction"].tolist()


def test_the_same_tag_for_both_parts_is_rejected(service):
    with connected(service) as leia, pytest.raises(errors.InvalidInput, match="both 'x'"):
        load_papers(leia, train_tag="x", test_tag="x", progress=False)
