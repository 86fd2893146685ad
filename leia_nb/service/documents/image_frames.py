"""Frames of animated images and pages of TIFFs, read one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from leia_nb.api import page_range
from leia_nb.service.documents.base import InputDocument, UnreadableDocument
from leia_nb.service.documents.readers import flatten, image_errors, open_image

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 50_000_000
MOST_SIDE = 65_000
MOST_SELECTED = 1_000
_MULTI_FRAME_FORMATS = ("AVIF", "GIF", "PNG", "TIFF", "WEBP")


def frames(document: InputDocument, image_slice: str | None) -> Iterator[tuple[int, Image]]:
    """Yield number and contents (RGB, upright) of the selected frames, in ascending order."""
    with ExitStack() as stack:
        with image_errors(document):
            source = stack.enter_context(open_image(document.path))
            total = getattr(source, "n_frames", 1) if source.format in _MULTI_FRAME_FORMATS else 1
        for number in select(document, image_slice, total, "frames"):
            with image_errors(document):
                frame = _frame(document, source, number)
            yield number, frame


def first_frame(document: InputDocument, *, transparent: bool = False) -> Image:
    """Return the first frame, upright: RGB, or RGBA if it is transparent and may stay so."""
    with image_errors(document), open_image(document.path) as source:
        return _frame(document, source, 0, transparent=transparent)


def select(
    document: InputDocument,
    image_slice: str | None,
    total: int,
    unit: str,
    most: int = MOST_SELECTED,
) -> list[int]:
    """Return the selected ones of `total` numbers, ascending; `unit` is their plural noun.

    Raises `UnreadableDocument` if none or more than `most` are selected.
    """
    parts = page_range.parse(image_slice or ":")
    # Counted first: the list itself could be too long for the memory.
    number = sum(len(range(total)[p]) if isinstance(p, slice) else 1 for p in parts)
    if number > most:
        problem = f"has {total:,} {unit}, of which {number:,} are selected; the limit is {most:,}"
        advice = f"Select fewer with image_slice, e.g. ':{most}' or '::100'."
        raise UnreadableDocument(document, problem, advice)
    numbers = sorted(page_range.select(image_slice or ":", total))
    if not numbers:
        problem = f"has {total:,} {unit}, and image_slice {image_slice!r} selects none of them"
        raise UnreadableDocument(document, problem, f"Select from 0 to {total - 1}.")
    return numbers


def check_size(document: InputDocument, width: int, height: int) -> None:
    """Raise `UnreadableDocument` if an image is too large."""
    if width * height > MOST_PIXELS:
        limit = f"{MOST_PIXELS:,} pixels"
    elif max(width, height) > MOST_SIDE:
        limit = f"{MOST_SIDE:,} pixels per side"
    else:
        return
    problem = f"has {width:,} × {height:,} pixels, more than the limit of {limit}"
    raise UnreadableDocument(document, problem, "Upload a smaller version, or leave it out.")


def _frame(
    document: InputDocument, source: Image, number: int, *, transparent: bool = False
) -> Image:
    from PIL import ImageOps

    check_size(document, *source.size)
    # Other formats, such as PSD and SPIDER, count their frames from 1.
    if number != source.tell() and source.format in _MULTI_FRAME_FORMATS:
        source.seek(number)
    check_size(document, *source.size)
    source.load()
    upright = ImageOps.exif_transpose(source)
    if transparent and upright.has_transparency_data:
        return upright.convert("RGBA")
    return flatten(upright, "RGB")
