"""Foreground and background of an image: where it is not white."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    Box = tuple[int, int, int, int]

WHITE_FROM = 230
_SINGLE_PIXEL = 255 // 9 + 1


def foreground_box(image: Image) -> Box | None:
    """Return left, top, right and bottom of what is not white, in pixels; None if all is white."""
    return _foreground(image).getbbox()


def foreground_bands(image: Image, gap: int) -> list[Box]:
    """Return the boxes of what is separated by at least `gap` white rows, from top to bottom."""
    mask = _foreground(image)
    boxes: list[Box] = []
    for top, bottom in _runs(mask.getprojection()[1], gap):
        left, _, right, _ = mask.crop((0, top, mask.width, bottom)).getbbox() or (
            0, 0, mask.width, 0,
        )  # fmt: skip
        boxes.append((left, top, right, bottom))
    return boxes


def _foreground(image: Image) -> Image:
    from PIL import ImageChops, ImageFilter, ImageOps

    dark = image.convert("L").point(lambda shade: 255 if shade < WHITE_FROM else 0)
    # A dark pixel without dark neighbors is dust, not foreground.
    blurred = ImageOps.expand(dark, 1, 0).filter(ImageFilter.BoxBlur(1))
    grouped = blurred.point(lambda share: 255 if share > _SINGLE_PIXEL else 0)
    return ImageChops.darker(dark, ImageOps.crop(grouped, 1))


def _runs(rows: Sequence[int], gap: int) -> list[tuple[int, int]]:
    """Return start and end of runs of non-empty rows, joined across gaps shorter than `gap`."""
    runs: list[tuple[int, int]] = []
    for number, is_filled in enumerate(rows):
        if not is_filled:
            continue
        if runs and number - runs[-1][1] < gap:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs
