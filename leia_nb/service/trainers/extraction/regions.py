"""Parts of an image that may be a picture of their own, and what can be said of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leia_nb.service.trainers import image_features
from leia_nb.service.trainers.extraction import rule_lines

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 560
_REACHES = (0, 1, 2, 4, 7, 12)
_MOST_OF_REACH = 200
_MOST_WINDOWS = 600
_MOST_WINDOWS_OF_PAGE = 3000
_SMALLEST = 5
_FAR_FROM_GROUND = 32
_SIDE = 16


@dataclass(frozen=True)
class Box:
    """A rectangle, in fractions of the page from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height


class Picture:
    """A page made small, with what its regions' features are computed from.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB, of any size.
    """

    def __init__(self, image: Image) -> None:
        import numpy as np
        from PIL.Image import Resampling

        share = min(1.0, LONGEST_SIDE / max(image.size))
        size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
        self.image = image.resize(size, Resampling.BOX)
        self.values = np.asarray(self.image, dtype=np.float32)
        self.ink = _ink(self.values)
        self.sums = np.pad(self.ink.cumsum(0).cumsum(1), ((1, 0), (1, 0)))

    @property
    def width(self) -> int:
        """In pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self.image.height

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of a box, at least one pixel wide and high."""
        left = min(max(round(box.x * self.width), 0), self.width - 1)
        top = min(max(round(box.y * self.height), 0), self.height - 1)
        right = min(max(round((box.x + box.width) * self.width), left + 1), self.width)
        bottom = min(max(round((box.y + box.height) * self.height), top + 1), self.height)
        return left, top, right, bottom

    def filled(self, left: int, top: int, right: int, bottom: int) -> float:
        """Return how much ink is in a rectangle, in pixels."""
        sums = self.sums
        return float(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])


def candidates(picture: Picture, sizes: Sequence[tuple[float, float]]) -> list[Box]:
    """Return the parts of a page that may be a picture of their own.

    Parameters
    ----------
    picture : Picture
        The page.
    sizes : sequence of (float, float)
        Widths and heights of windows to slide over the page as well; fractions.

    Returns
    -------
    list of Box
        What differs from the ground and hangs together, near and far, with the long thin
        lines of the page and without; then the windows.
    """
    inks = [picture.ink, rule_lines.without_lines(picture.ink)]
    found = dict.fromkeys(
        box
        for ink in inks[: 1 + bool((inks[0] != inks[1]).any())]
        for reach in _REACHES
        for box in _connected(ink, reach)
    )
    most = min(_MOST_WINDOWS, _MOST_WINDOWS_OF_PAGE // max(len(sizes), 1))
    found.update(dict.fromkeys(box for size in sizes for box in _windows(*size, most)))
    return list(found)


def describe(picture: Picture, boxes: Sequence[Box]) -> Any:
    """Return a row of numbers per box, float32: edges, colours, place and size."""
    import numpy as np

    if not boxes:
        return np.zeros((0, 0))
    return np.stack([_described(picture, box) for box in boxes]).astype(np.float32)


def overlap(one: Box, other: Box) -> float:
    """Return the share of two boxes' union that both cover (IoU).

    Examples
    --------
    >>> overlap(Box(0, 0, 0.5, 1), Box(0, 0, 1, 1))
    0.5
    """
    shared = _shared(one, other)
    return shared / (one.area + other.area - shared) if shared else 0.0


def covers(one: Box, other: Box) -> float:
    """Return how much of the smaller of two boxes lies in the other."""
    shared = _shared(one, other)
    return shared / min(one.area, other.area) if shared else 0.0


def _shared(one: Box, other: Box) -> float:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(across, 0.0) * max(down, 0.0)


def _ink(values: Any) -> Any:
    """Tell of every pixel whether it differs from the ground, the most frequent colour."""
    import numpy as np

    coarse = (values // 16).astype(np.int64)
    codes = (coarse[..., 0] * 16 + coarse[..., 1]) * 16 + coarse[..., 2]
    ground = values[codes == np.bincount(codes.ravel()).argmax()].mean(axis=0)
    return np.abs(values - ground).max(axis=2) > _FAR_FROM_GROUND


def _connected(ink: Any, reach: int) -> Iterator[Box]:
    """Yield the boxes of what hangs together when gaps of twice the reach are closed."""
    from scipy import ndimage

    height, width = ink.shape
    if reach:
        ink = ndimage.maximum_filter(ink, size=2 * reach + 1, mode="constant")
    labels, _ = ndimage.label(ink, structure=[[1] * 3] * 3)
    boxes = [
        (columns.start, rows.start, columns.stop, rows.stop)
        for rows, columns in ndimage.find_objects(labels)
    ]
    boxes.sort(key=lambda b: ((b[0] - b[2]) * (b[3] - b[1]), b))
    for left, top, right, bottom in boxes[:_MOST_OF_REACH]:
        left, right = left + reach * (left > 0), right - reach * (right < width)
        top, bottom = top + reach * (top > 0), bottom - reach * (bottom < height)
        if min(right - left, bottom - top) >= _SMALLEST:
            yield Box(left / width, top / height, (right - left) / width, (bottom - top) / height)


def _windows(width: float, height: float, most: int) -> Iterator[Box]:
    across = max(1, round((1 - width) / width * 4) + 1)
    down = max(1, round((1 - height) / height * 4) + 1)
    thin = max(1.0, (across * down / most) ** 0.5)
    across, down = max(1, int(across / thin)), max(1, int(down / thin))
    for row in range(down):
        for column in range(across):
            x = (1 - width) * column / max(across - 1, 1)
            yield Box(x, (1 - height) * row / max(down - 1, 1), width, height)


def _described(picture: Picture, box: Box) -> Any:
    import numpy as np

    left, top, right, bottom = picture.pixels(box)
    part = picture.image.crop((left, top, right, bottom))
    edges = image_features.gradients(image_features.pixels(part.convert("L"), _SIDE))
    return np.concatenate([edges, _colors(picture, left, top, right, bottom), _place(picture, box)])


def _colors(picture: Picture, left: int, top: int, right: int, bottom: int) -> Any:
    """Return colours of the ink, how much there is, and how much close around."""
    import numpy as np

    values = picture.values[top:bottom, left:right]
    ink = picture.ink[top:bottom, left:right]
    inked = values[ink] if ink.any() else values.reshape(-1, 3)
    area = (right - left) * (bottom - top)
    filled = picture.filled(left, top, right, bottom)
    edge = max(2, (right - left) // 8, (bottom - top) // 8)
    outer = (
        max(left - edge, 0),
        max(top - edge, 0),
        min(right + edge, picture.width),
        min(bottom + edge, picture.height),
    )
    ring = (outer[2] - outer[0]) * (outer[3] - outer[1]) - area
    around = (picture.filled(*outer) - filled) / max(ring, 1)
    saturation = (inked.max(axis=1) - inked.min(axis=1)) / 255
    told = [filled / area, around, saturation.mean(), saturation.std()]
    return np.concatenate([told, inked.mean(axis=0) / 255, inked.std(axis=0) / 255])


def _place(picture: Picture, box: Box) -> Any:
    import numpy as np

    shape = np.log(box.width * picture.width / (box.height * picture.height))
    sizes = [np.log(max(box.area, 1e-9)), box.width, box.height]
    return np.array([box.x + box.width / 2, box.y + box.height / 2, shape, *sizes])
