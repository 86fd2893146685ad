"""What a form looks like: title, fields, "More", buttons, code, outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import ipywidgets

from leia_nb.widgets import look, sharing
from leia_nb.widgets.companion import Companion
from leia_nb.widgets.outcome import Outcome

if TYPE_CHECKING:
    from leia_nb.widgets.fields.base import Field


class Face:
    """The widgets of a form, from top to bottom in `parts`.

    Parameters
    ----------
    title, lead : str
        What the form is for.
    verb : str
        What its button says.
    fields, more : sequence of Field
        The rows, and those under "More".
    """

    def __init__(
        self, title: str, lead: str, verb: str, fields: Sequence[Field], more: Sequence[Field]
    ) -> None:
        self.submit = ipywidgets.Button(description=verb, button_style="primary", tooltip=lead)
        self.again = ipywidgets.Button(
            description="Again", tooltip="Send once more what is filled in"
        )
        self.more = ipywidgets.ToggleButton(
            description="More", tooltip="Show the fields that are rarely needed"
        )
        self.code = ipywidgets.ToggleButton(
            description="Show code", tooltip="Show the Python call that does the same"
        )
        self.companion = Companion()
        self.outcome = Outcome()
        self._code_shown = sharing.html()
        self._folded = {field.name for field in more}
        self._more_rows = ipywidgets.VBox([field.row for field in more], layout=sharing.layout())
        buttons = ipywidgets.HBox(
            [self.submit, self.again, self.more, self.code, self.companion], layout=sharing.layout()
        )
        buttons.add_class("leia-buttons")
        self.parts: list[ipywidgets.Widget] = [
            look.style(),
            look.head(title, lead, "form"),
            *(field.row for field in fields),
            self._more_rows,
            buttons,
            self._code_shown,
            self.outcome,
        ]
        for hidden in (self.again, self._more_rows, self._code_shown):
            look.show(hidden, False)
        look.show(self.more, bool(more))
        self.more.observe(lambda change: self._toggle_more(change["new"]), names="value")

    def offer_again(self, words: str | None) -> None:
        """Show the button that makes the form ready once more; None takes it away."""
        if words:
            self.again.description = words
        look.show(self.again, words is not None)

    def show_code(self, code: str) -> None:
        """Have program text ready to be copied, and show it if that is wanted."""
        shown = self.code.value
        self.companion.code = code
        self._code_shown.value = look.code(code) if shown else ""
        look.show(self._code_shown, shown)
        self.code.description = "Hide code" if shown else "Show code"

    def unfold(self, names: Iterable[str]) -> None:
        """Open "More" if one of these fields is under it."""
        if self._folded & set(names):
            self.more.value = True

    def tell_again(self) -> None:
        """Send once more what came out.

        What runs notebooks without a browser keeps only what is sent while a cell runs;
        the work may have ended between two cells.
        """
        for widget in look.tree(self.outcome):
            widget.send_state()

    def close(self) -> None:
        """Close all widgets."""
        for part in self.parts:
            look.close(part)

    def _toggle_more(self, shown: bool) -> None:
        self.more.description = "Less" if shown else "More"
        look.show(self._more_rows, shown)
