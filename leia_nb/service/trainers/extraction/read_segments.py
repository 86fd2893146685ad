"""Reading the segments of a document: plain text, a PDF, or a text tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from leia_nb.service.documents import pdf
from leia_nb.service.documents.base import BlankDocument, InputDocument, UnreadableDocument
from leia_nb.service.documents.readers import is_pdf, read_head, read_text
from leia_nb.service.json_nesting import MOST_LEVELS, is_deeper
from leia_nb.service.trainers.extraction.text_segments import (
    PositionedText,
    SegmentedText,
    segment_text,
    segment_words,
)

_MOST_CHARACTERS = 200_000
_SIDES = ("x", "y", "width", "height")
_FARTHEST = 1e6
_LETTER = 1.8
_SURROGATES = re.compile("[\ud800-\udfff]")


def read_segments(document: InputDocument, pages: int) -> SegmentedText:
    """Return the segments of the first pages, at least one; the contents decide the format.

    Raises `UnreadableDocument` if it is damaged, password-protected, binary, or without text.
    """
    if is_pdf(read_head(document)):
        with pdf.open_pdf(document) as opened:
            numbers = range(min(pages, len(opened)))
            words = [word for number in numbers for word in _pdf_words(opened, number)]
        return _require_words(document, segment_words(words))
    text = read_text(document)
    tree = read_tree(text)
    if tree is None:
        return _require_words(document, segment_text(text))
    if not tree:
        raise BlankDocument(document, "contains no words")
    first = sorted({word.page for word in tree})[:pages]
    return segment_words(word for word in tree if word.page in first)


def read_tree(text: str) -> list[PositionedText] | None:
    """Return the smallest texts of a text tree that have a box; None if it is something else.

    Examples
    --------
    >>> tree = '{"pages": [{"page": 0, "blocks": [{"text": "Hi", "box": %s}]}]}'
    >>> box = '{"x": 0.1, "y": 0.2, "width": 0.1, "height": 0.05}'
    >>> [(word.text, word.page, word.left) for word in read_tree(tree % box)]
    [('Hi', 0, 0.1)]
    >>> read_tree("no tree"), read_tree('{"a": 1}'), read_tree('{"pages": []}')
    (None, None, [])
    """
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if is_deeper(tree, MOST_LEVELS):
        return None
    words = list(_walk(tree, 0))
    is_tree = isinstance(tree, dict) and isinstance(tree.get("pages"), list)
    return words if words or is_tree else None


def _require_words(document: InputDocument, segments: SegmentedText) -> SegmentedText:
    if not segments.rows:
        problem = "contains no text, probably a scan"
        advice = "Recognize its text with the transform text or text_tree first, or leave it out."
        raise UnreadableDocument(document, problem, advice)
    return segments


def _walk(node: Any, page: int) -> Iterator[PositionedText]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, page)
    if not isinstance(node, dict):
        return
    number = node.get("page")
    page = number if isinstance(number, int) else page
    inner = [word for value in node.values() for word in _walk(value, page)]
    yield from inner or _positioned(node, page)


def _positioned(node: dict[str, Any], page: int) -> Iterator[PositionedText]:
    text = node.get("text")
    box = node.get("box") if isinstance(node.get("box"), dict) else node
    sides = [box.get(side) for side in _SIDES] if isinstance(box, dict) else []
    if not isinstance(text, str) or not text.strip():
        return
    if not all(_is_position(side) for side in sides):
        return
    x, y, width, height = (float(side) for side in sides if side is not None)
    valid = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text.strip())
    yield PositionedText(valid, page, x, x + width, y, y + height, width / len(valid) * _LETTER)


def _is_position(side: Any) -> bool:
    return isinstance(side, int | float) and -_FARTHEST <= side <= _FARTHEST  # False for NaN


def _pdf_words(opened: pdf.Pdf, number: int) -> Iterator[PositionedText]:
    with opened.page_text(number) as (page, text_page):
        width, height = (max(side, 1) for side in page.get_size())
        words = list(_words(text_page))
    for text, left, bottom, right, top in words:
        x, x_end, unit = left / width, right / width, (top - bottom) * 0.8 / width
        yield PositionedText(text, number, x, x_end, 1 - top / height, 1 - bottom / height, unit)


def _words(text_page: Any) -> Iterator[tuple[str, float, float, float, float]]:
    """Yield words with left, bottom, right and top, in points from the lower left corner."""
    from pypdfium2 import raw

    text: list[str] = []
    boxes: list[Any] = []
    count = min(text_page.count_chars(), _MOST_CHARACTERS)
    for index in range(count + 1):
        code = raw.FPDFText_GetUnicode(text_page, index) if index < count else 0x20
        sign = pdf.clean(chr(code)) if 0 < code <= 0x10FFFF else ""
        if not sign or not sign.isspace():
            box = text_page.get_charbox(index, loose=True) if sign else None
            if box is not None and _continues(boxes, box):
                text.append(sign)
                boxes.append(box)
                continue
            if not sign:
                continue
        if text:
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            yield "".join(text), min(lefts), min(bottoms), max(rights), max(tops)
        text, boxes = ([], []) if sign.isspace() else ([sign], [box])


def _continues(boxes: list[Any], box: Any) -> bool:
    """Return whether a character directly follows those before it."""
    if not boxes:
        return True
    _, bottom, right, top = boxes[-1]
    is_near = -0.5 < (box[0] - right) / max(top - bottom, 0.1) < 0.5
    return bool(is_near and box[1] < top and box[3] > bottom)
