"""Reading documents: images of any mode, and text from plain text and PDFs."""

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
_HEAD = 1024
_UNSAFE_FORMATS = ("EPS",)  # Pillow reads it by running Ghostscript
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
        Whether to return RGB instead of grayscale (L).

    Returns
    -------
    PIL.Image.Image
        Rotated according to its EXIF data; transparent areas are white.

    Raises
    ------
    UnreadableDocument
        If it is not an image, is damaged, or is larger than Pillow's limit.
    """
    from PIL import Image, ImageOps

    with (
        image_errors(document),
        Image.open(document.path, formats=image_formats()) as source,
    ):
        source.load()
        return flatten(ImageOps.exif_transpose(source), "RGB" if color else "L")


@contextmanager
def image_errors(document: InputDocument) -> Iterator[None]:
    """Raise `UnreadableDocument` for whatever Pillow raises; do nothing but reading inside."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (UnreadableDocument, MemoryError):
        raise
    except FileNotFoundError:
        raise UnreadableDocument.missing(document) from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        problem = f"has more than {Image.MAX_IMAGE_PIXELS or 0:,} pixels, the limit for images"
        raise UnreadableDocument(document, problem, "Upload a smaller image.") from None
    except UnidentifiedImageError:
        advice = "Upload a PNG, JPEG, TIFF, WebP or another image that Pillow reads."
        raise UnreadableDocument(document, "is not a supported image", advice) from None
    except Exception as error:
        problem = f"is a damaged image ({type(error).__name__}: {error})"
        raise UnreadableDocument(document, problem, "Upload an undamaged copy.") from None


def image_formats() -> list[str]:
    """Return the image formats that Pillow reads without running other programs."""
    from PIL import Image

    Image.init()
    return [name for name in Image.OPEN if name not in _UNSAFE_FORMATS]


def is_image(document: InputDocument) -> bool:
    """Return whether a document starts like an image; nothing is decoded."""
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


def is_pdf(head: bytes) -> bool:
    """Return whether a file that starts with these bytes is a PDF."""
    return b"%PDF-" in head[:_HEAD]


def read_head(document: InputDocument, length: int = _HEAD) -> bytes:
    """Return at most `length` bytes from the start of a document."""
    try:
        with document.path.open("rb") as file:
            return file.read(length)
    except FileNotFoundError:
        raise UnreadableDocument.missing(document) from None


def read_plain_text(document: InputDocument) -> str:
    """Return the whole text of a text document, perhaps empty, with line feeds as line ends."""
    data = read_head(document, MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        problem = f"has more than {MAX_TEXT_BYTES >> 20} MiB of text, the limit for one document"
        raise UnreadableDocument(document, problem, "Upload it in parts.")
    return _decode(document, data).replace("\r\n", "\n").replace("\r", "\n")


def read_text(document: InputDocument) -> str:
    """Read the text of a text document, or of a PDF that contains text.

    Parameters
    ----------
    document : InputDocument
        The document; a PDF is recognized by its contents.

    Returns
    -------
    str
        The text, decoded as UTF-8, UTF-16 or UTF-32 according to its byte order mark, else as
        UTF-8, else as Windows-1252. At most the first 32 MiB of a text document, and the pages
        of a PDF up to 32 Mi characters.

    Raises
    ------
    UnreadableDocument
        If it is a damaged or password-protected PDF, is binary, or contains no text.
    """
    data = read_head(document, MAX_TEXT_BYTES)
    if is_pdf(data):
        return _pdf_text(document)
    text = _decode(document, data)
    if not text.strip():
        raise BlankDocument(document, "contains no text")
    return text


def flatten(image: Image, mode: str) -> Image:
    """Convert an image of any mode to ``"L"`` or ``"RGB"``, on white."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        image = _to_eight_bits(image)
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert(mode)


def _to_eight_bits(image: Image) -> Image:
    """Scale 16 bits, 32 bits or floats to 0..255 without clipping."""
    import numpy as np
    from PIL import Image

    values = np.nan_to_num(np.asarray(image, dtype=np.float64))
    top = 65535.0 if image.mode.startswith("I;16") else max(255.0, float(values.max(initial=0)))
    scaled = np.clip(values / top * 255, 0, 255).round().astype(np.uint8)
    return Image.fromarray(scaled)


def _decode(document: InputDocument, data: bytes) -> str:
    encoding = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    if encoding:
        text = data.decode(encoding, errors="replace")
    else:
        try:
            # Incremental, because the data may end within a character.
            text = codecs.getincrementaldecoder("utf-8")().decode(data)
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        advice = "Upload plain text, or a PDF that contains text."
        raise UnreadableDocument(document, "is binary, not text", advice)
    return text


def _pdf_text(document: InputDocument) -> str:
    pages: list[str] = []
    length = 0
    with pdf.open_pdf(document) as opened:
        for number in range(len(opened)):
            pages.append(opened.text(number))
            length += len(pages[-1])
            if length > MAX_TEXT_BYTES:
                break
    text = "\n".join(pages)
    if not text.strip():
        problem = "is a PDF that contains no text, probably a scan"
        advice = "Extract its text with the transform `text`, or upload a PDF with a text layer."
        raise UnreadableDocument(document, problem, advice)
    return text
