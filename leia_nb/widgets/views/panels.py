"""What opens below a view: a question, a field to fill in, a form, a result."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import ipywidgets

from leia_nb.errors import InvalidInput
from leia_nb.widgets.common import shared_layouts, styles
from leia_nb.widgets.fields.base import Field

_Panel = TypeVar("_Panel", bound=ipywidgets.Widget)


class Panels(ipywidgets.VBox):
    """What opens below the buttons; one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._showing = threading.Lock()
        self._panels: list[ipywidgets.Widget] = []

    def add(self, panel: _Panel) -> _Panel:
        """Take in a panel, closed; return it."""
        styles.show(panel, False)
        self._panels.append(panel)
        self.children = list(self._panels)
        return panel

    def show(self, panel: ipywidgets.Widget | None = None) -> None:
        """Open one of them and close the others; None closes all."""
        with self._showing:
            for one in self._panels:
                styles.show(one, one is panel)


class Question(ipywidgets.VBox):
    """A question with two answers, before something that cannot be undone.

    Parameters
    ----------
    yes, no : ipywidgets.Button
        The answers.
    """

    def __init__(self, yes: ipywidgets.Button, no: ipywidgets.Button) -> None:
        self.yes = yes
        self.no = no
        self._words = shared_layouts.html()
        super().__init__([self._words, ipywidgets.HBox([yes, no])])

    @property
    def words(self) -> str:
        """The question, as HTML."""
        return str(self._words.value)

    def ask(self, words: str) -> None:
        """Ask; the answer that changes nothing has the keyboard."""
        self._words.value = f'<div role="alert">{styles.text(words, "question")}</div>'
        self.no.focus()


class Drawer(ipywidgets.VBox):
    """A place for a form or a result, with a button that closes it.

    Parameters
    ----------
    on_close : callable
        Called when people close it.
    """

    def __init__(self, on_close: Callable[[], object]) -> None:
        self.close_button = ipywidgets.Button(
            description="Close", tooltip="Close what is shown here", layout={"width": "auto"}
        )
        self.close_button.on_click(lambda _button: on_close())
        self._place = ipywidgets.VBox()
        super().__init__([self._place, self.close_button])

    @property
    def content(self) -> ipywidgets.Widget | None:
        """What is in it."""
        return self._place.children[0] if self._place.children else None

    def fill(self, content: ipywidgets.Widget) -> None:
        """Put something in instead of what was there."""
        self.empty()
        self._place.children = [content]

    def empty(self) -> None:
        """Take out and end what is in it."""
        content = self.content
        self._place.children = []
        if content is not None:
            content.close()


class Entry(ipywidgets.VBox):
    """A field and the buttons that use what is filled in.

    Parameters
    ----------
    field : Field
        The field.
    buttons : sequence of ipywidgets.Button
        The buttons.
    """

    def __init__(self, field: Field, buttons: Sequence[ipywidgets.Button]) -> None:
        self.field = field
        field.control.continuous_update = False  # else a click can overtake the last keys
        super().__init__([field.row, ipywidgets.HBox(list(buttons))])

    def use(self, work: Callable[[Any], Any]) -> None:
        """Do some work with the field's value; what is wrong with it stands beside it."""
        wrong = self.field.check()
        self.field.say(wrong)
        if wrong:
            return
        try:
            work(self.field.value)
        except InvalidInput as error:
            if error.field != self.field.name:
                raise
            self.field.say(str(error))
