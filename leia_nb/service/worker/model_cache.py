"""The models that a worker keeps loaded."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leia_nb import packaging
from leia_nb.packaging import ModelDescription

MOST = 4
_FOR_EVER = 10**6


@dataclass
class _Loaded:
    estimator: Any
    description: ModelDescription
    timer: threading.Timer | None = None


class LoadedModels:
    """Models kept loaded for their time to live, at most four, the last used ones.

    Parameters
    ----------
    changed : callable
        Called with the ids of the models loaded, whenever they change.
    """

    def __init__(self, changed: Callable[[tuple[str, ...]], None]) -> None:
        self._changed = changed
        self._models: OrderedDict[str, _Loaded] = OrderedDict()
        self._lock = threading.RLock()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the models loaded, the last used one last."""
        with self._lock:
            return tuple(self._models)

    def get(self, model_id: str, file: Path) -> tuple[Any, ModelDescription]:
        """Return a model, loading it if need be, and stop its clock.

        Parameters
        ----------
        model_id : str
            The model.
        file : pathlib.Path
            Its file.

        Returns
        -------
        tuple of object and ModelDescription
            The estimator, and what it is.

        Raises
        ------
        ModelFileError
            If the file is no valid model.
        """
        with self._lock:
            if model_id not in self._models:
                self._models[model_id] = _Loaded(*packaging.load_estimator(file))
                self._drop_oldest()
                self._changed(self.ids)
            model = self._models[model_id]
            self._models.move_to_end(model_id)
            _stop(model)
            return model.estimator, model.description

    def release(self, model_id: str, ttl: int) -> None:
        """Start a model's clock.

        Parameters
        ----------
        model_id : str
            The model.
        ttl : int
            Seconds until it is dropped: negative = never, 0 = now.
        """
        with self._lock:
            model = self._models.get(model_id)
            if model is None:
                return
            if ttl == 0:
                self._drop(model_id, model)
            elif 0 < ttl < _FOR_EVER:
                model.timer = threading.Timer(ttl, self._drop, (model_id, model))
                model.timer.daemon = True
                model.timer.start()

    def _drop(self, model_id: str, model: _Loaded) -> None:
        with self._lock:
            clock = threading.current_thread()
            if self._models.get(model_id) is not model:
                return
            if isinstance(clock, threading.Timer) and model.timer is not clock:
                return
            del self._models[model_id]
            self._changed(self.ids)

    def _drop_oldest(self) -> None:
        while len(self._models) > MOST:
            _, model = self._models.popitem(last=False)
            _stop(model)


def _stop(model: _Loaded) -> None:
    if model.timer is not None:
        model.timer.cancel()
        model.timer = None
