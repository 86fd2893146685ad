"""The transforms that make images: `image`, `trim`, `autorotate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from leia_nb.enums import TransformType
from leia_nb.service.documents import ocr
from leia_nb.service.documents.base import InputDocument
from leia_nb.service.documents.foreground import ink_box
from leia_nb.service.documents.image_frames import first
from leia_nb.service.documents.kinds import Kind, found
from leia_nb.service.documents.pages import page_number, pictures
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.output_files import Output, named
from leia_nb.service.transforms.parameters import ImageParameters, ToImagesParameters

if TYPE_CHECKING:
    from PIL.Image import Image

_PAGES_FIRST = "Make images of a PDF's pages first, with the transform `image`."


class ToImages(Transform):
    """One JPEG per page of a PDF, frame of an animated image, or frame of a video."""

    name = TransformType.IMAGE
    reads = (Kind.PDF, Kind.IMAGE, Kind.VIDEO)
    parameters: ClassVar = ToImagesParameters
    makes_several = True
    advice = "A text has no pages to draw."

    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Keep one image per page or frame; one of them is in memory at a time."""
        kind = found(document, self.reads)
        for number, image in pictures(document, kind, parameters.image_slice):
            page = page_number(document, number)
            name = named(document, ".jpg", f"page-{number}")
            output.image(image, name, document, parameters.output_quality, page=page)


class Trim(Transform):
    """An image without its white borders; of several frames the first."""

    name = TransformType.TRIM
    reads = (Kind.IMAGE,)
    parameters: ClassVar = ImageParameters
    advice = _PAGES_FIRST

    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Keep one image: JPEG if it was JPEG, else PNG."""
        found(document, self.reads)
        image = trimmed(first(document))
        name = named(document, ending_of(document))
        output.image(image, name, document, parameters.output_quality)


class Autorotate(Transform):
    """An image turned so that its text is upright; of several frames the first."""

    name = TransformType.AUTOROTATE
    reads = (Kind.IMAGE,)
    needs_ocr = (Kind.IMAGE,)
    parameters: ClassVar = ImageParameters
    advice = _PAGES_FIRST

    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Keep one image, JPEG if it was JPEG, else PNG, and by how much it was turned."""
        found(document, self.reads)
        image = first(document)
        angle = ocr.upright_angle(image, f"Turning {document.label} upright")
        name = named(document, ending_of(document))
        quality = parameters.output_quality
        output.image(ocr.turned(image, angle), name, document, quality, rotation_angle=angle)


def trimmed(image: Image) -> Image:
    """Return an image without its white borders.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.

    Returns
    -------
    PIL.Image.Image
        Cut to what `ink_box` finds; the whole image if it is all white.
    """
    box = ink_box(image)
    return image.crop(box) if box else image


def ending_of(document: InputDocument) -> str:
    """Return the ending of an image that is changed: JPEG stays JPEG, all else is PNG."""
    return ".jpg" if document.mime_type == "image/jpeg" else ".png"
