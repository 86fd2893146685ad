"""The transforms to images and videos: `image`, `trim`, `autorotate` and `transcode`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from leia_nb.enums import TransformType
from leia_nb.service.documents import ocr, video
from leia_nb.service.documents.base import InputDocument
from leia_nb.service.documents.document_types import DocumentType, detect_type
from leia_nb.service.documents.foreground import foreground_box
from leia_nb.service.documents.image_frames import first_frame
from leia_nb.service.documents.pages import page_images, page_number
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.output_files import Output, output_name
from leia_nb.service.transforms.parameters import ImageParameters, ToImagesParameters

if TYPE_CHECKING:
    from PIL.Image import Image

_PAGES_FIRST = "Convert the pages of a PDF to images first, with the transform `image`."
_LOSSLESS = 100


class ToImages(Transform):
    """One JPEG per page of a PDF, frame of an animated image, or frame of a video."""

    name = TransformType.IMAGE
    input_types = (DocumentType.PDF, DocumentType.IMAGE, DocumentType.VIDEO)
    parameters: ClassVar = ToImagesParameters
    makes_several = True
    advice = "Only documents with pages or frames can be converted to images."

    def convert(
        self, document: InputDocument, parameters: ToImagesParameters, output: Output
    ) -> None:
        """Write one image per page or frame; only one is in memory at a time."""
        document_type = detect_type(document, self.input_types)
        for number, image in page_images(document, document_type, parameters.image_slice):
            page = page_number(document, number)
            name = output_name(document, ".jpg", f"page-{number}")
            output.image(image, name, document, parameters.output_quality, page=page)


class Trim(Transform):
    """An image without its white borders; of several frames the first."""

    name = TransformType.TRIM
    input_types = (DocumentType.IMAGE,)
    parameters: ClassVar = ImageParameters
    advice = _PAGES_FIRST

    def convert(self, document: InputDocument, parameters: ImageParameters, output: Output) -> None:
        """Write one image: a JPEG of a JPEG, otherwise a PNG."""
        detect_type(document, self.input_types)
        name = output_name(document, _suffix(document))
        output.image(trim(first_frame(document)), name, document, parameters.output_quality)


class Autorotate(Transform):
    """An image rotated so that its text is upright; of several frames the first."""

    name = TransformType.AUTOROTATE
    input_types = (DocumentType.IMAGE,)
    requires_ocr = (DocumentType.IMAGE,)
    parameters: ClassVar = ImageParameters
    advice = _PAGES_FIRST

    def convert(self, document: InputDocument, parameters: ImageParameters, output: Output) -> None:
        """Write one image, a JPEG of a JPEG, otherwise a PNG, with its rotation angle."""
        detect_type(document, self.input_types)
        image = first_frame(document)
        angle = ocr.upright_angle(image, f"Rotating {document.label}")
        name = output_name(document, _suffix(document))
        quality = parameters.output_quality
        output.image(ocr.rotate(image, angle), name, document, quality, rotation_angle=angle)


class Transcode(Transform):
    """An image of any format as JPEG or PNG, a video as WebM."""

    name = TransformType.TRANSCODE
    input_types = (DocumentType.IMAGE, DocumentType.VIDEO)
    parameters: ClassVar = ImageParameters
    advice = "Use `image` for images of the pages of a PDF, `text` for its text."

    def convert(self, document: InputDocument, parameters: ImageParameters, output: Output) -> None:
        """Write one file: a PNG if the image is transparent or the quality is 100."""
        if detect_type(document, self.input_types) is DocumentType.VIDEO:
            path = output.next_path(".webm")
            video.write_webm(document, path)
            output.add(path, output_name(document, ".webm"), "video/webm", document)
            return
        quality = parameters.output_quality
        image = first_frame(document, transparent=True)
        suffix = ".png" if image.mode == "RGBA" or quality == _LOSSLESS else ".jpg"
        output.image(image, output_name(document, suffix), document, quality)


def trim(image: Image) -> Image:
    """Return an RGB image without its white borders; unchanged if it is all white."""
    box = foreground_box(image)
    return image.crop(box) if box else image


def _suffix(document: InputDocument) -> str:
    return ".jpg" if document.mime_type == "image/jpeg" else ".png"
