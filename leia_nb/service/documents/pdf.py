"""Reading PDFs page by page, as images and as text, with a limit on memory."""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.service.documents.base import InputDocument, UnreadableDocument, named_in_errors
from leia_nb.service.documents.layout import Box, Line, Word, bounding_box, split_row

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS_PER_INCH = 150
MOST_PIXELS = 16_000_000
MOST_SIDE = 16_000
MOST_CHARACTERS = 500_000
MOST_MEMORY = 4 << 30
_POINTS_PER_INCH = 72
_ENDS = 1 << 20
_STEPS = 1_000_000
_MOST_SAMPLED = 10_000
_LONGEST_STAMP = 200  # characters
_MOSTLY = 0.5
_HIDDEN_FLAGS = 0x02 | 0x20  # Hidden, NoView
_HYPHENS = ("\ufffe", "\x02")


class TextFlaw(StrEnum):
    """Why the text of a page does not tell what a reader sees; a clause without subject."""

    MISSING = "contains no text"
    PICTURE = "is mostly a picture"
    UNMAPPED = "has a text whose characters are mostly unknown"


class Pdf:
    """An open PDF; its methods raise `UnreadableDocument` if a page is damaged."""

    def __init__(self, document: InputDocument, opened: Any) -> None:
        self._document = document
        self._opened = opened

    def __len__(self) -> int:
        return len(self._opened)

    def text(self, number: int) -> str:
        """Return the text of a page; empty if it has none."""
        with self.page_text(number) as (_, text_page):
            return clean(text_page.get_text_bounded())

    def lines(self, number: int) -> list[Line]:
        """Return the text of a page with its positions, in the order of the PDF."""
        with self.page_text(number) as (page, text_page):
            if text_page.count_chars() > MOST_CHARACTERS:
                problem = f"has more than {MOST_CHARACTERS:,} characters on page {number}"
                raise UnreadableDocument(self._document, problem)
            return _lines(page, text_page)

    def flaw_of_text(self, number: int) -> TextFlaw | None:
        """Return why the text of a page does not tell what a reader sees, if it does not."""
        with self.page_text(number) as (page, text_page):
            return _flaw(page, text_page)

    def size(self, number: int) -> tuple[float, float]:
        """Return width and height of a page as displayed, in points (1/72 inch)."""
        with self._page(number) as page:
            width, height = page.get_size()
        return float(width), float(height)

    def image(self, number: int) -> Image:
        """Return a page as an RGB image at 150 dots per inch; fewer if it is very large."""
        with self._page(number) as page:
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                problem = f"has a page with a width or height of 0 (page {number})"
                raise UnreadableDocument(self._document, problem)
            bitmap = page.render(scale=scale_of(width, height))
            try:
                image: Image = bitmap.to_pil().convert("RGB")
                return image
            finally:
                bitmap.close()

    @contextmanager
    def page_text(self, number: int) -> Iterator[tuple[Any, Any]]:
        """Open a page together with its text."""
        with self._page(number) as page:
            text_page = page.get_textpage()
            try:
                yield page, text_page
            finally:
                text_page.close()

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        import pypdfium2

        try:
            page = self._load(number)
            try:
                yield page
            finally:
                page.close()
                if page.pdf is not self._opened:
                    page.pdf.close()
        except pypdfium2.PdfiumError as error:
            problem = f"is a damaged PDF (page {number}: {error})"
            raise UnreadableDocument(self._document, problem, _UPLOAD_UNDAMAGED) from None
        except UnreadableDocument:
            raise
        except Exception as error:
            error.add_note(f"page {number}")
            raise

    def _load(self, number: int) -> Any:
        if self._opened.formenv is None:
            return self._opened[number]
        return _flattened(self._opened, number)


_UPLOAD_UNDAMAGED = "Upload an undamaged copy, or leave it out."


@contextmanager
def open_pdf(document: InputDocument) -> Iterator[Pdf]:
    """Open a PDF of at least one page, with a limit on memory.

    Raises `UnreadableDocument` if it is damaged, password-protected, empty, or deleted.
    """
    with limited_memory():
        file = _open(document)
        try:
            file.init_forms()
            if not len(file):
                raise UnreadableDocument(document, "is a PDF without pages")
            with named_in_errors(document):
                yield Pdf(document, file)
        finally:
            file.close()


@contextmanager
def limited_memory(most: int = MOST_MEMORY) -> Iterator[None]:
    """Limit the additional address space of this process, in bytes; only on Linux.

    Python raises `MemoryError` at the limit. A library in C may end the process, which ends one
    worker and not the machine.
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    requested = pages * resource.getpagesize() + most
    lowest = min(limit for limit in (requested, soft, hard) if limit != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (lowest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def scale_of(width: float, height: float) -> float:
    """Return the pixels per point at which a page is rendered: 150 / 72, fewer if it is large.

    Examples
    --------
    >>> round(scale_of(595, 842), 3), round(scale_of(5950, 8420), 3)
    (2.083, 0.565)
    """
    usual = DOTS_PER_INCH / _POINTS_PER_INCH
    by_area = math.sqrt(MOST_PIXELS / max(width * height, 1))
    return min(usual, by_area, MOST_SIDE / max(width, height, 1))


def clean(text: str) -> str:
    r"""Return the text of a PDF with line feeds as line ends and ordinary hyphens.

    Examples
    --------
    >>> clean("docu\ufffe\r\nment\0")
    'docu-\nment'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\ufffe", "-").replace("\x02", "-").replace("\0", "")


def _flattened(opened: Any, number: int) -> Any:
    """Return a copy of a page with the visible fields of its form as part of the page."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    opened[number].close()  # loading it makes the missing appearances of its fields
    # PDFium loses what a page inherits when it flattens it. The copy of a page inherits nothing.
    copy = pypdfium2.PdfDocument.new()
    copy.import_pages(opened, [number])
    page = copy[0]
    for index in reversed(range(pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        is_hidden = pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN_FLAGS
        pdfium.FPDFPage_CloseAnnot(annotation)
        if is_hidden:
            pdfium.FPDFPage_RemoveAnnot(page, index)
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return copy[0]


def _open(document: InputDocument) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(document.path)
    except FileNotFoundError:
        raise UnreadableDocument.missing(document) from None
    except pypdfium2.PdfiumError as error:
        problem, advice = "is a damaged PDF, or one without pages", _UPLOAD_UNDAMAGED
        if "password" in str(error).lower() and _is_encrypted(document):
            problem = "is a password-protected PDF"
            advice = "Upload it without a password, or leave it out."
        raise UnreadableDocument(document, problem, advice) from None


def _is_encrypted(document: InputDocument) -> bool:
    # PDFium may repeat the error of another file, so the mark of encryption is searched.
    with document.path.open("rb") as file:
        head = file.read(_ENDS)
        file.seek(max(0, document.path.stat().st_size - _ENDS))
        return b"/Encrypt" in head or b"/Encrypt" in file.read()


def character(code: int) -> str:
    """Return the character of a code, U+FFFD if it is beyond Unicode, as in damaged PDFs."""
    return chr(code) if code <= sys.maxunicode else "\ufffd"


def _flaw(page: Any, text_page: Any) -> TextFlaw | None:
    import pypdfium2.raw as pdfium

    count = min(text_page.count_chars(), _MOST_SAMPLED)
    codes = [(index, pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(count)]
    visible = [index for index, code in codes if not character(code).isspace() and code]
    if not visible:
        return TextFlaw.MISSING
    unmapped = sum(pdfium.FPDFText_HasUnicodeMapError(text_page, i) == 1 for i in visible)
    if unmapped > len(visible) / 2:
        return TextFlaw.UNMAPPED
    is_stamp = len(visible) < _LONGEST_STAMP
    return TextFlaw.PICTURE if is_stamp and _picture_share(page) > _MOSTLY else None


def _picture_share(page: Any) -> float:
    """Return the share of the page that its largest picture covers."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    largest = 0.0
    for picture in pictures:
        left, bottom, right, top = picture.get_bounds()
        largest = max(largest, (right - left) * (top - bottom))
    return largest / max(float(width * height), 1.0)


def _lines(page: Any, text_page: Any) -> list[Line]:
    width, height = page.get_size()
    lines: list[Line] = []
    row: list[Word] = []
    for word in _words(page, text_page):
        if word is not None:
            row.append(word)
            continue
        lines += split_row(row, width / max(height, 1))
        row = []
    return lines + split_row(row, width / max(height, 1))


def _words(page: Any, text_page: Any) -> Iterator[Word | None]:
    """Yield the words, and None where a row ends."""
    import pypdfium2.raw as pdfium

    letters: list[tuple[str, Box | None]] = []
    for index in range(text_page.count_chars()):
        letter = character(pdfium.FPDFText_GetUnicode(text_page, index))
        if letter and not letter.isspace() and letter != "\0":
            letters.append(("-" if letter in _HYPHENS else letter, _box(page, text_page, index)))
            continue
        yield from _word(letters)
        letters = []
        if letter in "\r\n":
            yield None
    yield from _word(letters)


def _word(letters: list[tuple[str, Box | None]]) -> Iterator[Word]:
    boxes = [box for _, box in letters if box is not None]
    if boxes:
        # PDFium gives UTF-16: two surrogates are one letter.
        units = "".join(letter for letter, _ in letters).encode("utf-16-le", "surrogatepass")
        yield Word(units.decode("utf-16-le", "replace"), bounding_box(boxes))


def _box(page: Any, text_page: Any, index: int) -> Box | None:
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
        return None
    corners = _position(page, box.left, box.top), _position(page, box.right, box.bottom)
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(*corners, strict=True))
    return Box(left, top, right - left, bottom - top)


def _position(page: Any, x: float, y: float) -> tuple[float, float]:
    """Return where a point is displayed, in fractions of the page, also if that is rotated."""
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _STEPS, _STEPS, 0, x, y, across, down)
    return _fraction(across.value), _fraction(down.value)


def _fraction(steps: int) -> float:
    return min(max(steps / _STEPS, 0.0), 1.0)
