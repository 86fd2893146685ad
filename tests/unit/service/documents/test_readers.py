import io

import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image

from leia_nb.service.documents.readers import read_image, read_text
from leia_nb.service.trainers import InputDocument, UnreadableDocument


@pytest.fixture
def document(tmp_path):
    def make(data, name="thing.bin", mime_type=None):
        path = tmp_path / name
        path.write_bytes(data)
        return InputDocument("65f0c0ffee65f0c0ffee0001", path, name, mime_type)

    return make


def _image(mode, kind="PNG", size=(5, 3), **options):
    buffer = io.BytesIO()
    colors = {"P": 1, "1": 1, "I": 70_000, "F": 0.5, "I;16": 40_000, "LA": (9, 128)}
    Image.new(mode, size, colors.get(mode)).save(buffer, kind, **options)
    return buffer.getvalue()


def pdf(text=None, **options):
    page = FPDF(**options)
    page.add_page()
    if text:
        page.set_font("Helvetica")
        page.cell(text=text)
    return bytes(page.output())


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("1", "PNG"),
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "GIF"),
        ("RGB", "BMP"),
        ("RGBA", "PNG"),
        ("CMYK", "JPEG"),
        ("YCbCr", "TIFF"),
        ("LAB", "TIFF"),
        ("I;16", "PNG"),
        ("I;16", "TIFF"),
        ("I", "TIFF"),
        ("F", "TIFF"),
        ("RGB", "WEBP"),
    ],
)
@pytest.mark.parametrize("color", [False, True])
def test_images_of_any_mode_are_read(document, mode, kind, color):
    image = read_image(document(_image(mode, kind)), color=color)
    assert (image.mode, image.size) == ("RGB" if color else "L", (5, 3))


def test_sixteen_bits_keep_their_shades(document):
    buffer = io.BytesIO()
    Image.fromarray(np.array([[0, 32768, 65535]], dtype=np.uint16)).save(buffer, "PNG")
    image = read_image(document(buffer.getvalue()), color=False)
    assert np.asarray(image).tolist() == [[0, 128, 255]]


def test_what_is_transparent_is_white(document):
    buffer = io.BytesIO()
    Image.new("RGBA", (1, 1), (0, 0, 0, 0)).save(buffer, "PNG")
    assert read_image(document(buffer.getvalue()), color=False).getpixel((0, 0)) == 255


def test_an_image_is_turned_upright(document):
    exif = Image.Exif()
    exif[0x0112] = 6
    data = _image("RGB", "JPEG", exif=exif)
    assert read_image(document(data), color=True).size == (3, 5)


def test_the_first_of_several_frames_counts(document):
    buffer = io.BytesIO()
    frames = [Image.new("L", (2, 2), shade) for shade in (7, 200)]
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    assert read_image(document(buffer.getvalue()), color=False).getpixel((0, 0)) == 7


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"hello", "is not a supported image"),
        (b"", "is not a supported image"),
        (_image("RGB", size=(50, 50))[:-30], "is a damaged image"),
        (_image("RGB", "JPEG", size=(50, 50))[:200], "is (a damaged|no) image"),
    ],
)
def test_an_unreadable_image_is_named(document, data, why):
    with pytest.raises(UnreadableDocument, match=why) as caught:
        read_image(document(data, "scan.png"), color=False)
    assert "document 65f0c0ffee65f0c0ffee0001 (scan.png)" in str(caught.value)
    assert "Upload" in str(caught.value)


def test_postscript_is_not_run(document, monkeypatch):
    monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", pytest.fail)
    data = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 5 5\n%%EndComments\n%%EOF\n"
    with pytest.raises(UnreadableDocument, match="is not a supported image"):
        read_image(document(data, "a.eps"), color=False)


def test_a_long_pdf_is_read_up_to_a_limit(document, monkeypatch):
    monkeypatch.setattr("leia_nb.service.documents.readers.MAX_TEXT_BYTES", 300)
    page = FPDF()
    page.set_font("Helvetica")
    for word in ("first", "second"):
        page.add_page()
        page.multi_cell(0, text=f"{word} " * 100)
    assert set(read_text(document(bytes(page.output()))).split()) == {"first"}


@pytest.mark.parametrize("side", [9_500, 14_000])
def test_a_decompression_bomb_is_refused(document, side):
    data = _image("1", size=(side, side))
    assert len(data) < 100_000
    with pytest.raises(UnreadableDocument, match="the limit for images"):
        read_image(document(data), color=False)


def test_a_document_that_is_gone(document):
    one = document(b"")
    one.path.unlink()
    for read in (lambda: read_image(one, color=False), lambda: read_text(one)):
        with pytest.raises(UnreadableDocument, match="deleted or expired"):
            read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_texts_in_many_encodings(document, encoding):
    assert read_text(document("Müller & Söhne".encode(encoding))) == "Müller & Söhne"


def test_bytes_that_no_encoding_has_are_replaced(document):
    assert "�" in read_text(document(b"caf\xe9 \x81"))


def test_the_text_of_a_pdf(document):
    assert "Invoice 12" in read_text(document(pdf("Invoice 12")))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pdf(), "contains no text, probably a scan"),
        (b"%PDF-1.7 nonsense", "is a damaged PDF"),
        (pdf("words")[:200], "is a damaged PDF"),
        (b"   \n ", "contains no text"),
        (b"", "contains no text"),
        (b"\x00\x01\x02", "is binary, not text"),
    ],
)
def test_an_unreadable_text_is_named(document, data, why):
    with pytest.raises(UnreadableDocument, match=why) as caught:
        read_text(document(data, "letter.pdf"))
    assert "(letter.pdf)" in str(caught.value)


def test_a_locked_pdf(document):
    page = FPDF()
    page.set_encryption(owner_password="a", user_password="b")
    page.add_page()
    with pytest.raises(UnreadableDocument, match="without a password"):
        read_text(document(bytes(page.output())))
