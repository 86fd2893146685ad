"""The transform `image`: a picture of each page, each frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from leia_nb.service.modules import pdf
from leia_nb.service.modules.base import InputDocument
from leia_nb.service.modules.frames import frames, picked
from leia_nb.service.modules.transforms.base import Transform
from leia_nb.service.modules.transforms.kinds import Kind, found
from leia_nb.service.modules.transforms.output import Output, named
from leia_nb.service.modules.transforms.parameters import IMAGE_SLICE, OUTPUT_QUALITY

if TYPE_CHECKING:
    from PIL.Image import Image


class ToImages(Transform):
    """One JPEG per page of a PDF, frame of an animated image, or frame of a video."""

    name = "image"
    reads = (Kind.PDF, Kind.IMAGE)
    parameters: ClassVar = (IMAGE_SLICE, OUTPUT_QUALITY)
    makes_several = True
    advice = "A text has no pages to draw."

    def make(self, document: InputDocument, parameters: Mapping[str, Any], output: Output) -> None:
        """Keep one image per page or frame; one page is in memory at a time."""
        for number, image in _pictures(document, parameters["image_slice"], self.reads):
            page = _page(document, number)
            name = named(document, ".jpg", f"page-{number}")
            output.image(image, name, document, parameters["output_quality"], page=page)


def _pictures(
    document: InputDocument, image_slice: str | None, reads: tuple[Kind, ...]
) -> Iterator[tuple[int, Image]]:
    if found(document, reads) is Kind.PDF:
        return _pages(document, image_slice)
    return frames(document, image_slice)


def _pages(document: InputDocument, image_slice: str | None) -> Iterator[tuple[int, Image]]:
    with pdf.opened(document) as opened:
        for number in picked(document, image_slice, len(opened), "pages"):
            yield number, opened.image(number)


def _page(document: InputDocument, number: int) -> int:
    """Return the page's number: that of its original if the document is a page of one."""
    return number if document.page is None else document.page
