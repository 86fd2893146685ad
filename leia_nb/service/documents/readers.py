"""Reading documents: images of any mode, and text from plain text and PDFs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from leia_nb.service.documents import pdf
from leia_nb.service.documents.base import (
    BlankDocument,
    InputDocument,
    UnreadableDocument,
    named_in_errors,
)
from leia_nb.service.documents.encodings import decode

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_TEXT_BYTES = 32 << 20
_WHITE = 255
_SIXTEEN_BITS = 65_535
_HEAD = 1024
_UNSAFE_FORMATS = ("EPS",)  # Pillow reads it by running Ghostscript


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
    from PIL import ImageOps

    with image_errors(document), open_image(document.path) as source:
        source.load()
        return flatten(ImageOps.exif_transpose(source), "RGB" if color else "L")


@contextmanager
def open_image(path: Path) -> Iterator[Image]:
    """Open an image, in any format that Pillow reads without running other programs."""
    from PIL import Image

    # Pillow maps some images into memory if it gets a path, and then transposes them wrongly.
    with path.open("rb") as file, Image.open(file, formats=image_formats()) as image:
        yield image


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
    from PIL import UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open_image(document.path):
                return True
    except UnidentifiedImageError:
        return False
    except Exception:
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
    return decode(document, data).replace("\r\n", "\n").replace("\r", "\n")


def read_text(document: InputDocument) -> str:
    """Read the text of a text document, or of a PDF that contains text.

    Parameters
    ----------
    document : InputDocument
        The document; a PDF is recognized by its contents.

    Returns
    -------
    str
        The text, decoded according to its byte order mark, else as UTF-8, else in the encoding
        that fits it best. At most the first 32 MiB of a text document, and the pages
        of a PDF up to 32 Mi characters.

    Raises
    ------
    UnreadableDocument
        If it is a damaged or password-protected PDF, is binary, or contains no text.
    """
    with named_in_errors(document):
        data = read_head(document, MAX_TEXT_BYTES)
        text = _pdf_text(document) if is_pdf(data) else decode(document, data)
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
    """Scale integers of more than 8 bits, or floats, to 0..255 without clipping."""
    import numpy as np
    from PIL import Image

    values = np.asarray(image, dtype=np.float64)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    values = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    low, high = _scale(low, high, is_float=image.mode.startswith("F"))
    return Image.fromarray(((values - low) / (high - low) * 255).round().astype(np.uint8))


def _scale(low: float, high: float, *, is_float: bool) -> tuple[float, float]:
    """Return the values of black and white in an image whose values have this range.

    Integers of up to 16 bits have as many as their largest value needs: scanners store 12 in 16.
    Other integers and floats have no usual range but 0 to 255, so their own counts.

    Examples
    --------
    >>> _scale(0, 4000, is_float=False), _scale(-1, 0.5, is_float=True)
    ((0, 4095), (-1, 0.5))
    """
    if is_float and not (low >= 0 and 1 < high <= _WHITE):
        return (low, high) if low < high else (min(low, 0.0), max(high, 1.0))
    if high > _SIXTEEN_BITS:
        return min(low, 0.0), high
    return min(low, 0.0), max(_WHITE, 2 ** int(max(high, 0.0)).bit_length() - 1)


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
