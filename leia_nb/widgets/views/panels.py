"""Panels that open below a view: a question, a field, a form or a result."""

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
    """The panels below the buttons, of which one is open at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._panels: list[ipywidgets.Widget] = []

    def add(self, panel: _Panel) -> _Panel:
        """Add a panel, closed; return it."""
        styles.show(panel, False)
        self._panels.append(panel)
        self.children = list(self._panels)
        return panel

    def show(self, panel: ipywidgets.Widget | None = None) -> None:
        """Open a panel and close the others; None closes all."""
        with self._lock:
            for other in self._panels:
                styles.show(other, other is panel)


class Question(ipywidgets.VBox):
    """A question with two buttons, asked before an action that cannot be undone."""

    def __init__(self, yes: ipywidgets.Button, no: ipywidgets.Button) -> None:
        self.yes = yes
        self.no = no
        self._text = shared_layouts.html()
        super().__init__([self._text, ipywidgets.HBox([yes, no])])

    @property
    def text(self) -> str:
        """The question, as HTML."""
        return str(self._text.value)

    def ask(self, text: str) -> None:
        """Ask a question; the focus moves to the button that changes nothing."""
        self._text.value = f'<div role="alert">{styles.text(text, "question")}</div>'
        self.no.focus()


class Drawer(ipywidgets.VBox):
    """A form or a result, with a button that calls `on_close`."""

    def __init__(self, on_close: Callable[[], object]) -> None:
        self.close_button = ipywidgets.Button(
            description="Close", tooltip="Close what is shown here", layout={"width": "auto"}
        )
        self.close_button.on_click(lambda _button: on_close())
        self._content = ipywidgets.VBox()
        super().__init__([self._content, self.close_button])

    @property
    def content(self) -> ipywidgets.Widget | None:
        """The form or result."""
        return self._content.children[0] if self._content.children else None

    def fill(self, content: ipywidgets.Widget) -> None:
        """Show a form or result instead of the current one."""
        self.empty()
        self._content.children = [content]

    def empty(self) -> None:
        """Remove the form or result and close it."""
        content = self.content
        self._content.children = []
        if content is not None:
            content.close()


class Entry(ipywidgets.VBox):
    """A field and the buttons that use its value."""

    def __init__(self, field: Field, buttons: Sequence[ipywidgets.Button]) -> None:
        self.field = field
        field.control.continuous_update = False  # otherwise a click can arrive before the last keys
        super().__init__([field.row, ipywidgets.HBox(list(buttons))])

    def use(self, work: Callable[[Any], Any]) -> None:
        """Run `work` with the field's value; show next to the field why it is invalid."""
        message = self.field.check()
        self.field.show_message(message)
        if message:
            return
        try:
            work(self.field.value)
        except InvalidInput as error:
            if error.field != self.field.name:
                raise
            self.field.show_message(str(error))
