"""The optional packages that writing and loading model files needs."""

from __future__ import annotations

import importlib.util

from leia_nb.errors import MissingExtra

_NEEDED = ("sklearn", "skops")


def require_extra() -> None:
    """Raise `MissingExtra` if scikit-learn or skops is not installed."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtra(
            "Writing and loading model files needs packages that are not installed "
            f"({', '.join(missing)}). Install them with: pip install 'leia_nb[local]'."
        )
