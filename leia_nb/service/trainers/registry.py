"""Which trainers there are."""

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
_log = logging.getLogger(__name__)


def names() -> list[str]:
    """Return the names of all trainers, sorted.

    Returns
    -------
    list of str
        What `model_module` may be.

    Examples
    --------
    >>> [name for name in names() if name.startswith("image")]
    ['image_classifier', 'image_extractor']
    """
    return sorted(_entries())


def trainable_names() -> list[str]:
    """Return the names of the trainers that can train, sorted.

    Returns
    -------
    list of str
        What `model_module` may be in a training.

    Examples
    --------
    >>> set(names()) - set(trainable_names()) >= {"packed_classifier", "packed_extractor"}
    True
    """
    return [name for name in names() if (found := trainer(name)) and found.trainable]


@cache
def trainer(name: str) -> Trainer | None:
    """Return a trainer.

    Parameters
    ----------
    name : str
        A `model_module`.

    Returns
    -------
    Trainer or None
        None if there is none of this name, or if its own package is broken (the
        service's log says how).

    Examples
    --------
    >>> trainer("image_classifier").input_types
    ('image',)
    >>> trainer("astrologer") is None
    True
    """
    entry = _entries().get(name)
    if entry is None:
        return None
    try:
        found = entry.load()()
    except ImportError as error:
        _log.error("the trainer %s (%s) cannot be loaded: %s", name, entry.value, error)
        return None
    except Exception:
        _log.exception("the trainer %s (%s) cannot be loaded", name, entry.value)
        return None
    if not isinstance(found, Trainer):
        _log.error("the trainer %s (%s) lacks a method of Trainer", name, entry.value)
        return None
    return found


@cache
def _entries() -> dict[str, EntryPoint]:
    found = {name: EntryPoint(name, value, GROUP) for name, value in _BUILT_IN.items()}
    for entry in entry_points(group=GROUP):
        found.setdefault(entry.name, entry)
    return found
