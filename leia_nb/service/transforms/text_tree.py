"""The schema of a `text_tree`: pages, blocks, lines, words, each with its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leia_nb.service.documents.layout import Block, Box, Line, Word, blocks_of

_DIGITS = 5


def page(
    number: int, size: tuple[float, float], unit: str, lines: Sequence[Line], *, is_read: bool
) -> dict[str, Any]:
    """Return a page of a text tree.

    Parameters
    ----------
    number : int
        The page, counted from 0.
    size : (float, float)
        Its width and height.
    unit : str
        Of the size: ``"pt"`` (1/72 inch) or ``"px"``.
    lines : sequence of Line
        What is on it.
    is_read : bool
        Whether OCR read it; else the document says it itself.

    Returns
    -------
    dict
        ``page``, ``width``, ``height``, ``unit``, ``source`` (``"ocr"`` or ``"pdf"``) and
        ``blocks``. Blocks have ``lines``, lines have ``words``; each of the three has
        ``text`` and ``x``, ``y``, ``width``, ``height`` in fractions of the page, from
        its left upper corner; lines and words that OCR read have a ``score``, 0 to 1.

    Examples
    --------
    >>> page(0, (595, 842), "pt", [], is_read=False)["source"]
    'pdf'
    """
    width, height = size
    return {
        "page": number,
        "width": round(width, 2),
        "height": round(height, 2),
        "unit": unit,
        "source": "ocr" if is_read else "pdf",
        "blocks": [_block(block) for block in blocks_of(lines)],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        **_place(block.box),
        "text": block.text,
        "lines": [_line(line) for line in block.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {**_word(line), "words": [_word(word) for word in line.words]}


def _word(one: Word | Line) -> dict[str, Any]:
    said = {**_place(one.box), "text": one.text}
    return said if one.score is None else {**said, "score": one.score}


def _place(box: Box) -> dict[str, float]:
    names = ("x", "y", "width", "height")
    return {name: round(getattr(box, name), _DIGITS) for name in names}
