"""A PDF page's own characters, put together to words and lines with their places."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from leia_nb.service.documents.layout import Box, Line, Word, around, lines_of

_STEPS = 1_000_000
_HYPHENS = ("\ufffe", "\x02")


def lines(page: Any, text_page: Any) -> list[Line]:
    """Return a page's own text as lines.

    Parameters
    ----------
    page : pypdfium2.PdfPage
        The page.
    text_page : pypdfium2.PdfTextPage
        Its text.

    Returns
    -------
    list of Line
        In the order of the PDF; a row with a wide gap is several lines.
    """
    width, height = page.get_size()
    found: list[Line] = []
    row: list[Word] = []
    for word in _words(page, text_page):
        if word is None:
            found += lines_of(row, width / max(height, 1))
            row = []
        else:
            row.append(word)
    return found + lines_of(row, width / max(height, 1))


def _words(page: Any, text_page: Any) -> Iterator[Word | None]:
    """Yield the words, and None where a row ends."""
    import pypdfium2.raw as pdfium

    letters: list[tuple[str, Box | None]] = []
    for index in range(text_page.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(text_page, index))
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
        units = "".join(letter for letter, _ in letters).encode("utf-16-le", "surrogatepass")
        yield Word(units.decode("utf-16-le", "replace"), around(boxes))


def _box(page: Any, text_page: Any, index: int) -> Box | None:
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
        return None
    one = _place(page, box.left, box.top)
    other = _place(page, box.right, box.bottom)
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(one, other, strict=True))
    return Box(left, top, right - left, bottom - top)


def _place(page: Any, x: float, y: float) -> tuple[float, float]:
    """Return where a point is seen, in fractions of the page; turned and cut pages too."""
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _STEPS, _STEPS, 0, x, y, across, down)
    return _within(across.value), _within(down.value)


def _within(steps: int) -> float:
    return min(max(steps / _STEPS, 0.0), 1.0)
