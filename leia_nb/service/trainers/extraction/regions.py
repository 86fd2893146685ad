"""Regions of a page that may be a picture, and their features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from leia_nb.service.documents.layout import Box
from leia_nb.service.trainers import image_features

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 560
_REACHES = (0, 1, 2, 4, 7, 12)
_MOST_PER_REACH = 200
_MOST_WINDOWS = 600
_MOST_WINDOWS_PER_PAGE = 3000
_SMALLEST = 5
_BACKGROUND_DISTANCE = 32
_SIDE = 16
_LINE_THICKNESS = 3
_LINE_LENGTH = 40
_LINE_SHARE = 0.15


class PageImage:
    """A reduced RGB page, with what the features of its regions are computed from."""

    def __init__(self, image: Image) -> None:
        import numpy as np
        from PIL.Image import Resampling

        share = min(1.0, LONGEST_SIDE / max(image.size))
        size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
        self.image = image.resize(size, Resampling.BOX)
        self.width, self.height = size
        self.values = np.asarray(self.image, dtype=np.float32)
        self.foreground = _foreground(self.values)
        self._sums = np.pad(self.foreground.cumsum(0).cumsum(1), ((1, 0), (1, 0)))

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of a box, at least one pixel wide and high."""
        left = min(max(round(box.x * self.width), 0), self.width - 1)
        top = min(max(round(box.y * self.height), 0), self.height - 1)
        right = min(max(round(box.right * self.width), left + 1), self.width)
        bottom = min(max(round(box.bottom * self.height), top + 1), self.height)
        return left, top, right, bottom

    def count_foreground(self, left: int, top: int, right: int, bottom: int) -> float:
        """Return the number of foreground pixels in a rectangle of pixels."""
        sums = self._sums
        return float(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])


def candidates(page: PageImage, window_sizes: Sequence[tuple[float, float]]) -> list[Box]:
    """Return connected regions, with and without rule lines, then windows of the given sizes."""
    masks = [page.foreground, remove_rule_lines(page.foreground)]
    boxes = dict.fromkeys(
        box
        for mask in masks[: 1 + bool((masks[0] != masks[1]).any())]
        for reach in _REACHES
        for box in _connected(mask, reach)
    )
    most = min(_MOST_WINDOWS, _MOST_WINDOWS_PER_PAGE // max(len(window_sizes), 1))
    boxes.update(dict.fromkeys(box for size in window_sizes for box in _windows(*size, most)))
    return list(boxes)


def features(page: PageImage, boxes: Sequence[Box]) -> Any:
    """Return a row of float32 per box: edges, colors, position and size."""
    import numpy as np

    if not boxes:
        return np.zeros((0, 0))
    return np.stack([_features(page, box) for box in boxes]).astype(np.float32)


def overlap(box: Box, other: Box) -> float:
    """Return the intersection over union (IoU) of two boxes.

    Examples
    --------
    >>> overlap(Box(0, 0, 0.5, 1), Box(0, 0, 1, 1))
    0.5
    """
    shared = box.intersection(other)
    return shared / (box.area + other.area - shared) if shared else 0.0


def coverage(box: Box, other: Box) -> float:
    """Return the share of the smaller of two boxes that lies in the other."""
    shared = box.intersection(other)
    return shared / min(box.area, other.area) if shared else 0.0


def remove_rule_lines(foreground: Any) -> Any:
    """Return a mask of the foreground without long thin lines, horizontal and vertical.

    Examples
    --------
    >>> import numpy
    >>> mask = numpy.zeros((60, 100), dtype=bool)
    >>> mask[30] = mask[20:40, 10:30] = True
    >>> int(mask.sum()), int(remove_rule_lines(mask).sum())
    (480, 400)
    """
    # A line ties together what has nothing else in common. It is a run of at least 40 pixels and
    # 0.15 of the page, at most 3 pixels thick; where it crosses something thicker, that remains.
    return foreground & ~_horizontal_lines(foreground) & ~_horizontal_lines(foreground.T).T


def _horizontal_lines(mask: Any) -> Any:
    length = max(_LINE_LENGTH, round(mask.shape[1] * _LINE_SHARE))
    return _runs(mask, length, axis=1) & ~_runs(mask, _LINE_THICKNESS + 1, axis=0)


def _runs(mask: Any, length: int, axis: int) -> Any:
    """Return a mask of the pixels in runs of at least this length (a morphological opening)."""
    import numpy as np
    from scipy import ndimage

    eroded = ndimage.minimum_filter1d(mask.astype(np.uint8), length, axis, mode="constant")
    shift = (length + 1) % 2
    return ndimage.maximum_filter1d(eroded, length, axis, mode="constant", origin=-shift) > 0


def _foreground(values: Any) -> Any:
    """Return a mask of the pixels that differ from the background, the most frequent color."""
    import numpy as np

    coarse = (values // 16).astype(np.int64)
    codes = (coarse[..., 0] * 16 + coarse[..., 1]) * 16 + coarse[..., 2]
    background = values[codes == np.bincount(codes.ravel()).argmax()].mean(axis=0)
    return np.abs(values - background).max(axis=2) > _BACKGROUND_DISTANCE


def _connected(mask: Any, reach: int) -> Iterator[Box]:
    """Yield the boxes of connected regions after closing gaps of twice the reach."""
    from scipy import ndimage

    height, width = mask.shape
    if reach:
        mask = ndimage.maximum_filter(mask, size=2 * reach + 1, mode="constant")
    labels, _ = ndimage.label(mask, structure=[[1] * 3] * 3)
    boxes = [
        (columns.start, rows.start, columns.stop, rows.stop)
        for rows, columns in ndimage.find_objects(labels)
    ]
    boxes.sort(key=lambda b: ((b[0] - b[2]) * (b[3] - b[1]), b))
    for left, top, right, bottom in boxes[:_MOST_PER_REACH]:
        left, right = left + reach * (left > 0), right - reach * (right < width)
        top, bottom = top + reach * (top > 0), bottom - reach * (bottom < height)
        if min(right - left, bottom - top) >= _SMALLEST:
            yield Box(left / width, top / height, (right - left) / width, (bottom - top) / height)


def _windows(width: float, height: float, most: int) -> Iterator[Box]:
    across = max(1, round((1 - width) / width * 4) + 1)
    down = max(1, round((1 - height) / height * 4) + 1)
    factor = max(1.0, (across * down / most) ** 0.5)
    across, down = max(1, int(across / factor)), max(1, int(down / factor))
    for row in range(down):
        for column in range(across):
            x = (1 - width) * column / max(across - 1, 1)
            yield Box(x, (1 - height) * row / max(down - 1, 1), width, height)


def _features(page: PageImage, box: Box) -> Any:
    import numpy as np

    corners = page.pixels(box)
    gray = page.image.crop(corners).convert("L")
    edges = image_features.gradients(image_features.pixels(gray, _SIDE))
    shape = np.log(box.width * page.width / (box.height * page.height))
    sizes = [np.log(max(box.area, 1e-9)), box.width, box.height]
    position = [box.x + box.width / 2, box.y + box.height / 2, shape, *sizes]
    return np.concatenate([edges, _colors(page, *corners), np.array(position)])


def _colors(page: PageImage, left: int, top: int, right: int, bottom: int) -> Any:
    """Return the share of foreground in and closely around a region, and its colors."""
    import numpy as np

    values = page.values[top:bottom, left:right]
    mask = page.foreground[top:bottom, left:right]
    colors = values[mask] if mask.any() else values.reshape(-1, 3)
    area = (right - left) * (bottom - top)
    filled = page.count_foreground(left, top, right, bottom)
    margin = max(2, (right - left) // 8, (bottom - top) // 8)
    x, y = max(left - margin, 0), max(top - margin, 0)
    x_end, y_end = min(right + margin, page.width), min(bottom + margin, page.height)
    ring = (x_end - x) * (y_end - y) - area
    around = (page.count_foreground(x, y, x_end, y_end) - filled) / max(ring, 1)
    saturation = (colors.max(axis=1) - colors.min(axis=1)) / 255
    shares = [filled / area, around, saturation.mean(), saturation.std()]
    return np.concatenate([shares, colors.mean(axis=0) / 255, colors.std(axis=0) / 255])
