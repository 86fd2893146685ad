"""Model files: a zip with `leia-model.json` (what the model is) and `estimator.skops`.

Only types that skops trusts are ever loaded: no pickle, no joblib, no `eval`. The
same estimator and description always give the same bytes.
"""

from __future__ import annotations

from leia_nb.packaging.archive import load_estimator, read_description, write_model
from leia_nb.packaging.description import ModelDescription, ModelFileError
from leia_nb.packaging.pack import pack

__all__ = [
    "ModelDescription",
    "ModelFileError",
    "load_estimator",
    "pack",
    "read_description",
    "write_model",
]
