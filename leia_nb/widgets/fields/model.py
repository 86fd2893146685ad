"""The field for a model: chosen by name, short name or id, with search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leia_nb.enums import ModelType
from leia_nb.records.records import Model
from leia_nb.resources.parameters.references import reference
from leia_nb.resources.parameters.validators import shown
from leia_nb.widgets.fields.list_scope import ListScope, any_scope
from leia_nb.widgets.fields.listed import ListedField

if TYPE_CHECKING:
    from leia_nb.client import Client

MOST_LISTED = 1000
"""Number of models offered, the newest first; any other can be typed."""

_MAX_NAMES = 4


@dataclass(frozen=True)
class KnownModel:
    """The properties of a model that the form uses."""

    id: str
    name: str
    short_name: str | None
    model_type: str
    input_types: tuple[str, ...]
    model_module: str

    @property
    def handle(self) -> str:
        """The unique name of the model: its short name, else its id."""
        return self.short_name or self.id

    @property
    def label(self) -> str:
        """The option for it in the list."""
        return f"{self.name} ({self.handle})"

    @property
    def is_classifier(self) -> bool:
        """Whether it supports ``format_type="classification"``."""
        return self.model_type == ModelType.CLASSIFICATION


class ModelField(ListedField):
    """One model; the value is its short name, or its id if it has none."""

    placeholder = "name, short name or id"
    refresh_tooltip = "Read the list of models again"

    def __init__(
        self, name: str, leia: Client, *, list_scope: ListScope = any_scope, **about: Any
    ) -> None:
        self._list_scope = list_scope
        self._on_known: Callable[[], None] = lambda: None
        self._filled: dict[str, KnownModel] = {}
        super().__init__(name, leia, **about)
        self.on_change(self._describe_choice)

    def on_known(self, callback: Callable[[], None]) -> None:
        """Call back whenever another model is chosen, or the list has been read."""
        self._on_known = callback

    @property
    def chosen(self) -> KnownModel | None:
        """The model that the text names, if it is exactly one known model."""
        models = self._matching(self.control.value.strip())
        return models[0] if len(models) == 1 else None

    @property
    def value(self) -> str | None:
        """The model's short name or id; an unknown text is returned as it is."""
        chosen = self.chosen
        return chosen.handle if chosen else self.control.value.strip() or None

    def fill(self, value: Any) -> None:
        """Choose a model: a name, short name, id, record, or a listing of one row."""
        if isinstance(value, Model):
            self._filled[value.id] = _known_model(value)
        if not (value is None or isinstance(value, str)):
            value = reference(value, "model").id
        super().fill((value or "").strip())

    def check(self) -> str | None:
        """Return a message if the text names no model, or several."""
        text = self.control.value.strip()
        if not text:
            return super().check()
        if self.chosen:
            return None
        models = self._matching(text)
        if models:
            names = _join_handles(models)
            return f"{len(models)} models are named {text!r}. Choose one of them: {names}."
        if self._reading.error or len(self._reading.value) >= MOST_LISTED:
            return None  # it may be a model that was not listed
        return f"No model is named {shown(text)}. {self._advice(text)}"

    def _advice(self, text: str) -> str:
        if similar := self._containing(text):
            return f"Did you mean {_join_handles(similar)}?"
        if self._known():
            return "Choose one from the list, or refresh it."
        return "There are no models yet. Create or train one."

    def _containing(self, text: str) -> list[KnownModel]:
        return [model for model in self._known() if text.lower() in model.label.lower()]

    def _matching(self, text: str) -> list[KnownModel]:
        known = self._known() if text else []
        lowered = text.lower()
        return (
            [model for model in known if text in (model.id, model.short_name, model.label)]
            or [model for model in known if text == model.name]
            or [model for model in known if lowered in (model.name.lower(), model.label.lower())]
        )

    def _known(self) -> list[KnownModel]:
        listed = {model.id: model for model in self._reading.value}
        return list({**self._filled, **listed}.values())

    def _read(self) -> list[KnownModel]:
        frame = self._leia.models.list(
            sort="-creation_time", limit=MOST_LISTED, progress=False, **self._list_scope()
        )
        return [_known_model(row) for row in frame.reset_index().itertuples(index=False)]

    def _offer(self) -> None:
        self.control.options = [model.label for model in self._reading.known]
        self._describe_choice()

    def _describe_choice(self) -> None:
        if not self._reading.busy:
            self.hint(self._summary())
            self._on_known()

    def _summary(self) -> str | None:
        if self._reading.error:
            return f"The models could not be listed: {self._reading.error}"
        text = self.control.value.strip()
        if not text:
            return None if self._known() else "There are no models yet. Create or train one."
        if chosen := self.chosen:
            return f"{chosen.label}: {chosen.model_type}, reads {', '.join(chosen.input_types)}"
        return f"{len(self._containing(text))} of {len(self._known())} models match"


def _join_handles(models: list[KnownModel]) -> str:
    handles = ", ".join(repr(model.handle) for model in models[:_MAX_NAMES])
    return handles + (" …" if len(models) > _MAX_NAMES else "")


def _known_model(source: Any) -> KnownModel:
    """Return what the field needs of a record, or of a row of a listing."""
    return KnownModel(
        str(source.id),
        source.name,
        source.short_name if isinstance(source.short_name, str) else None,
        str(source.model_type),
        tuple(map(str, source.input_types)),
        source.model_module,
    )
