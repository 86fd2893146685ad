"""A document's contents as asked for: as they are, or an image made smaller."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from leia_nb.service.refusals import Refusal, bad

if TYPE_CHECKING:
    from PIL import Image

_KEPT_FORMATS = {"PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"}
_MOST_PIXELS = 200_000_000


def reduced_image(
    file: Path, label: str, max_size: int | None, jpeg_compression: int | None
) -> bytes | None:
    """Return an image smaller or recompressed.

    Parameters
    ----------
    file : pathlib.Path
        The image.
    label : str
        How to name it in a message.
    max_size : int or None
        The longest side, in pixels; an image is never made larger.
    jpeg_compression : int or None
        Send it as JPEG of this quality, 1 to 100 percent; else it keeps its format.

    Returns
    -------
    bytes or None
        The image, upright; None if the file itself is what was asked for.

    Raises
    ------
    Refusal
        400 ``unusable_documents`` if the image cannot be read.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise _unreadable(label, f"it has more than {_MOST_PIXELS:,} pixels")
                if jpeg_compression is None and max(image.size) <= (max_size or max(image.size)):
                    return None
                return _encode(image, max_size, jpeg_compression)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _unreadable(label, str(error)) from None


def _encode(image: Image.Image, max_size: int | None, jpeg_compression: int | None) -> bytes:
    from PIL import ImageOps

    kept = image.format if image.format in _KEPT_FORMATS else "PNG"
    upright = ImageOps.exif_transpose(image)
    if max_size is not None:
        upright.thumbnail((max_size, max_size))
    out = io.BytesIO()
    if jpeg_compression is None:
        upright.save(out, format=kept)
    else:
        _on_white(upright).save(out, format="JPEG", quality=jpeg_compression)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer).convert("RGB")


def _unreadable(label: str, why: str) -> Refusal:
    return bad(
        "unusable_documents",
        f"The image of {label} cannot be read: {why}. Ask for the contents without max_size "
        "and jpeg_compression to get the file as it is.",
    )
