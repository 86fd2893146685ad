"""Long thin lines on a page, which tie together what has nothing else in common."""

from __future__ import annotations

from typing import Any

_THICKEST = 3
_SHORTEST = 40
_LEAST_SHARE = 0.15


def without_lines(ink: Any) -> Any:
    """Return the ink of a page without its long thin lines, across and down.

    A line is a run of ink of at least 40 pixels and 0.15 of the page that is at most 3
    pixels thick; where it goes through something thicker, that stays whole.

    Parameters
    ----------
    ink : numpy.ndarray
        Two-dimensional, bool: where there is ink.

    Returns
    -------
    numpy.ndarray
        As `ink`, of the same shape.

    Examples
    --------
    >>> import numpy
    >>> ink = numpy.zeros((60, 100), dtype=bool)
    >>> ink[30] = ink[20:40, 10:30] = True
    >>> int(ink.sum()), int(without_lines(ink).sum())
    (480, 400)
    """
    return ink & ~_across(ink) & ~_across(ink.T).T


def _across(ink: Any) -> Any:
    """Tell of every pixel whether it is of a long thin line across."""
    long = max(_SHORTEST, round(ink.shape[1] * _LEAST_SHARE))
    return _runs(ink, long, axis=1) & ~_runs(ink, _THICKEST + 1, axis=0)


def _runs(ink: Any, length: int, axis: int) -> Any:
    """Tell of every pixel whether it is in a run of ink of at least this length."""
    import numpy as np
    from scipy import ndimage

    whole = ndimage.minimum_filter1d(ink.astype(np.uint8), length, axis, mode="constant")
    back = (length + 1) % 2
    return ndimage.maximum_filter1d(whole, length, axis, mode="constant", origin=-back) > 0
