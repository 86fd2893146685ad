"""The base of fields whose options are listed by LEIA."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets

from leia_nb.widgets.fields.background_reader import BackgroundReader
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.label_layout import in_row, refresh_button

if TYPE_CHECKING:
    from leia_nb.client import Client


class ListedField(Field, ABC):
    """A field with options, which `_read` reads in the background, and a button to refresh them.

    Subclasses define `_read` and `_offer`, which is called whenever something was read, and
    set what they need before they call `__init__`.
    """

    placeholder: ClassVar[str]
    refresh_tooltip: ClassVar[str]

    def __init__(self, name: str, leia: Client, **about: Any) -> None:
        self._leia = leia
        control = ipywidgets.Combobox(placeholder=self.placeholder, ensure_option=False)
        super().__init__(name, control, **about)
        self._reading: BackgroundReader[Any] = BackgroundReader(self._read, [], self._offer)
        button = refresh_button(lambda: self.refresh(), self.refresh_tooltip)
        self.row.children = [in_row(control, button), *self.row.children[1:]]
        self.refresh()

    def refresh(self) -> None:
        """Read the options again, in the background."""
        self._reading.start()

    @abstractmethod
    def _read(self) -> Any:
        """Return the options; runs in the background."""

    @abstractmethod
    def _offer(self) -> None:
        """Show the options that were read, or the error."""
