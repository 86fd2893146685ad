"""Real files to try transforms on, and a bench to try them at."""

import io
from pathlib import Path

import pypdfium2
from fpdf import FPDF
from PIL import Image, ImageDraw

from leia_nb.service import transforms
from leia_nb.service.trainers import InputDocument

LINES = (
    "Invoice No. 2024-0815",
    "The quick brown fox jumps over the lazy dog.",
    "Please pay within 30 days to the account below.",
    "Total amount due: 1,299.00 EUR (incl. 19% VAT)",
    "Contact: info@example.com",
)


class TransformBench:
    """A folder with documents, and transforms of them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.made = 0

    def document(self, data, name="thing.bin", mime_type=None, **columns):
        self.made += 1
        path = self.folder / f"blob-{self.made}"
        path.write_bytes(data)
        return InputDocument(f"{self.made:024x}", path, name, mime_type, **columns)

    def do(self, output_type, *documents, **given):
        self.made += 1
        parameters = transforms.read_parameters(output_type, given)
        transforms.check(output_type, documents)
        return transforms.run(output_type, documents, parameters, self.folder / f"{self.made}")

    def again(self, made, **columns):
        """Return what was made as a document to go on with."""
        columns.setdefault("page", made.page)
        return self.document(made.path.read_bytes(), made.filename, made.mime_type, **columns)


def pdf(*pages, size=12, **options):
    """Return a PDF with these texts, one page each; None is an empty page."""
    paper = FPDF(**options)
    paper.set_font("Helvetica", size=size)
    for text in pages:
        paper.add_page()
        for line in (text or "").splitlines():
            paper.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def scan(text, dots_per_inch=150, **options):
    """Return a text as an image of a page."""
    opened = pypdfium2.PdfDocument(pdf(text, **options))
    image = opened[0].render(scale=dots_per_inch / 72).to_pil().convert("RGB")
    opened.close()
    return image


def pdf_of_images(*images):
    paper = FPDF()
    for image in images:
        paper.add_page()
        paper.image(image, x=0, y=0, w=paper.w)
    return bytes(paper.output())


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def animation(kind, shades, size=(12, 8)):
    frames = [Image.new("RGB", size, (shade,) * 3) for shade in shades]
    return encoded(
        frames[0], kind, save_all=True, append_images=frames[1:], **_LOSSLESS.get(kind, {})
    )


def framed(size=(100, 80), box=(20, 10, 70, 50), background="white"):
    """Return an image with a dark rectangle; both ends of the box are inside it."""
    image = Image.new("RGB", size, background)
    ImageDraw.Draw(image).rectangle(box, fill=(40, 40, 40))
    return image


def form(value):
    """Return a PDF with a form field that is filled in, and nothing else."""
    look = b"0 0 0 rg 0 0 100 9 re f BT /F 12 Tf 5 40 Td (%b) Tj ET" % value.encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Annots[4 0 R]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Ada)/F 4/Rect[50 50 150 150]"
        b"/AP<</N 5 0 R>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</Font<</F<</Type/Font"
        b"/Subtype/Type1/BaseFont/Helvetica>>>>>>/Length %d>>\nstream\n%b\nendstream"
        % (len(look), look),
    ]
    body = b"%PDF-1.7\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 6\n0000000000 65535 f \n%b"
        b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(body))
    )


_LOSSLESS = {"WEBP": {"lossless": True}}
