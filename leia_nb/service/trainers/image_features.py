"""Numbers out of images: pixels, and how strongly edges point which way where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Floats = NDArray[np.float32]

CELLS = 4
DIRECTIONS = 8
_WEIGHT = 8.0


def pixels(image: Image, side: int) -> Floats:
    """Return an image's pixels.

    Parameters
    ----------
    image : PIL.Image.Image
        A grey or RGB image of any size.
    side : int
        The side of the square that it is resized to, in pixels.

    Returns
    -------
    numpy.ndarray
        Shape ``(side, side)`` or ``(side, side, 3)``, float32, 0 = black to 1 = white.
    """
    import numpy as np
    from PIL.Image import Resampling

    square = image.resize((side, side), Resampling.BILINEAR)
    return np.asarray(square, dtype=np.float32) / np.float32(255)


def gradients(values: Floats) -> Floats:
    """Return pixels together with oriented gradients.

    The image is cut into 4 by 4 cells; per cell and direction (8 of 45 degrees each)
    the strength of the edges is summed up, as a share of the whole image's, so that
    contrast does not matter.

    Parameters
    ----------
    values : numpy.ndarray
        Pixels as `pixels` returns them.

    Returns
    -------
    numpy.ndarray
        One row: 128 gradients, then the pixels, weighted to count about the same.
    """
    import numpy as np

    grey = values if values.ndim == 2 else values.mean(axis=2)
    cells = _cells(_directions(grey))
    shares = np.sqrt(cells / (cells.sum() + 1e-6))
    return np.concatenate([shares.ravel(), values.ravel() / len(grey)]) * np.float32(_WEIGHT)


def _directions(grey: Floats) -> Floats:
    """Split every pixel's gradient between the two directions nearest to its own."""
    import numpy as np

    down, right = np.gradient(grey)
    strength = np.hypot(down, right)
    turn = (np.arctan2(down, right) / (2 * np.pi) % 1.0) * DIRECTIONS
    lower = np.floor(turn)
    share = turn - lower
    found = np.zeros((DIRECTIONS, *grey.shape), dtype=np.float32)
    rows, columns = np.indices(grey.shape)
    first = lower.astype(np.intp) % DIRECTIONS
    found[first, rows, columns] = strength * (1 - share)
    found[(first + 1) % DIRECTIONS, rows, columns] = strength * share
    return found


def _cells(found: Floats) -> Any:
    import numpy as np

    side = found.shape[1]
    edges = np.linspace(0, side, CELLS + 1).round().astype(np.intp)[:-1]
    return np.add.reduceat(np.add.reduceat(found, edges, axis=1), edges, axis=2)
