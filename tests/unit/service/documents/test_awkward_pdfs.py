"""Fillable PDFs that inherit, hide or damage what a page needs."""

import itertools

import numpy as np
import pytest

from leia_nb.service.documents import pdf
from leia_nb.service.documents.base import InputDocument

RESOURCES = b"/Resources<</Font<</F1 5 0 R>>/XObject<</Im1 9 0 R>>>>"
INHERITABLE = {
    "Resources": RESOURCES,
    "MediaBox": b"/MediaBox[0 0 400 800]",
    "CropBox": b"/CropBox[0 100 400 800]",
    "Rotate": b"/Rotate 90",
}
GRID = [
    names for count in range(5) for names in itertools.combinations(INHERITABLE, count)
]  # every subset of what a page may inherit


def serialize(objects):
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    size = len(objects) + 1
    xref = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return out + xref + table + trailer % (size, len(out))


def stream(data, entries=b""):
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def fillable(inherited=(), flags=4, text=b"0102030405"):
    """Return a form with a font of its own encoding, a black picture and a field."""
    above = b"".join(INHERITABLE[name] for name in inherited)
    own = b"".join(value for name, value in INHERITABLE.items() if name not in inherited)
    helvetica = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(total)/V(12.50)/DA(/Helv 12 Tf 0 g)"
        b"/Rect[200 720 300 740]/F %d/P 3 0 R/AP<</N 6 0 R>>>>"
    )
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</Helv 8 0 R>>>>"
    image = (
        b"/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    return serialize(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]/DA(/Helv 12 Tf 0 g)"
            b"/DR<</Font<</Helv 8 0 R>>>>>>>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]" + above + b">>",
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[7 0 R]" + own + b">>",
            stream(b"q 200 0 0 60 50 650 cm /Im1 Do Q BT /F1 24 Tf 50 720 Td <%s> Tj ET" % text),
            helvetica + b"/Encoding<</Type/Encoding/Differences[1/T/o/t/a/l]>>>>",
            stream(b"/Tx BMC BT /Helv 12 Tf 2 5 Td (12.50) Tj ET EMC", form),
            field % flags,
            helvetica + b">>",
            stream(bytes(100), image),
        ]
    )


@pytest.fixture
def opened(tmp_path):
    def open_(data):
        path = tmp_path / "form.pdf"
        path.write_bytes(data)
        return pdf.open_pdf(InputDocument("d1", path, path.name, "application/pdf"))

    return open_


def dark_pixels(image):
    return int((np.asarray(image.convert("L")) < 128).sum())


@pytest.mark.parametrize("inherited", GRID, ids="-".join)
def test_a_page_may_inherit_everything(opened, inherited):
    with opened(fillable()) as own:
        expected = own.size(0), [line.text for line in own.lines(0)], own.image(0)
    with opened(fillable(inherited)) as form:
        assert form.text(0).split() == ["Total", "12.50"]
        assert (form.size(0), [line.text for line in form.lines(0)]) == expected[:2]
        assert form.image(0).tobytes() == expected[2].tobytes()
        assert dark_pixels(form.image(0)) > 50_000
        assert form.size(0) == (700.0, 400.0)


@pytest.mark.parametrize(("flags", "is_visible"), [(4, True), (0, True), (2, False), (32, False)])
def test_fields_that_are_not_for_viewing_are_left_out(opened, flags, is_visible):
    with opened(fillable(flags=flags)) as form:
        assert ("12.50" in form.text(0)) == is_visible


@pytest.mark.parametrize("code", [0x110000, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_code_beyond_unicode_is_replaced(code):
    assert (pdf.character(code), pdf.character(0x10FFFF)) == ("\ufffd", "\U0010ffff")


def test_every_page_of_a_form_is_read_more_than_once(opened):
    with opened(fillable(["Resources"])) as form:
        assert [form.text(0) for _ in range(3)] == ["Total\n12.50"] * 3


def test_an_unforeseen_error_names_document_and_page(opened, monkeypatch):
    monkeypatch.setattr(pdf, "clean", lambda text: 1 / 0)
    with opened(fillable()) as form, pytest.raises(ZeroDivisionError) as caught:
        form.text(0)
    assert caught.value.__notes__ == ["page 0"]
