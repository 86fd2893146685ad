"""Documents page by page: pages of a PDF, frames of an image or a video."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leia_nb.service.documents import image_frames, pdf, video
from leia_nb.service.documents.base import InputDocument
from leia_nb.service.documents.document_types import DocumentType

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PAGES_OF_TEXT = 10_000


def page_images(
    document: InputDocument, document_type: DocumentType, image_slice: str | None
) -> Iterator[tuple[int, Image]]:
    """Yield number and RGB image of the selected pages or frames."""
    if document_type is DocumentType.PDF:
        for number, opened in pdf_pages(document, image_slice, image_frames.MOST_SELECTED):
            yield number, opened.image(number)
    else:
        module = video if document_type is DocumentType.VIDEO else image_frames
        yield from module.frames(document, image_slice)


def pdf_pages(
    document: InputDocument, image_slice: str | None, most: int = MOST_PAGES_OF_TEXT
) -> Iterator[tuple[int, pdf.Pdf]]:
    """Yield the numbers of the selected pages, with the open PDF."""
    with pdf.open_pdf(document) as opened:
        for number in image_frames.select(document, image_slice, len(opened), "pages", most):
            yield number, opened


def page_number(document: InputDocument, number: int) -> int:
    """Return the page's number in the original: the document's own if it is itself a page."""
    return number if document.page is None else document.page
