"""Reading where the words of a document stand: plain text, a PDF, or a text tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leia_nb.service.documents import pdf
from leia_nb.service.documents.base import BlankDocument, InputDocument
from leia_nb.service.documents.readers import read_text
from leia_nb.service.trainers.extraction.text_pieces import (
    Pieces,
    Placed,
    of_places,
    of_text,
    require_words,
)
from leia_nb.service.trainers.extraction.text_tree import read_tree

_MOST_CHARACTERS = 200_000


def read_pieces(document: InputDocument, pages: int) -> Pieces:
    """Read where the words of a document stand.

    Parameters
    ----------
    document : InputDocument
        Plain text, a PDF that carries text, or the JSON of the transform `text_tree`;
        which of them it is, is told by its content.
    pages : int
        How many pages to read, from the first.

    Returns
    -------
    Pieces
        At least one row.

    Raises
    ------
    UnreadableDocument
        If it is damaged, locked, binary, or carries no text.
    """
    if is_pdf(document):
        with pdf.opened(document) as opened:
            numbers = range(min(pages, len(opened)))
            words = [word for number in numbers for word in _page(opened, number)]
        return require_words(document, of_places(words))
    text = read_text(document)
    tree = read_tree(text)
    if tree is None:
        return require_words(document, of_text(text))
    if not tree:
        raise BlankDocument(document, "carries no words", "Leave it out.")
    first = sorted({word.page for word in tree})[:pages]
    return of_places(word for word in tree if word.page in first)


def is_pdf(document: InputDocument) -> bool:
    """Tell by its first bytes whether a document is a PDF; False if it is gone."""
    try:
        with document.path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except FileNotFoundError:
        return False


def _page(opened: pdf.Pdf, number: int) -> Iterator[Placed]:
    with opened.page(number) as page:
        width, height = page.get_size()
        text_page = page.get_textpage()
        try:
            words = list(_words(text_page))
        finally:
            text_page.close()
    for text, left, bottom, right, top in words:
        unit = (top - bottom) * 0.8 / max(width, 1)
        yield Placed(
            text, number, left / max(width, 1), right / max(width, 1),
            1 - top / max(height, 1), 1 - bottom / max(height, 1), unit,
        )  # fmt: skip


def _words(text_page: Any) -> Iterator[tuple[str, float, float, float, float]]:
    """Yield words with their boxes in points, as PDF counts them: from the lower left."""
    from pypdfium2 import raw

    text: list[str] = []
    boxes: list[Any] = []
    count = min(text_page.count_chars(), _MOST_CHARACTERS)
    for index in range(count + 1):
        code = raw.FPDFText_GetUnicode(text_page, index) if index < count else 0x20
        sign = pdf.plain(chr(code)) if 0 < code <= 0x10FFFF else ""
        if not sign or not sign.isspace():
            box = text_page.get_charbox(index, loose=True) if sign else None
            if box is not None and _goes_on(boxes, box):
                text.append(sign)
                boxes.append(box)
                continue
            if not sign:
                continue
        if text:
            yield _word(text, boxes)
        text, boxes = ([], []) if sign.isspace() else ([sign], [box])


def _goes_on(boxes: list[Any], box: Any) -> bool:
    """Tell whether a character stands right after the ones before."""
    if not boxes:
        return True
    _, bottom, right, top = boxes[-1]
    near = -0.5 < (box[0] - right) / max(top - bottom, 0.1) < 0.5
    return bool(near and box[1] < top and box[3] > bottom)


def _word(text: list[str], boxes: list[Any]) -> tuple[str, float, float, float, float]:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return "".join(text), min(lefts), min(bottoms), max(rights), max(tops)
