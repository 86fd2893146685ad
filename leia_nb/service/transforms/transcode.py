"""The transform `transcode`: an image or a video in a common format."""

from __future__ import annotations

from typing import Any, ClassVar

from leia_nb.enums import TransformType
from leia_nb.service.documents import video
from leia_nb.service.documents.base import InputDocument
from leia_nb.service.documents.image_frames import first
from leia_nb.service.documents.kinds import Kind, found
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.output_files import Output, named
from leia_nb.service.transforms.parameters import ImageParameters

_LOSSLESS = 100


class Transcode(Transform):
    """An image as JPEG or PNG, a video as WebM, whatever its format was."""

    name = TransformType.TRANSCODE
    reads = (Kind.IMAGE, Kind.VIDEO)
    parameters: ClassVar = ImageParameters
    advice = "The transform `image` makes images of a PDF, `text` makes its text."

    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Keep one file: PNG of what is transparent or wanted at quality 100, else JPEG."""
        if found(document, self.reads) is Kind.VIDEO:
            path = output.path(".webm")
            video.write_webm(document, path)
            output.add(path, named(document, ".webm"), "video/webm", document)
            return
        quality = parameters.output_quality
        image = first(document, transparent=True)
        ending = ".png" if image.mode == "RGBA" or quality == _LOSSLESS else ".jpg"
        output.image(image, named(document, ending), document, quality)
