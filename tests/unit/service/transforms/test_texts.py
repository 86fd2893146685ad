import json

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from leia_nb.service.documents import ocr
from leia_nb.service.documents.layout import Box, Line, group_blocks, rows_text
from leia_nb.service.trainers import UnreadableDocument, UnusableDocuments
from leia_nb.service.transforms.texts import chunks
from tests.unit.service.transform_bench import LINES, TransformBench, encoded, form, pdf


@pytest.fixture
def bench(tmp_path):
    return TransformBench(tmp_path)


def said(made):
    return [file.path.read_bytes().decode("utf-8") for file in made]


def tree_of(made):
    (file,) = made
    assert file.mime_type == "application/json"
    return json.loads(file.path.read_text(encoding="utf-8"))["pages"]


def test_a_pdfs_own_text(bench):
    paper = bench.document(pdf("first page", "second page"), "letter.pdf", "application/pdf")
    made = bench.do("text", paper)
    assert said(made) == ["first page\nsecond page"]
    (file,) = made
    assert (file.filename, file.mime_type) == ("letter.txt", "text/plain")
    assert (file.source_id, file.page) == (paper.id, None)


def test_the_text_of_some_pages(bench):
    paper = bench.document(pdf(*"abc"), "letter.pdf", "application/pdf")
    assert said(bench.do("text", paper, image_slice="::2")) == ["a\nc"]


def test_embedded_text_and_blank_pages_require_no_ocr(bench, monkeypatch):
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    paper = bench.document(pdf("a", None, "c"), "letter.pdf", "application/pdf")
    assert said(bench.do("text", paper)) == ["a\n\nc"]
    assert [len(page["blocks"]) for page in tree_of(bench.do("text_tree", paper))] == [1, 0, 1]


def test_what_a_form_is_filled_in_with_is_text(bench):
    paper = bench.document(form("Ada Lovelace"), "form.pdf", "application/pdf")
    assert said(bench.do("text", paper)) == ["Ada Lovelace"]
    assert tree_of(bench.do("text_tree", paper))[0]["blocks"][0]["text"] == "Ada Lovelace"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_texts_become_utf8_with_plain_line_ends(bench, encoding):
    text = bench.document("Müller\r\n& Söhne\rEnde".encode(encoding), "a.csv", "text/csv")
    made = bench.do("text", text)
    assert said(made) == ["Müller\n& Söhne\nEnde"]
    assert made[0].filename == "a.txt"


def test_what_a_text_was_made_from_keeps_its_page(bench):
    text = bench.document(b"a b c", "a-page-3.txt", "text/plain", page=3)
    for output_type in ("text", "merge", "split"):
        assert {file.page for file in bench.do(output_type, text, **_few(output_type))} == {3}


def test_merging_joins_by_a_newline(bench):
    texts = [bench.document(text.encode(), f"{text}.txt", "text/plain") for text in ("a", "", "ü")]
    made = bench.do("merge", *texts)
    assert said(made) == ["a\n\nü"]
    assert (made[0].filename, made[0].source_id) == ("a-merged.txt", None)
    assert bench.do("merge", texts[0])[0].source_id == texts[0].id


def test_splitting_counts_words(bench):
    text = bench.document(b" ".join(b"w%d" % n for n in range(2500)), "book.txt", "text/plain")
    made = bench.do("split", text)
    assert [len(chunk.split()) for chunk in said(made)] == [1000, 1000, 500]
    assert [(file.filename, file.page) for file in made] == [
        (f"book-part-{n}.txt", n) for n in range(3)
    ]
    assert [len(chunk.split()) for chunk in said(bench.do("split", text, split_size=2400))] == [
        2400,
        100,
    ]


@given(st.text(st.sampled_from("ab \n\t ü"), max_size=80), st.integers(1, 5))
def test_chunks_are_the_text_and_hold_so_many_words(text, words):
    cut = list(chunks(text, words))
    assert "".join(cut) == text
    assert all(len(chunk.split()) == words for chunk in cut[:-1])
    assert all(len(chunk.split()) <= words for chunk in cut)


def test_too_many_chunks_are_refused(bench):
    text = bench.document(b"a " * 1001, "a.txt", "text/plain")
    with pytest.raises(UnusableDocuments, match="larger chunks with split_size"):
        bench.do("split", text, split_size=1)


@pytest.mark.parametrize("output_type", ["text", "split"])
def test_blank_texts_among_others_are_passed(bench, output_type):
    texts = [bench.document(data, "page.txt", "text/plain") for data in (b" \n", b"words", b"")]
    made = bench.do(output_type, *texts)
    assert [one.source_id for one in made] == [texts[1].id]
    with pytest.raises(UnreadableDocument, match=f"{texts[0].id} .* contains no"):
        bench.do(output_type, texts[0], texts[2])


@pytest.mark.parametrize(
    ("output_type", "data", "mime_type", "why"),
    [
        ("text", b"\x00\x01\x02", "text/plain", "is binary, not text"),
        ("merge", b"\x00\x01\x02", "text/plain", "is binary, not text"),
        ("split", b"\x00\x01\x02", None, "is binary, not text"),
        ("split", b" \n ", "text/plain", "contains no words"),
        ("text", b" \n ", "text/plain", "contains no text"),
        ("text", b"", None, "contains no text"),
        ("merge", pdf("a"), "text/plain", "is a PDF"),
        ("merge", encoded(Image.new("L", (9, 9))), None, "is an image"),
        ("text_tree", b"plain words", None, "is a text"),
        ("text", pdf("words")[:200], "application/pdf", "is a damaged PDF"),
    ],
)
def test_documents_without_text_are_reported(bench, output_type, data, mime_type, why):
    with pytest.raises(UnreadableDocument, match=why) as caught:
        bench.do(output_type, bench.document(data, "thing.dat", mime_type))
    assert "(thing.dat)" in str(caught.value)


@pytest.mark.parametrize("output_type", ["text", "merge", "split"])
def test_a_text_that_is_too_long_is_refused_and_not_cut(bench, monkeypatch, output_type):
    monkeypatch.setattr("leia_nb.service.documents.readers.MAX_TEXT_BYTES", 9)
    with pytest.raises(UnreadableDocument, match="the limit for one document"):
        bench.do(output_type, bench.document(b"a" * 10, "a.txt", "text/plain"))


def test_texts_that_would_be_too_long_together(bench, monkeypatch):
    monkeypatch.setattr(
        "leia_nb.service.transforms.output_files.MOST_CHARACTERS", {".txt": 9, ".json": 9}
    )
    texts = [bench.document(b"abcde", "a.txt", "text/plain") for _ in range(2)]
    with pytest.raises(UnusableDocuments, match="would have more than"):
        bench.do("merge", *texts)
    with pytest.raises(UnusableDocuments, match="would have more than"):
        bench.do("text_tree", bench.document(pdf("a"), "a.pdf", "application/pdf"))


def test_a_document_that_is_gone(bench):
    text = bench.document(b"a", "a.txt", "text/plain")
    text.path.unlink()
    for output_type in ("text", "merge", "split"):
        with pytest.raises(UnreadableDocument, match="deleted or expired"):
            bench.do(output_type, text)


def test_the_tree_of_a_pdf(bench):
    paper = bench.document(pdf("\n".join(LINES), "Ende"), "invoice.pdf", "application/pdf")
    made = bench.do("text_tree", paper)
    assert made[0].filename == "invoice.json"
    first, second = tree_of(made)
    assert {key: first[key] for key in ("page", "width", "height", "unit", "source")} == {
        "page": 0,
        "width": 595.28,
        "height": 841.89,
        "unit": "pt",
        "source": "pdf",
    }
    (block,) = first["blocks"]
    assert block["text"] == "\n".join(LINES)
    assert [line["text"] for line in block["lines"]] == list(LINES)
    assert [word["text"] for word in block["lines"][0]["words"]] == LINES[0].split()
    assert (second["page"], second["blocks"][0]["text"]) == (1, "Ende")


def test_the_same_pdf_gives_the_same_tree(bench):
    paper = bench.document(pdf(*LINES), "invoice.pdf", "application/pdf")
    first, second = (bench.do("text_tree", paper)[0].path.read_bytes() for _ in range(2))
    assert first == second


def test_words_are_where_they_are_seen(bench):
    paper = bench.document(_signpost(), "a.pdf", "application/pdf")
    page = tree_of(bench.do("text_tree", paper))[0]
    places = {block["text"]: (block["x"], block["y"]) for block in page["blocks"]}
    assert places["left"] == pytest.approx((0.1, 0.1), abs=0.02)
    assert places["right"] == pytest.approx((0.6, 0.5), abs=0.02)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_words_of_a_turned_page_are_where_they_are_seen(bench, angle):
    turned = _turned(_signpost(), angle)
    page = tree_of(bench.do("text_tree", bench.document(turned, "a.pdf", "application/pdf")))[0]
    words = {
        word["text"]: (word["x"] + word["width"] / 2, word["y"] + word["height"] / 2)
        for block in page["blocks"]
        for line in block["lines"]
        for word in line["words"]
    }
    corner = {90: (0.9, 0.1), 180: (0.9, 0.9), 270: (0.1, 0.9)}[angle]
    assert words["left"] == pytest.approx(corner, abs=0.06)
    assert (page["width"] > page["height"]) is (angle != 180)


def test_a_row_with_a_wide_gap_is_two_lines_of_the_tree(bench):
    paper = FPDF()
    paper.add_page()
    paper.set_font("Helvetica", size=12)
    paper.cell(100, text="Total amount")
    paper.cell(text="12.50 EUR")
    page = tree_of(bench.do("text_tree", bench.document(bytes(paper.output()), "a.pdf")))[0]
    assert [block["text"] for block in page["blocks"]] == ["Total amount", "12.50 EUR"]


def test_a_page_with_too_many_characters_is_refused(bench, monkeypatch):
    monkeypatch.setattr("leia_nb.service.documents.pdf.MOST_CHARACTERS", 5)
    with pytest.raises(UnreadableDocument, match="more than 5 characters on page 0"):
        bench.do("text_tree", bench.document(pdf("abcdefgh"), "a.pdf", "application/pdf"))


def test_columns_are_blocks_and_rows_are_read_across():
    left = [_line("one", 0.1, 0.10), _line("two", 0.1, 0.13)]
    right = [_line("three", 0.6, 0.101), _line("four", 0.6, 0.131)]
    title = _line("Title", 0.1, 0.02, height=0.05)
    lines = [right[1], left[0], right[0], title, left[1]]
    assert [block.text for block in group_blocks(lines)] == ["Title", "one\ntwo", "three\nfour"]
    assert rows_text(lines) == "Title\none three\ntwo four"
    assert (group_blocks([]), rows_text([])) == ([], "")


def test_lines_of_a_skewed_scan_stay_apart():
    lines = [_line("one", 0.1, 0.100, height=0.04), _line("two", 0.1, 0.118, height=0.04)]
    assert rows_text(lines) == "one\ntwo"


def _few(output_type):
    return {"split_size": 2} if output_type == "split" else {}


def _line(text, x, y, height=0.02):
    return Line(text, Box(x, y, 0.2, height))


def _signpost():
    paper = FPDF(unit="pt", format=(400, 600))
    paper.add_page()
    paper.set_margin(0)
    paper.set_font("Helvetica", size=12)
    for text, x, y in (("left", 40, 60), ("right", 240, 300)):
        paper.set_xy(x, y)
        paper.cell(text=text, h=12)
    return bytes(paper.output())


def _turned(data, angle):
    import io

    import pypdfium2

    opened = pypdfium2.PdfDocument(data)
    opened[0].set_rotation(angle)
    buffer = io.BytesIO()
    opened.save(buffer)
    opened.close()
    return buffer.getvalue()
