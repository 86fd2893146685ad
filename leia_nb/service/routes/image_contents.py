"""Scaling down and recompressing the image that a document contains."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.documents.readers import open_image

if TYPE_CHECKING:
    from PIL import Image

_KEPT_FORMATS = {"PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"}
_MAX_PIXELS = 50_000_000


def convert_image(
    file: Path, label: str, max_size: int | None, jpeg_compression: int | None
) -> bytes | None:
    """Return an image scaled down or as JPEG, upright; None if the file itself will do.

    `max_size` is the longest side in pixels, `jpeg_compression` a quality in percent.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with open_image(file) as image:
                if image.width * image.height > _MAX_PIXELS:
                    raise _unreadable(label, f"it has more than {_MAX_PIXELS:,} pixels")
                if jpeg_compression is None and max(image.size) <= (max_size or max(image.size)):
                    return None
                return _encode(image, max_size, jpeg_compression)
    except ApiError:
        raise
    except FileNotFoundError:
        raise _unreadable(label, "it was deleted meanwhile") from None
    except UnidentifiedImageError:
        raise _unreadable(label, "its image format is not supported") from None
    except Image.DecompressionBombError:
        raise _unreadable(label, f"it has more than {_MAX_PIXELS:,} pixels") from None
    except Exception as error:  # Pillow raises many kinds of exceptions for damaged files
        why = f"it is damaged ({type(error).__name__})"
        raise _unreadable(label, why) from None


def _encode(image: Image.Image, max_size: int | None, jpeg_compression: int | None) -> bytes:
    from PIL import ImageOps

    image_format = image.format if image.format in _KEPT_FORMATS else "PNG"
    ImageOps.exif_transpose(image, in_place=True)
    if max_size is not None:
        image.thumbnail((max_size, max_size))
    out = io.BytesIO()
    if jpeg_compression is None:
        image.save(out, format=image_format)
    else:
        _on_white(image).save(out, format="JPEG", quality=jpeg_compression)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image if image.mode == "RGBA" else image.convert("RGBA")
    background = Image.new("RGB", layer.size, "white")
    background.paste(layer, mask=layer.getchannel("A"))
    return background


def _unreadable(label: str, why: str) -> ApiError:
    return bad(
        "unusable_documents",
        f"The image of {label} cannot be read: {why}. Request the contents without max_size "
        "and jpeg_compression to get the file as it is.",
    )
