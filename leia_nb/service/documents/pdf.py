"""Reading PDFs page by page: their pictures and their own text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from leia_nb.service.documents import pdf_characters
from leia_nb.service.documents.base import InputDocument, UnreadableDocument
from leia_nb.service.documents.layout import Line
from leia_nb.service.documents.memory_limit import bounded

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS_PER_INCH = 150
MOST_PIXELS = 16_000_000
MOST_SIDE = 16_000
MOST_CHARACTERS = 500_000
_POINTS_PER_INCH = 72
_ENDS = 1 << 20


class Pdf:
    """An open PDF.

    Parameters
    ----------
    document : InputDocument
        Whose file it is, for messages.
    opened : pypdfium2.PdfDocument
        The PDF.
    """

    def __init__(self, document: InputDocument, opened: Any) -> None:
        self._document = document
        self._opened = opened

    def __len__(self) -> int:
        """Return how many pages there are."""
        return len(self._opened)

    def text(self, number: int) -> str:
        """Return the text that a page carries itself, ``""`` if none.

        Parameters
        ----------
        number : int
            The page, counted from 0.

        Raises
        ------
        UnreadableDocument
            If the page is damaged.
        """
        with self.page(number) as page:
            text_page = page.get_textpage()
            try:
                return plain(text_page.get_text_bounded())
            finally:
                text_page.close()

    def lines(self, number: int) -> list[Line]:
        """Return the text that a page carries itself, with its places.

        Parameters
        ----------
        number : int
            The page, counted from 0.

        Returns
        -------
        list of Line
            In the order of the PDF; a wide gap ends a line.

        Raises
        ------
        UnreadableDocument
            If the page is damaged, or has more than 500,000 characters.
        """
        with self.page(number) as page:
            text_page = page.get_textpage()
            try:
                if text_page.count_chars() > MOST_CHARACTERS:
                    why = f"has more than {MOST_CHARACTERS:,} characters on page {number}"
                    raise UnreadableDocument(self._document, why, "Leave it out.")
                return pdf_characters.lines(page, text_page)
            finally:
                text_page.close()

    def size(self, number: int) -> tuple[float, float]:
        """Return a page's width and height in points (1/72 inch), as it is seen."""
        with self.page(number) as page:
            width, height = page.get_size()
        return float(width), float(height)

    def image(self, number: int) -> Image:
        """Return a page as it looks, at 150 dots per inch.

        A page of more than 16 million pixels (about DIN A1) is drawn coarser.

        Parameters
        ----------
        number : int
            The page, counted from 0.

        Returns
        -------
        PIL.Image.Image
            RGB.

        Raises
        ------
        UnreadableDocument
            If the page is damaged, or has no area.
        """
        with self.page(number) as page:
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                why = f"has a page without an area (page {number})"
                raise UnreadableDocument(self._document, why, "Leave it out.")
            bitmap = page.render(scale=scale_of(width, height))
            try:
                image: Image = bitmap.to_pil().convert("RGB")
                return image
            finally:
                bitmap.close()

    def _load(self, number: int) -> Any:
        page = self._opened[number]
        if self._opened.formenv is None:
            return page
        page.flatten()
        page.close()
        return self._opened[number]

    @contextmanager
    def page(self, number: int) -> Iterator[Any]:
        """Open one page and close it again; fields of a form are part of it.

        Raises
        ------
        UnreadableDocument
            If the page, or what is done with it meanwhile, shows that it is damaged.
        """
        import pypdfium2

        try:
            page = self._load(number)
            try:
                yield page
            finally:
                page.close()
        except pypdfium2.PdfiumError as broken:
            why = f"is a damaged PDF (page {number}: {broken})"
            advice = "Upload it again undamaged, or leave it out."
            raise UnreadableDocument(self._document, why, advice) from None


@contextmanager
def opened(document: InputDocument) -> Iterator[Pdf]:
    """Open a PDF and close it again; meanwhile memory is bounded.

    Parameters
    ----------
    document : InputDocument
        The PDF.

    Yields
    ------
    Pdf
        It has at least one page.

    Raises
    ------
    UnreadableDocument
        If it is damaged, locked by a password, has no pages, or is gone.
    """
    with bounded():
        file = _open(document)
        try:
            file.init_forms()
            if not len(file):
                raise UnreadableDocument(document, "is a PDF without pages", "Leave it out.")
            yield Pdf(document, file)
        finally:
            file.close()


def scale_of(width: float, height: float) -> float:
    """Return by how much a page is enlarged when it is drawn.

    Parameters
    ----------
    width, height : float
        The page's size in points (1/72 inch).

    Returns
    -------
    float
        Pixels per point: 150 / 72, less if the page is very large.

    Examples
    --------
    >>> round(scale_of(595, 842), 3), round(scale_of(5950, 8420), 3)
    (2.083, 0.565)
    """
    usual = DOTS_PER_INCH / _POINTS_PER_INCH
    by_area = math.sqrt(MOST_PIXELS / max(width * height, 1))
    return min(usual, by_area, MOST_SIDE / max(width, height, 1))


def plain(text: str) -> str:
    r"""Return a PDF's text with usual line ends and hyphens.

    Examples
    --------
    >>> plain("docu\ufffe\r\nment\0")
    'docu-\nment'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\ufffe", "-").replace("\x02", "-").replace("\0", "")


def _open(document: InputDocument) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(document.path)
    except FileNotFoundError:
        raise UnreadableDocument.gone(document) from None
    except pypdfium2.PdfiumError as broken:
        if "password" in str(broken).lower() and _is_encrypted(document):
            why = "is a PDF that is locked with a password"
            advice = "Upload it again without a password, or leave it out."
        else:
            why = "is a damaged PDF, or one without pages"
            advice = "Upload it again undamaged, or leave it out."
        raise UnreadableDocument(document, why, advice) from None


def _is_encrypted(document: InputDocument) -> bool:
    """Look for the mark of encryption: PDFium may repeat what it said of another file."""
    with document.path.open("rb") as file:
        head = file.read(_ENDS)
        file.seek(max(0, document.path.stat().st_size - _ENDS))
        return b"/Encrypt" in head or b"/Encrypt" in file.read()
