"""Frames of animated images, pages of TIFFs: one after another, whichever are picked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from leia_nb.api import page_range
from leia_nb.service.documents.base import InputDocument, UnreadableDocument
from leia_nb.service.documents.readers import flat, image_faults, image_formats

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 50_000_000
MOST_SIDE = 65_000
MOST_PICKED = 1_000
_WITH_FRAMES = ("AVIF", "GIF", "PNG", "TIFF", "WEBP")


def frames(document: InputDocument, image_slice: str | None) -> Iterator[tuple[int, Image]]:
    """Read the frames of an image, one at a time.

    Parameters
    ----------
    document : InputDocument
        An image; of GIF, PNG, TIFF, WebP and AVIF all frames count, of others the first.
    image_slice : str or None
        Which ones, e.g. ``"0,2:5,::10"``; None means all.

    Yields
    ------
    (int, PIL.Image.Image)
        The frame's number, counted from 0 and ascending; the frame, upright, RGB.

    Raises
    ------
    UnreadableDocument
        If it is no image, damaged, has more than 50 million pixels or more frames than
        may be picked at once, or if `image_slice` picks none.
    """
    from PIL import Image

    with image_faults(document):
        source = Image.open(document.path, formats=image_formats())
    with closing(source):
        with image_faults(document):
            total = getattr(source, "n_frames", 1) if source.format in _WITH_FRAMES else 1
        for number in picked(document, image_slice, total, "frames"):
            with image_faults(document):
                frame = _frame(document, source, number)
            yield number, frame


def first(document: InputDocument, *, transparent: bool = False) -> Image:
    """Read the first frame of an image.

    Parameters
    ----------
    document : InputDocument
        An image.
    transparent : bool
        Whether an image with transparency stays so (RGBA), or comes on white, the default.

    Returns
    -------
    PIL.Image.Image
        Upright as its EXIF data say; RGB or RGBA.

    Raises
    ------
    UnreadableDocument
        As `frames` raises it.
    """
    from PIL import Image

    with image_faults(document), Image.open(document.path, formats=image_formats()) as source:
        return _frame(document, source, 0, transparent=transparent)


def picked(
    document: InputDocument,
    image_slice: str | None,
    total: int,
    what: str,
    most: int = MOST_PICKED,
) -> list[int]:
    """Return the numbers that an `image_slice` picks.

    Parameters
    ----------
    document : InputDocument
        The document, for messages.
    image_slice : str or None
        Which ones; None means all.
    total : int
        How many there are.
    what : str
        What there is so many of, for messages.
    most : int
        How many may be picked, 1,000 by default.

    Returns
    -------
    list of int
        Ascending, at least one, each once.

    Raises
    ------
    UnreadableDocument
        If none is picked, or more than `most`.
    """
    parts = page_range.parse(image_slice or ":")
    number = sum(len(range(total)[p]) if isinstance(p, slice) else 1 for p in parts)
    if number > most:
        why = f"has {total:,} {what}, and {number:,} of them are asked for"
        advice = f"Pick at most {most:,} with image_slice, e.g. ':{most}' or '::100'."
        raise UnreadableDocument(document, why, advice)
    numbers = sorted(page_range.select(image_slice or ":", total))
    if not numbers:
        why = f"has {total:,} {what}, and image_slice {image_slice!r} picks none of them"
        raise UnreadableDocument(document, why, f"Pick from 0 to {total - 1}.")
    return numbers


def check_size(document: InputDocument, width: int, height: int) -> None:
    """Raise `UnreadableDocument` if an image is larger than is read here."""
    if width * height > MOST_PIXELS:
        why = f"has {width:,} × {height:,} pixels, more than {MOST_PIXELS:,}"
    elif max(width, height) > MOST_SIDE:
        why = f"has {width:,} × {height:,} pixels, a side longer than {MOST_SIDE:,}"
    else:
        return
    raise UnreadableDocument(document, why, "Upload it smaller, or leave it out.")


def _frame(
    document: InputDocument, source: Image, number: int, *, transparent: bool = False
) -> Image:
    from PIL import ImageOps

    check_size(document, *source.size)
    source.seek(number)
    check_size(document, *source.size)
    source.load()
    upright = ImageOps.exif_transpose(source)
    if transparent and upright.has_transparency_data:
        return upright.convert("RGBA")
    return flat(upright, "RGB")
