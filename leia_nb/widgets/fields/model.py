"""The field for a model: chosen by name, short name or id, with search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.enums import ModelType
from leia_nb.records.records import Model
from leia_nb.resources.parameters.references import reference
from leia_nb.resources.parameters.validators import shown
from leia_nb.widgets.fields.background_reader import Reading
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.label_layout import beside, refresh_button
from leia_nb.widgets.fields.owner import Whose, everybody

if TYPE_CHECKING:
    from leia_nb.client import Client

MOST_LISTED = 1000
"""Models offered for choosing, the newest first; any other can be named by hand."""

_MOST_NAMED = 4


@dataclass(frozen=True)
class KnownModel:
    """What the field knows of a model."""

    id: str
    name: str
    short_name: str | None
    model_type: str
    input_types: tuple[str, ...]
    model_module: str

    @property
    def handle(self) -> str:
        """What names it uniquely: the short name, else the id."""
        return self.short_name or self.id

    @property
    def label(self) -> str:
        """What people choose it by."""
        return f"{self.name} ({self.handle})"

    @property
    def is_classifier(self) -> bool:
        """Whether ``format_type="classification"`` may be asked of it."""
        return self.model_type == ModelType.CLASSIFICATION


class ModelField(Field):
    """One model; the value is its short name, or its id if it has none.

    Parameters
    ----------
    name : str
        The parameter's name, e.g. ``"model"``.
    leia : Client
        Where the models are.
    whose : callable
        Whose models are offered; default: all that this login sees.
    **about
        Label, tooltip and so on, as for `Field`.
    """

    def __init__(self, name: str, leia: Client, *, whose: Whose = everybody, **about: Any) -> None:
        self._leia = leia
        self._whose = whose
        self._tell: Callable[[], None] = lambda: None
        self._given: dict[str, KnownModel] = {}
        control = ipywidgets.Combobox(placeholder="name, short name or id", ensure_option=False)
        super().__init__(name, control, **about)
        self._reading: Reading[list[KnownModel]] = Reading(self._read, [], self._offer)
        button = refresh_button(self.refresh, "Read the list of models again")
        self.row.children = [beside(control, button), *self.row.children[1:]]
        self.on_change(self._describe_choice)
        self.refresh()

    def refresh(self) -> None:
        """Read the list of models again, in the background."""
        self._reading.start()

    def on_known(self, callback: Callable[[], None]) -> None:
        """Call back whenever another model is chosen, or the list has arrived."""
        self._tell = callback

    @property
    def chosen(self) -> KnownModel | None:
        """The model that the text stands for, if it stands for exactly one known model."""
        found = self._matching(self.control.value.strip())
        return found[0] if len(found) == 1 else None

    @property
    def value(self) -> str | None:
        """The model's short name or id; a text that is not known is passed on as it is."""
        chosen = self.chosen
        return chosen.handle if chosen else self.control.value.strip() or None

    def fill(self, value: Any) -> None:
        """Choose a model: a name, short name, id, record, or a listing of one row."""
        if isinstance(value, Model):
            self._given[value.id] = _of_record(value)
        if not (value is None or isinstance(value, str)):
            value = reference(value, "model").id
        super().fill((value or "").strip())

    def check(self) -> str | None:
        """Say that no model is called so, or that several are."""
        text = self.control.value.strip()
        if not text:
            return super().check()
        if self.chosen:
            return None
        found = self._matching(text)
        if found:
            names = _listed(found)
            return f"{len(found)} models are called {text!r}. Choose one of them: {names}."
        return None if self._unsure else f"No model is called {shown(text)}.{self._advice(text)}"

    @property
    def _unsure(self) -> bool:
        """Whether there may be models that were not listed."""
        return self._reading.error is not None or len(self._reading.value) >= MOST_LISTED

    def _advice(self, text: str) -> str:
        similar = [one for one in self._known() if text.lower() in one.label.lower()]
        if similar:
            return f" Did you mean {_listed(similar)}?"
        return " Choose one from the list, or refresh it." if self._known() else " There are none."

    def _matching(self, text: str) -> list[KnownModel]:
        known = self._known() if text else []
        lowered = text.lower()
        for found in (
            [one for one in known if text in (one.id, one.short_name, one.label)],
            [one for one in known if text == one.name],
            [one for one in known if lowered in (one.name.lower(), one.label.lower())],
        ):
            if found:
                return found
        return []

    def _known(self) -> list[KnownModel]:
        listed = {one.id: one for one in self._reading.value}
        return list({**self._given, **listed}.values())

    def _read(self) -> list[KnownModel]:
        frame = self._leia.models.list(
            sort="-creation_time", limit=MOST_LISTED, progress=False, **self._whose()
        )
        return [_of_row(str(index), row) for index, row in frame.iterrows()]

    def _offer(self) -> None:
        self.control.options = [one.label for one in self._reading.known]
        self._describe_choice()

    def _describe_choice(self) -> None:
        if not self._reading.busy:
            self.hint(self._in_words())
            self._tell()

    def _in_words(self) -> str | None:
        if self._reading.error:
            return f"The models could not be listed: {self._reading.error}"
        text = self.control.value.strip()
        if not text:
            return None if self._known() else "There are no models yet. Create or train one."
        if chosen := self.chosen:
            return f"{chosen.label}: {chosen.model_type}, reads {', '.join(chosen.input_types)}"
        count = sum(text.lower() in one.label.lower() for one in self._known())
        return f"{count} of {len(self._known())} models match"


def _listed(models: list[KnownModel]) -> str:
    named = ", ".join(repr(one.handle) for one in models[:_MOST_NAMED])
    return named + (" …" if len(models) > _MOST_NAMED else "")


def _of_record(model: Model) -> KnownModel:
    inputs = tuple(map(str, model.input_types))
    return KnownModel(
        model.id, model.name, model.short_name, str(model.model_type), inputs, model.model_module
    )


def _of_row(model_id: str, row: Any) -> KnownModel:
    short_name = row["short_name"] if isinstance(row["short_name"], str) else None
    inputs = tuple(map(str, row["input_types"]))
    return KnownModel(
        model_id, row["name"], short_name, str(row["model_type"]), inputs, row["model_module"]
    )
