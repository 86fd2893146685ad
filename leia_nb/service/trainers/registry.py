"""The registry of trainers: the built-in ones and those of entry points."""

from __future__ import annotations

import logging
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from leia_nb.service.trainers.base import Trainer

GROUP = "leia_nb.modules"
_BUILT_IN = {
    "image_classifier": "leia_nb.service.trainers.image_classifier:ImageClassifier",
    "image_extractor": "leia_nb.service.trainers.image_extractor:ImageExtractor",
    "key_value_extractor": "leia_nb.service.trainers.key_value_extractor:KeyValueExtractor",
    "packed_classifier": "leia_nb.service.trainers.packed:PackedClassifier",
    "packed_extractor": "leia_nb.service.trainers.packed:PackedExtractor",
    "text_classifier": "leia_nb.service.trainers.text_classifier:TextClassifier",
}
_REQUIRED = ("name", "model_type", "input_types")
_log = logging.getLogger(__name__)


def names() -> list[str]:
    """Return the names of all trainers, sorted."""
    return sorted(_entries())


def trainable_names() -> list[str]:
    """Return the names of the trainers that can train, sorted."""
    return [name for name in names() if (loaded := trainer(name)) and loaded.trainable]


@cache
def trainer(name: str) -> Trainer | None:
    """Return a trainer; None if it is unknown or its package is broken, which is logged.

    Examples
    --------
    >>> trainer("image_classifier").input_types
    ('image',)
    """
    entry = _entries().get(name)
    if entry is None:
        return None
    try:
        loaded = entry.load()()
    except ImportError as error:
        _log.error("the trainer %s (%s) cannot be loaded: %s", name, entry.value, error)
        return None
    except Exception:
        _log.exception("the trainer %s (%s) cannot be loaded", name, entry.value)
        return None
    if not isinstance(loaded, Trainer):
        _log.error("the trainer %s (%s) is not a subclass of Trainer", name, entry.value)
        return None
    missing = [attribute for attribute in _REQUIRED if not hasattr(loaded, attribute)]
    if missing:
        _log.error("the trainer %s (%s) lacks %s", name, entry.value, ", ".join(missing))
        return None
    return loaded


@cache
def _entries() -> dict[str, EntryPoint]:
    # The built-in trainers are available even if the package is not installed.
    entries = {name: EntryPoint(name, value, GROUP) for name, value in _BUILT_IN.items()}
    for entry in entry_points(group=GROUP):
        entries.setdefault(entry.name, entry)
    return entries
