"""Documents page by page: pages of a PDF, frames of an image or a video."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leia_nb.service.documents import image_frames, pdf, video
from leia_nb.service.documents.base import InputDocument
from leia_nb.service.documents.kinds import Kind

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PAGES_OF_TEXT = 10_000


def pictures(
    document: InputDocument, kind: Kind, image_slice: str | None
) -> Iterator[tuple[int, Image]]:
    """Yield the pages or frames that are picked, as RGB images, with their numbers."""
    if kind is Kind.PDF:
        return _pdf_pictures(document, image_slice)
    read = video.frames if kind is Kind.VIDEO else image_frames.frames
    return read(document, image_slice)


def pdf_pages(document: InputDocument, image_slice: str | None) -> Iterator[tuple[int, pdf.Pdf]]:
    """Yield the numbers of the pages that are picked, with the open PDF; at most 10,000."""
    with pdf.opened(document) as opened:
        numbers = image_frames.picked(
            document, image_slice, len(opened), "pages", MOST_PAGES_OF_TEXT
        )
        for number in numbers:
            yield number, opened


def page_number(document: InputDocument, number: int) -> int:
    """Return the page's number in its original: the document's own if it is a page itself."""
    return number if document.page is None else document.page


def _pdf_pictures(document: InputDocument, image_slice: str | None) -> Iterator[tuple[int, Image]]:
    with pdf.opened(document) as opened:
        for number in image_frames.picked(document, image_slice, len(opened), "pages"):
            yield number, opened.image(number)
