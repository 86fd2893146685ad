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

MOST_MODELS = 4
_LONGEST_TTL = 10**6  # a longer one is no limit: timers cannot wait that long


@dataclass
class _Loaded:
    estimator: Any
    description: ModelDescription
    timer: threading.Timer | None = None


class ModelCache:
    """The last used models, at most four, each until its time to live has passed.

    `changed` is called with the ids of the loaded models whenever they change.
    """

    def __init__(self, changed: Callable[[tuple[str, ...]], None]) -> None:
        self._changed = changed
        self._models: OrderedDict[str, _Loaded] = OrderedDict()
        self._lock = threading.RLock()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the loaded models, the last used one last."""
        with self._lock:
            return tuple(self._models)

    def get(self, model_id: str, file: Path) -> tuple[Any, ModelDescription]:
        """Return estimator and description of a model, loaded if need be; stop its timer."""
        with self._lock:
            if model_id not in self._models:
                self._models[model_id] = _Loaded(*packaging.load_estimator(file))
                while len(self._models) > MOST_MODELS:
                    _, oldest = self._models.popitem(last=False)
                    _stop_timer(oldest)
                self._changed(self.ids)
            model = self._models[model_id]
            self._models.move_to_end(model_id)
            _stop_timer(model)
            return model.estimator, model.description

    def release(self, model_id: str, ttl: int) -> None:
        """Unload a model after `ttl` seconds: negative = never, 0 = now."""
        with self._lock:
            model = self._models.get(model_id)
            if model is None:
                return
            if ttl == 0:
                self._unload(model_id, model)
            elif 0 < ttl < _LONGEST_TTL:
                model.timer = threading.Timer(ttl, self._unload, (model_id, model))
                model.timer.daemon = True
                model.timer.start()

    def _unload(self, model_id: str, model: _Loaded) -> None:
        with self._lock:
            timer = threading.current_thread()
            if self._models.get(model_id) is not model:
                return
            if isinstance(timer, threading.Timer) and model.timer is not timer:
                return  # stopped just when it fired
            del self._models[model_id]
            self._changed(self.ids)


def _stop_timer(model: _Loaded) -> None:
    if model.timer is not None:
        model.timer.cancel()
        model.timer = None
