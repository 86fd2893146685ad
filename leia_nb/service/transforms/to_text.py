"""The transforms that extract text: `text` and `text_tree`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from leia_nb.enums import TransformType
from leia_nb.service.documents import ocr, pdf
from leia_nb.service.documents.base import BlankDocument, InputDocument, add_note
from leia_nb.service.documents.document_types import DocumentType, detect_type
from leia_nb.service.documents.layout import Block, Line, Word, group_blocks, rows_text
from leia_nb.service.documents.pages import page_images, page_number, pdf_pages
from leia_nb.service.documents.readers import read_plain_text
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.output_files import Output, output_name
from leia_nb.service.transforms.parameters import ToTextParameters

_DIGITS = 5


class ToText(Transform):
    """The text of a document as UTF-8: a PDF's own, otherwise recognized by OCR."""

    name = TransformType.TEXT
    input_types = (DocumentType.PDF, DocumentType.IMAGE, DocumentType.TEXT)
    requires_ocr = (DocumentType.IMAGE,)
    parameters: ClassVar = ToTextParameters
    advice = "Convert the frames of a video to images first, with the transform `image`."

    def convert(
        self, document: InputDocument, parameters: ToTextParameters, output: Output
    ) -> None:
        """Write one text, with the pages joined by newlines."""
        document_type = detect_type(document, self.input_types)
        if document_type is DocumentType.TEXT:
            pages = iter([_own_text(document)])
        else:
            pages = _page_texts(document, document_type, parameters)
        parts = ("\n" * (n > 0) + page for n, page in enumerate(pages))
        output.text(parts, output_name(document, ".txt"), document)


class ToTextTree(Transform):
    """The text of a document with the position of every word, as JSON."""

    name = TransformType.TEXT_TREE
    input_types = (DocumentType.PDF, DocumentType.IMAGE)
    requires_ocr = (DocumentType.IMAGE,)
    parameters: ClassVar = ToTextParameters
    advice = (
        "Text files have no layout; convert the frames of a video to images first, with the "
        "transform `image`."
    )

    def convert(
        self, document: InputDocument, parameters: ToTextParameters, output: Output
    ) -> None:
        """Write one JSON document with all pages; only one is in memory at a time."""
        document_type = detect_type(document, self.input_types)
        pages = _page_trees(document, document_type, parameters)
        output.text(_json(pages), output_name(document, ".json"), document)


def _own_text(document: InputDocument) -> str:
    text = read_plain_text(document)
    if not text.strip():
        raise BlankDocument(document, "contains no text")
    return text


def _page_texts(
    document: InputDocument, document_type: DocumentType, parameters: ToTextParameters
) -> Iterator[str]:
    if document_type is DocumentType.PDF:
        for number, opened in pdf_pages(document, parameters.image_slice):
            scanned = _scanned_lines(document, opened, number, parameters)
            yield opened.text(number) if scanned is None else rows_text(scanned)
        return
    for _, image in page_images(document, document_type, parameters.image_slice):
        yield rows_text(ocr.read_lines(image, f"Reading {document.label}"))


def _page_trees(
    document: InputDocument, document_type: DocumentType, parameters: ToTextParameters
) -> Iterator[dict[str, Any]]:
    if document_type is DocumentType.PDF:
        for number, opened in pdf_pages(document, parameters.image_slice):
            scanned = _scanned_lines(document, opened, number, parameters)
            lines = opened.lines(number) if scanned is None else scanned
            yield page_tree(number, opened.size(number), "pt", lines, is_scan=bool(scanned))
        return
    for number, image in page_images(document, document_type, parameters.image_slice):
        lines = ocr.read_lines(image, f"Reading {document.label}")
        yield page_tree(page_number(document, number), image.size, "px", lines, is_scan=True)


def _scanned_lines(
    document: InputDocument, opened: pdf.Pdf, number: int, parameters: ToTextParameters
) -> list[Line] | None:
    """Return the lines that OCR recognizes on a page; None if the page's own text is to be used."""
    if parameters.ocr == "never":
        return None
    flaw = opened.flaw_of_text(number)
    if parameters.ocr == "auto" and flaw is None:
        return None
    page = f"Page {number} of {document.label}"
    has_text = flaw is not pdf.TextFlaw.MISSING
    if parameters.ocr == "auto" and has_text and not ocr.is_installed():
        add_note(f"{page} {flaw}; install leia_nb[ocr] where the service runs to read it by OCR.")
        return None
    return ocr.read_lines(opened.image(number), f"{page} {flaw or 'is set to OCR'}; reading it")


def _json(pages: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield '{"pages": ['
    for position, page in enumerate(pages):
        yield ",\n" * (position > 0) + json.dumps(page, ensure_ascii=False)
    yield "]}\n"


def page_tree(
    number: int, size: tuple[float, float], unit: str, lines: Sequence[Line], *, is_scan: bool
) -> dict[str, Any]:
    """Return a page of a text tree; docs/service.md describes the format."""
    width, height = size
    return {
        "page": number,
        "width": round(width, 2),
        "height": round(height, 2),
        "unit": unit,
        "source": "ocr" if is_scan else "pdf",
        "blocks": [_block(block) for block in group_blocks(lines)],
    }


def _block(block: Block) -> dict[str, Any]:
    lines = [{**_word(line), "words": [*map(_word, line.words)]} for line in block.lines]
    return {**block.box.rounded(_DIGITS), "text": block.text, "lines": lines}


def _word(word: Word) -> dict[str, Any]:
    members = {**word.box.rounded(_DIGITS), "text": word.text}
    return members if word.score is None else {**members, "score": word.score}
