"""The field for the trainer of a model: `model_module`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leia_nb.resources.parameters.validators import shown
from leia_nb.widgets.fields.listed import ListedField

if TYPE_CHECKING:
    from leia_nb.client import Client

_MAX_MODELS = 1000


class ModuleField(ListedField):
    """One of the modules that the service can train; another may be typed.

    If the service does not declare them, the modules of its models are offered.
    """

    placeholder = "e.g. image_classifier"
    refresh_tooltip = "Read the list of modules again"

    def __init__(self, name: str, leia: Client, **about: Any) -> None:
        self._is_declared = False
        super().__init__(name, leia, **about)

    def check(self) -> str | None:
        """Return a message if the service cannot train this module."""
        module = self.value
        if module is None:
            return super().check()
        if "/" in module:
            return f"{self.label} {shown(module)} contains a '/'. Enter a name without it."
        modules = self._reading.value
        if not self._is_declared or module in modules:
            return None
        return f"The service cannot train {shown(module)}. Choose from {', '.join(modules)}."

    def _read(self) -> list[str]:
        declared = self._leia.health().get("model_modules")
        self._is_declared = isinstance(declared, list)
        if isinstance(declared, list):
            return [str(module) for module in declared]
        models = self._leia.models.list(sort="-creation_time", limit=_MAX_MODELS, progress=False)
        return sorted(set(models["model_module"]))

    def _offer(self) -> None:
        modules = self._reading.known
        self.control.options = modules
        if self._reading.error:
            self.hint(f"The modules could not be listed: {self._reading.error}")
        elif len(modules) == 1 and not self.control.value:
            self.control.value = modules[0]
        else:
            self.hint(f"Can be trained: {', '.join(modules)}" if self._is_declared else None)
