"""The transform `trim`: cut white borders off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from leia_nb.service.modules.base import InputDocument
from leia_nb.service.modules.frames import frames
from leia_nb.service.modules.transforms.base import Transform
from leia_nb.service.modules.transforms.kinds import Kind, found
from leia_nb.service.modules.transforms.output import Output, named
from leia_nb.service.modules.transforms.parameters import OUTPUT_QUALITY

if TYPE_CHECKING:
    from PIL.Image import Image

WHITE_FROM = 230
_ALONE = 255 // 9 + 1


class Trim(Transform):
    """An image without its white borders; of several frames the first."""

    name = "trim"
    reads = (Kind.IMAGE,)
    parameters: ClassVar = (OUTPUT_QUALITY,)
    advice = "Make images of a PDF's pages first, with the transform `image`."

    def make(self, document: InputDocument, parameters: Mapping[str, Any], output: Output) -> None:
        """Keep one image: JPEG if it was JPEG, else PNG."""
        found(document, self.reads)
        for _, image in frames(document, "0"):
            ending = ending_of(document)
            trimmed = trim(image)
            output.image(trimmed, named(document, ending), document, parameters["output_quality"])


def trim(image: Image) -> Image:
    """Return an image without its white borders.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.

    Returns
    -------
    PIL.Image.Image
        Cut to what is darker than 230 of 255; a dark pixel that stands alone is taken
        for dust. The whole image if it is all white.
    """
    box = _ink(image).getbbox()
    return image.crop(box) if box else image


def _ink(image: Image) -> Image:
    from PIL import ImageChops, ImageFilter

    dark = image.convert("L").point(lambda shade: 255 if shade < WHITE_FROM else 0)
    in_company = dark.filter(ImageFilter.BoxBlur(1)).point(lambda s: 255 if s > _ALONE else 0)
    return ImageChops.darker(dark, in_company)


def ending_of(document: InputDocument) -> str:
    """Return the ending of an image that is kept as it is: JPEG stays JPEG, else PNG."""
    return ".jpg" if document.mime_type == "image/jpeg" else ".png"
