"""The field for what a training makes: `model_module`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.resources.parameters.validators import shown
from leia_nb.widgets.fields.background_reader import Reading
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.label_layout import beside, refresh_button

if TYPE_CHECKING:
    from leia_nb.client import Client

_MOST_MODELS = 1000


class ModuleField(Field):
    """One of the modules that the service can train; another may be typed.

    A service that does not say what it can train offers the modules of its models.

    Parameters
    ----------
    name : str
        The parameter's name: ``"model_module"``.
    leia : Client
        The service.
    **about
        Label, tooltip and so on, as for `Field`.
    """

    def __init__(self, name: str, leia: Client, **about: Any) -> None:
        self._leia = leia
        self._said = False
        control = ipywidgets.Combobox(placeholder="e.g. image_classifier", ensure_option=False)
        super().__init__(name, control, **about)
        self._reading: Reading[list[str]] = Reading(self._read, [], self._offer)
        button = refresh_button(self.refresh, "Ask again what can be trained")
        self.row.children = [beside(control, button), *self.row.children[1:]]
        self.refresh()

    def refresh(self) -> None:
        """Ask the service again, in the background."""
        self._reading.start()

    def check(self) -> str | None:
        """Say that the service cannot train this."""
        wanted = self.value
        if wanted is None:
            return super().check()
        if "/" in wanted:
            return f"{self.label} {shown(wanted)} has a '/'. Use a name without it."
        known = self._reading.value
        if not self._said or wanted in known:
            return None
        return f"The service cannot train {shown(wanted)}. Choose from {', '.join(known)}."

    def _read(self) -> list[str]:
        told = self._leia.health().get("model_modules")
        self._said = isinstance(told, list)
        if isinstance(told, list):
            return [str(one) for one in told]
        models = self._leia.models.list(sort="-creation_time", limit=_MOST_MODELS, progress=False)
        return sorted(set(models["model_module"]))

    def _offer(self) -> None:
        self.control.options = self._reading.known
        if self._reading.error:
            self.hint(f"What can be trained is not known: {self._reading.error}")
        elif len(self._reading.known) == 1 and not self.control.value:
            self.control.value = self._reading.known[0]
        else:
            self.hint(f"Can be trained: {', '.join(self._reading.known)}" if self._said else None)
