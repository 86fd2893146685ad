"""From a scan that lies on its side to its text, and what a text tree says, over HTTP."""

import io
import json

import pytest

from .clients import connected


@pytest.fixture(scope="module")
def leia(service):
    with connected(service, "key-of-ada") as leia:
        yield leia


def turned_scan():
    """Return a page of text as an image that lies on its side."""
    import pypdfium2
    from fpdf import FPDF
    from PIL.Image import Transpose

    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=14)
    for line in ("Invoice No. 4711", "Total amount: 12.50 EUR", "Please pay within 30 days."):
        paper.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    opened = pypdfium2.PdfDocument(bytes(paper.output()))
    image = opened[0].render(scale=2).to_pil().convert("L").crop((0, 0, 900, 500))
    opened.close()
    out = io.BytesIO()
    image.transpose(Transpose.ROTATE_90).save(out, "PNG")
    return out.getvalue()


def test_from_a_lying_scan_to_its_text(leia):
    scan = leia.documents.upload(turned_scan(), filename="Scan lying.png", progress=False)
    turning = leia.documents.transform(scan, "autorotate")
    reading = leia.documents.transform(scan, "text", execute_after_id=turning, page_range="0")
    places = leia.documents.transform(scan, "text_tree", execute_after_id=turning, page_range="0")
    upright, text, tree = (job.wait(progress=False) for job in (turning, reading, places))
    assert upright.rotation_angle == 90
    assert leia.documents.contents(text).decode() == (
        "Invoice No. 4711\nTotal amount: 12.50 EUR\nPlease pay within 30 days."
    )
    (page,) = json.loads(leia.documents.contents(tree))["pages"]
    assert (page["source"], page["width"], page["height"]) == ("ocr", 900, 500)
    assert "Invoice No. 4711" in page["blocks"][0]["text"]
    assert {upright.original_id, text.original_id, tree.original_id} == {scan.id}


def test_the_same_scan_gives_the_same_files(leia):
    made = []
    for _ in range(2):
        scan = leia.documents.upload(turned_scan(), filename="Scan again.png", progress=False)
        job = leia.documents.transform(scan, "text_tree")
        made.append(leia.documents.contents(job.wait(progress=False)))
    assert made[0] == made[1]
