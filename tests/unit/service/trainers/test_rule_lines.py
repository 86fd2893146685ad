"""Rule lines of a page: what touches them is also a separate candidate."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from leia_nb.service.documents.layout import Box
from leia_nb.service.trainers.extraction.regions import (
    PageImage,
    candidates,
    overlap,
    remove_rule_lines,
)

SIZE = (420, 560)
LOGO = (300, 40, 344, 84)


def _box(left, top, right, bottom):
    return Box(left / SIZE[0], top / SIZE[1], (right - left) / SIZE[0], (bottom - top) / SIZE[1])


def _page(*lines, thick=1, logo="ellipse"):
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    getattr(pen, logo)((LOGO[0], LOGO[1], LOGO[2] - 1, LOGO[3] - 1), fill=(178, 34, 34))
    for line in lines:
        pen.line(line, fill=(90, 90, 90), width=thick)
    return PageImage(image)


def _best(page):
    return max(overlap(_box(*LOGO), box) for box in candidates(page, ()))


@pytest.mark.parametrize("logo", ["ellipse", "rectangle"])
@pytest.mark.parametrize("thick", [1, 2, 3])
@pytest.mark.parametrize(
    "lines",
    [
        [(36, 84, 384, 84)],  # below, touching
        [(36, 62, 384, 62)],  # behind
        [(344, 20, 344, 540)],  # down beside it
        [(36, 84, 384, 84), (344, 20, 344, 540)],
    ],
)
def test_a_logo_that_touches_lines_is_a_part_of_its_own(lines, thick, logo):
    assert _best(_page(*lines, thick=thick, logo=logo)) >= 0.85


def test_connected_regions_remain_candidates():
    page = _page((36, 84, 384, 84))
    whole = _box(36, LOGO[1], 385, 85)
    assert max(overlap(whole, box) for box in candidates(page, ())) >= 0.95


@pytest.mark.parametrize(
    ("rows", "columns", "stays"),
    [
        (slice(50, 52), slice(0, 300), False),
        (slice(0, 300), slice(50, 52), False),
        (slice(50, 56), slice(0, 300), True),
        (slice(50, 52), slice(100, 130), True),
    ],
)
def test_only_what_is_long_and_thin_is_taken_out(rows, columns, stays):
    mask = np.zeros((300, 300), dtype=bool)
    mask[rows, columns] = True
    assert remove_rule_lines(mask).any() == stays


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (500, 1)])
def test_pages_of_any_shape_are_read(shape):
    assert remove_rule_lines(np.ones(shape, dtype=bool)).shape == shape
