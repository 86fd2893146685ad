"""The transforms that read: `text` and `text_tree`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from leia_nb.enums import TransformType
from leia_nb.service.documents import ocr, pdf
from leia_nb.service.documents.base import BlankDocument, InputDocument
from leia_nb.service.documents.kinds import Kind, found
from leia_nb.service.documents.layout import Line, rows_text
from leia_nb.service.documents.pages import page_number, pdf_pages, pictures
from leia_nb.service.documents.readers import read_plain_text
from leia_nb.service.transforms import text_tree
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.output_files import Output, named
from leia_nb.service.transforms.parameters import ToTextParameters


class ToText(Transform):
    """The text of a document as UTF-8: a PDF's own, else what OCR reads."""

    name = TransformType.TEXT
    reads = (Kind.PDF, Kind.IMAGE, Kind.TEXT)
    needs_ocr = (Kind.IMAGE,)
    parameters: ClassVar = ToTextParameters
    advice = "Make images of a video's frames first, with the transform `image`."

    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Keep one text; its pages are joined by a newline."""
        kind = found(document, self.reads)
        if kind is Kind.TEXT:
            pages = iter([_own(document)])
        else:
            pages = _texts(document, kind, parameters.image_slice)
        parts = ("\n" * (n > 0) + page for n, page in enumerate(pages))
        output.text(parts, named(document, ".txt"), document)


class ToTextTree(Transform):
    """The text of a document with the place of every word, as JSON."""

    name = TransformType.TEXT_TREE
    reads = (Kind.PDF, Kind.IMAGE)
    needs_ocr = (Kind.IMAGE,)
    parameters: ClassVar = ToTextParameters
    advice = "A text has no layout; a video's frames have one once `image` has made them images."

    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Keep one JSON document with all pages; one of them is in memory at a time."""
        kind = found(document, self.reads)
        pages = _trees(document, kind, parameters.image_slice)
        output.text(_json(pages), named(document, ".json"), document)


def _own(document: InputDocument) -> str:
    text = read_plain_text(document)
    if not text.strip():
        raise BlankDocument(document, "carries no text", "Leave it out.")
    return text


def _texts(document: InputDocument, kind: Kind, image_slice: str | None) -> Iterator[str]:
    if kind is Kind.PDF:
        for number, opened in pdf_pages(document, image_slice):
            text = opened.text(number)
            yield text if text.strip() else rows_text(_scan(document, opened, number))
        return
    for _, image in pictures(document, kind, image_slice):
        yield rows_text(ocr.read_lines(image, f"Reading {document.label}"))


def _trees(
    document: InputDocument, kind: Kind, image_slice: str | None
) -> Iterator[dict[str, Any]]:
    if kind is Kind.PDF:
        for number, opened in pdf_pages(document, image_slice):
            own = opened.lines(number)
            lines = own or _scan(document, opened, number)
            is_read = bool(lines) and not own
            yield text_tree.page(number, opened.size(number), "pt", lines, is_read=is_read)
        return
    for number, image in pictures(document, kind, image_slice):
        lines = ocr.read_lines(image, f"Reading {document.label}")
        page = page_number(document, number)
        yield text_tree.page(page, image.size, "px", lines, is_read=True)


def _scan(document: InputDocument, opened: pdf.Pdf, number: int) -> list[Line]:
    what = f"Page {number} of {document.label} carries no text; reading it"
    return ocr.read_lines(opened.image(number), what)


def _json(pages: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield '{"pages": ['
    for position, page in enumerate(pages):
        yield ",\n" * (position > 0) + json.dumps(page, ensure_ascii=False)
    yield "]}\n"
