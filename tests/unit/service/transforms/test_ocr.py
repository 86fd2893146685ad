import difflib
import json
import random
import socket
import sys

import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image

from leia_nb.service.documents import ocr
from leia_nb.service.trainers import UnusableDocuments
from tests.unit.service.transform_bench import (
    LINES,
    TransformBench,
    encoded,
    framed,
    pdf,
    pdf_of_images,
    scan,
)

VOCABULARY = """
    the invoice number date total amount payable within thirty days contract between parties
    agreement customer order delivery street city phone regards Müller Straße Käufer 12.50
    2024-03-17 EUR 1,299.00 (VAT) No. 4711 & 19% +49 info@example.com
"""
TEXT = "\n".join(LINES)


@pytest.fixture
def bench(tmp_path):
    return TransformBench(tmp_path)


def likeness(text, other):
    """Return the share of characters that are the same, 0 to 1."""
    return difflib.SequenceMatcher(None, text, other, autojunk=False).ratio()


def said(made):
    (file,) = made
    return file.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("dots_per_inch", "size", "least"), [(100, 12, 0.97), (150, 9, 0.98)])
def test_rendered_pages_are_read_with_few_mistakes(bench, dots_per_inch, size, least):
    chance = random.Random(dots_per_inch)
    text = "\n".join(" ".join(chance.choices(VOCABULARY.split(), k=9)) for _ in range(8))
    image = encoded(scan(text, dots_per_inch, size=size))
    read = said(bench.do("text", bench.document(image, "page.png", "image/png")))
    share = likeness(text, read)
    sys.stdout.write(f"{size} pt at {dots_per_inch} dpi: {share:.2%} of {len(text)} right\n")
    assert share >= least


def test_a_skewed_noisy_scan_is_read(bench):
    paper = scan(TEXT).crop((0, 0, 1000, 500)).rotate(-1.5, fillcolor="white")
    noise = np.random.default_rng(0).normal(0, 15, (500, 1000, 1))
    grey = (np.asarray(paper) * 0.87 + noise).clip(0, 255).astype(np.uint8)
    photo = bench.document(
        encoded(Image.fromarray(grey), "JPEG", quality=35), "a.jpg", "image/jpeg"
    )
    assert likeness(said(bench.do("text", photo)), TEXT) > 0.97


def test_a_scanned_pdf_is_read_and_a_mixed_one_too(bench):
    paper = FPDF()
    paper.set_font("Helvetica", size=12)
    for image in (None, scan(TEXT)):
        paper.add_page()
        if image is None:
            paper.cell(text="own text")
        else:
            paper.image(image, x=0, y=0, w=paper.w)
    own, read = said(
        bench.do("text", bench.document(bytes(paper.output()), "mixed.pdf", "application/pdf"))
    ).split("\n", 1)
    assert own == "own text"
    assert likeness(read, TEXT) > 0.97


def test_all_pages_of_a_scan_are_read(bench):
    first, second = scan("First page"), scan("Second page")
    tiff = encoded(first, "TIFF", save_all=True, append_images=[second])
    made = bench.do("text", bench.document(tiff, "scan.tif", "image/tiff"))
    assert said(made) == "First page\nSecond page"
    assert made[0].filename == "scan.txt"


def test_few_words_far_apart_are_all_found(bench):
    paper = FPDF()
    paper.add_page()
    paper.set_font("Helvetica", size=11)
    for text, x, y in (("Hello", 20, 20), ("12", 180, 270), ("you", 20, 150)):
        paper.set_xy(x, y)
        paper.cell(text=text)
    (picture,) = bench.do("image", bench.document(bytes(paper.output()), "a.pdf"))
    assert said(bench.do("text", bench.again(picture))) == "Hello\nyou\n12"


@pytest.mark.parametrize("size", [(1, 1), (60_000, 30)])
def test_strips_and_dots_contain_no_text(bench, size):
    strip = bench.document(encoded(Image.new("RGB", size, "black")), "strip.png", "image/png")
    assert said(bench.do("text", strip)) == ""
    assert bench.do("autorotate", strip)[0].rotation_angle == 0


def test_an_image_without_text_gives_an_empty_text(bench):
    blank = bench.document(encoded(Image.new("RGB", (300, 200), "white")), "a.png", "image/png")
    assert said(bench.do("text", blank)) == ""
    (page,) = json.loads(said(bench.do("text_tree", blank)))["pages"]
    assert (page["blocks"], page["width"], page["height"]) == ([], 300, 200)


def test_the_tree_of_a_scan_is_that_of_the_pdf_it_shows(bench):
    paper = bench.document(pdf(TEXT), "a.pdf", "application/pdf")
    (picture,) = bench.do("image", paper)
    own = json.loads(said(bench.do("text_tree", paper)))["pages"][0]
    read = json.loads(said(bench.do("text_tree", bench.again(picture))))["pages"][0]
    assert (read["page"], read["source"], read["unit"]) == (0, "ocr", "px")
    assert (read["width"], read["height"]) == (1241, 1754)
    assert [b["text"] for b in read["blocks"]] == [b["text"] for b in own["blocks"]]
    for ours, theirs in zip(_words(own), _words(read), strict=True):
        assert ours["text"] == theirs["text"]
        assert theirs["x"] == pytest.approx(ours["x"], abs=0.02)
        assert theirs["y"] == pytest.approx(ours["y"], abs=0.01)
        assert 0.5 < theirs["score"] <= 1
        assert "score" not in ours


def test_a_scan_gives_the_same_bytes_again(bench, monkeypatch):
    picture = bench.document(encoded(scan(TEXT)), "a.png", "image/png")
    first = said(bench.do("text_tree", picture))
    ocr._load_engine.cache_clear()
    assert said(bench.do("text_tree", picture)) == first


def test_nothing_is_fetched_from_the_net(bench, monkeypatch):
    ocr._load_engine.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    monkeypatch.setattr(socket, "getaddrinfo", pytest.fail)
    picture = bench.document(encoded(scan("Hello")), "a.png", "image/png")
    assert said(bench.do("text", picture)) == "Hello"


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_an_image_is_turned_upright(bench, angle):
    upright = scan(TEXT).crop((0, 0, 1000, 700))
    wrong = ocr.rotate(upright, -angle % 360)
    (made,) = bench.do("autorotate", bench.document(encoded(wrong), "a.png", "image/png"))
    assert made.rotation_angle == angle
    with Image.open(made.path) as image:
        assert image.tobytes() == upright.tobytes()


def test_turning_a_jpeg_gives_a_jpeg_and_keeps_its_page(bench):
    wrong = ocr.rotate(scan(TEXT), 90)
    page = bench.document(encoded(wrong, "JPEG"), "a-page-2.jpg", "image/jpeg", page=2)
    (made,) = bench.do("autorotate", page)
    assert (made.filename, made.mime_type, made.page) == ("a-page-2.jpg", "image/jpeg", 2)
    assert made.rotation_angle == 270


def test_an_image_without_text_stays_as_it_is(bench):
    (made,) = bench.do("autorotate", bench.document(encoded(framed()), "a.png", "image/png"))
    assert made.rotation_angle == 0


@pytest.mark.parametrize("output_type", ["text", "text_tree", "autorotate"])
def test_a_missing_extra_is_reported_with_what_to_install(bench, monkeypatch, output_type):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    told = []
    for mime_type in ("image/png", None):
        with pytest.raises(UnusableDocuments, match=r"pip install 'leia_nb\[ocr\]'") as caught:
            bench.do(output_type, bench.document(encoded(framed()), "a.png", mime_type))
        told.append(str(caught.value))
    assert all("(a.png)" in text for text in told)


def test_a_rapidocr_without_models_is_not_left_to_fetch_them(bench, monkeypatch, tmp_path):
    monkeypatch.setattr("rapidocr.__file__", str(tmp_path / "__init__.py"))
    ocr._load_engine.cache_clear()
    with pytest.raises(UnusableDocuments, match="lacks the model"):
        bench.do("text", bench.document(encoded(framed()), "a.png", "image/png"))


def test_a_scanned_pdf_without_the_extra(bench, monkeypatch):
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    scanned = bench.document(pdf_of_images(scan("Hi")), "scan.pdf", "application/pdf")
    with pytest.raises(UnusableDocuments, match=r"Page 0 of .*scan.pdf.* contains no text"):
        bench.do("text", scanned)


def _words(page):
    return [w for b in page["blocks"] for line in b["lines"] for w in line["words"]]
