"""The optional part that making and loading model files needs."""

from __future__ import annotations

import importlib.util

from leia_nb.errors import MissingExtra

_NEEDED = ("sklearn", "skops")


def require_extra() -> None:
    """Make sure that scikit-learn and skops are installed.

    Raises
    ------
    MissingExtra
        If not; the error says what to install.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtra(
            "Model files are made and loaded with packages that are not installed "
            f"({', '.join(missing)}). Install them with: pip install 'leia_nb[local]'."
        )
