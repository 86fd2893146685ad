"""Reading documents: images of any mode, and text out of plain text and PDFs."""

from __future__ import annotations

import codecs
import warnings
from collections.abc import Sized
from typing import TYPE_CHECKING

from leia_nb.service.modules.base import InputDocument, UnreadableDocument

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_TEXT_BYTES = 32 << 20
_REFUSED_FORMATS = ("EPS",)  # Pillow reads it by running Ghostscript
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GONE = "is gone, deleted or expired before the job could read it"


def read_image(document: InputDocument, *, color: bool) -> Image:
    """Read an image of any size and mode; of several frames the first.

    Parameters
    ----------
    document : InputDocument
        The image.
    color : bool
        Whether the result is RGB, or grey (L).

    Returns
    -------
    PIL.Image.Image
        Upright as its EXIF data say; what is transparent is white.

    Raises
    ------
    UnreadableDocument
        If it is no image, is damaged, or is larger than Pillow's limit.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _open_image(document, "RGB" if color else "L")
    except FileNotFoundError:
        raise UnreadableDocument(document, _GONE, "Upload it again.") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        why = f"has more than {Image.MAX_IMAGE_PIXELS or 0:,} pixels, too many to be read safely"
        raise UnreadableDocument(document, why, "Upload it smaller.") from None
    except UnidentifiedImageError:
        advice = (
            "Upload a PNG, JPEG, TIFF, WebP or another image that Pillow reads, or leave it out."
        )
        raise UnreadableDocument(document, "is no image", advice) from None
    except Exception as broken:
        why = f"is a damaged image ({type(broken).__name__}: {broken})"
        advice = "Upload it again undamaged, or leave it out."
        raise UnreadableDocument(document, why, advice) from None


def image_formats() -> list[str]:
    """Return the formats that images may have: what Pillow reads without other programs."""
    from PIL import Image

    Image.init()
    return [name for name in Image.OPEN if name not in _REFUSED_FORMATS]


def read_text(document: InputDocument) -> str:
    """Read the text of a text document or of a PDF that carries text.

    Parameters
    ----------
    document : InputDocument
        The document; a PDF is told by its first bytes.

    Returns
    -------
    str
        Its text: UTF-8, UTF-16 or UTF-32 with a byte order mark, else UTF-8, else
        Windows-1252. At most the first 32 MiB of a text document, and of a PDF the
        pages up to 32 Mi characters.

    Raises
    ------
    UnreadableDocument
        If it is a damaged or locked PDF, is binary, or carries no text.
    """
    try:
        with document.path.open("rb") as file:
            data = file.read(MAX_TEXT_BYTES)
    except FileNotFoundError:
        raise UnreadableDocument(document, _GONE, "Upload it again.") from None
    if b"%PDF-" in data[:1024]:
        return _pdf_text(document)
    text = _decode(data)
    if "\0" in text:
        advice = "Upload plain text or a PDF that carries text, or leave it out."
        raise UnreadableDocument(document, "is binary and no text", advice)
    if not text.strip():
        raise UnreadableDocument(document, "carries no text", "Leave it out.")
    return text


def _open_image(document: InputDocument, mode: str) -> Image:
    from PIL import Image, ImageOps

    with Image.open(document.path, formats=image_formats()) as source:
        source.load()
        image = ImageOps.exif_transpose(source)
    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert(mode)


def _eight_bits(image: Image) -> Image:
    """Bring 16 bits, 32 bits or floats to 0..255 without cutting anything off."""
    import numpy as np
    from PIL import Image

    values = np.nan_to_num(np.asarray(image, dtype=np.float64))
    top = 65535.0 if image.mode.startswith("I;16") else max(255.0, float(values.max(initial=0)))
    scaled = np.clip(values / top * 255, 0, 255).round().astype(np.uint8)
    return Image.fromarray(scaled)


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _pdf_text(document: InputDocument) -> str:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(document.path)
    except pypdfium2.PdfiumError as broken:
        why = f"is a damaged or locked PDF ({broken})"
        advice = "Upload it again undamaged and without a password, or leave it out."
        raise UnreadableDocument(document, why, advice) from None
    try:
        text = _pages_text(pdf)
    except pypdfium2.PdfiumError as broken:
        why = f"is a damaged PDF ({broken})"
        raise UnreadableDocument(document, why, "Upload it again, or leave it out.") from None
    finally:
        pdf.close()
    if not text.strip():
        why = "is a PDF that carries no text, probably a scan"
        advice = "Upload its text as a text document, or a PDF with a text layer, or leave it out."
        raise UnreadableDocument(document, why, advice)
    return text


def _pages_text(pdf: Sized) -> str:
    pages: list[str] = []
    length = 0
    for number in range(len(pdf)):
        pages.append(_page_text(pdf, number))
        length += len(pages[-1])
        if length > MAX_TEXT_BYTES:
            break
    return "\n".join(pages)


def _page_text(pdf: object, number: int) -> str:
    page = pdf[number]  # type: ignore[index]
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_bounded())
    finally:
        text_page.close()
        page.close()
