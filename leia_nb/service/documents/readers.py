"""Reading documents: images of any mode, and text out of plain text and of PDFs."""

from __future__ import annotations

import codecs
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leia_nb.service.documents import pdf
from leia_nb.service.documents.base import BlankDocument, InputDocument, UnreadableDocument

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
    with image_faults(document):
        return _open_image(document, "RGB" if color else "L")


@contextmanager
def image_faults(document: InputDocument) -> Iterator[None]:
    """Turn what Pillow raises over an image into words; do nothing but reading inside.

    Raises
    ------
    UnreadableDocument
        If it is no image, is damaged, is larger than Pillow's limit, or is gone.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (UnreadableDocument, MemoryError):
        raise
    except FileNotFoundError:
        raise UnreadableDocument.gone(document) from None
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


def is_image(document: InputDocument) -> bool:
    """Tell whether a document looks like an image; nothing is decoded."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.open(document.path, formats=image_formats()).close()
    except UnidentifiedImageError:
        return False
    except Exception:
        return True
    return True


def opening(document: InputDocument, length: int) -> bytes:
    """Return the first bytes of a document.

    Parameters
    ----------
    document : InputDocument
        The document.
    length : int
        How many bytes at most.

    Raises
    ------
    UnreadableDocument
        If it is gone.
    """
    try:
        with document.path.open("rb") as file:
            return file.read(length)
    except FileNotFoundError:
        raise UnreadableDocument.gone(document) from None


def read_plain_text(document: InputDocument) -> str:
    """Read a text document whole.

    Parameters
    ----------
    document : InputDocument
        The document, in one of the encodings that `read_text` knows.

    Returns
    -------
    str
        Its text, perhaps empty; lines end with a line feed.

    Raises
    ------
    UnreadableDocument
        If it is binary, larger than 32 MiB, or gone.
    """
    data = opening(document, MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        why = f"has more than {MAX_TEXT_BYTES >> 20} MiB of text, too much to be read at once"
        raise UnreadableDocument(document, why, "Upload it in parts, or leave it out.")
    text = _unless_binary(document, _decode(data))
    return text.replace("\r\n", "\n").replace("\r", "\n")


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
    data = opening(document, MAX_TEXT_BYTES)
    if b"%PDF-" in data[:1024]:
        return _pdf_text(document)
    text = _unless_binary(document, _decode(data))
    if not text.strip():
        raise BlankDocument(document, "carries no text", "Leave it out.")
    return text


def _open_image(document: InputDocument, mode: str) -> Image:
    from PIL import Image, ImageOps

    with Image.open(document.path, formats=image_formats()) as source:
        source.load()
        return flat(ImageOps.exif_transpose(source), mode)


def flat(image: Image, mode: str) -> Image:
    """Return an image of any mode in another one, ``"L"`` or ``"RGB"``, on white."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert(mode)


def _unless_binary(document: InputDocument, text: str) -> str:
    if "\0" in text:
        advice = "Upload plain text or a PDF that carries text, or leave it out."
        raise UnreadableDocument(document, "is binary and no text", advice)
    return text


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
    with pdf.opened(document) as opened:
        text = _pages_text(opened)
    if not text.strip():
        why = "is a PDF that carries no text, probably a scan"
        advice = (
            "Make its text with the transform `text`, upload a PDF with a text layer, "
            "or leave it out."
        )
        raise UnreadableDocument(document, why, advice)
    return text


def _pages_text(opened: pdf.Pdf) -> str:
    pages: list[str] = []
    length = 0
    for number in range(len(opened)):
        pages.append(opened.text(number))
        length += len(pages[-1])
        if length > MAX_TEXT_BYTES:
            break
    return "\n".join(pages)
