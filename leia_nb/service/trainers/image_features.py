"""Features of images: pixels, and histograms of oriented gradients."""

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
    """Return a grayscale or RGB image as a square of float32, from 0 (black) to 1 (white)."""
    import numpy as np
    from PIL.Image import Resampling

    square = image.resize((side, side), Resampling.BILINEAR)
    return np.asarray(square, dtype=np.float32) / np.float32(255)


def gradients(values: Floats) -> Floats:
    """Return a row of 128 oriented gradients followed by the pixels, equally weighted.

    In each of 4 by 4 cells, the strength of the edges is summed up for each of 8 directions, as a
    share of the whole image's, so that the contrast does not matter.
    """
    import numpy as np

    gray = values if values.ndim == 2 else values.mean(axis=2)
    cells = _cells(_directions(gray))
    shares = np.sqrt(cells / (cells.sum() + 1e-6))
    return np.concatenate([shares.ravel(), values.ravel() / len(gray)]) * np.float32(_WEIGHT)


def _directions(gray: Floats) -> Floats:
    """Split the gradient of each pixel between the two nearest directions."""
    import numpy as np

    down, right = np.gradient(gray)
    strength = np.hypot(down, right)
    turn = (np.arctan2(down, right) / (2 * np.pi) % 1.0) * DIRECTIONS
    lower = np.floor(turn)
    share = turn - lower
    strengths = np.zeros((DIRECTIONS, *gray.shape), dtype=np.float32)
    rows, columns = np.indices(gray.shape)
    first = lower.astype(np.intp) % DIRECTIONS
    strengths[first, rows, columns] = strength * (1 - share)
    strengths[(first + 1) % DIRECTIONS, rows, columns] = strength * share
    return strengths


def _cells(strengths: Floats) -> Any:
    import numpy as np

    side = strengths.shape[1]
    edges = np.linspace(0, side, CELLS + 1).round().astype(np.intp)[:-1]
    return np.add.reduceat(np.add.reduceat(strengths, edges, axis=1), edges, axis=2)
