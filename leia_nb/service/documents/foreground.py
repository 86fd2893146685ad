"""Where something is on an image, and where it is only white."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    Box = tuple[int, int, int, int]

WHITE_FROM = 230
_ALONE = 255 // 9 + 1


def ink_box(image: Image) -> Box | None:
    """Return the smallest rectangle that holds all that is not white.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.

    Returns
    -------
    (int, int, int, int) or None
        Left, top, right, bottom in pixels, of what is darker than 230 of 255; a dark
        pixel that stands alone is taken for dust. None if all is white.
    """
    return _ink(image).getbbox()


def bands(image: Image, gap: int) -> list[Box]:
    """Return the rectangles of what stands apart, one above the other.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    gap : int
        How many white rows part one band from the next, in pixels.

    Returns
    -------
    list of (int, int, int, int)
        From top to bottom, as `ink_box` tells it; empty if all is white.
    """
    ink = _ink(image)
    found: list[Box] = []
    for top, bottom in _runs(ink.getprojection()[1], gap):
        left, _, right, _ = ink.crop((0, top, ink.width, bottom)).getbbox() or (0, 0, ink.width, 0)
        found.append((left, top, right, bottom))
    return found


def _ink(image: Image) -> Image:
    from PIL import ImageChops, ImageFilter, ImageOps

    dark = image.convert("L").point(lambda shade: 255 if shade < WHITE_FROM else 0)
    around = ImageOps.expand(dark, 1, 0).filter(ImageFilter.BoxBlur(1))
    in_company = around.point(lambda share: 255 if share > _ALONE else 0)
    return ImageChops.darker(dark, ImageOps.crop(in_company, 1))


def _runs(rows: Sequence[int], gap: int) -> list[tuple[int, int]]:
    """Return from where to where rows are not empty; gaps shorter than `gap` count as full."""
    found: list[tuple[int, int]] = []
    for number, is_full in enumerate(rows):
        if not is_full:
            continue
        if found and number - found[-1][1] < gap:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found
