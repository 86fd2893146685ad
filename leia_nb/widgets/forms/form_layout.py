"""What a form looks like: title, fields, "More", buttons, code, outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import ipywidgets

from leia_nb.widgets.browser.browser_bridge import BrowserBridge
from leia_nb.widgets.common import shared_layouts, styles
from leia_nb.widgets.forms.result_panel import ResultPanel

if TYPE_CHECKING:
    from leia_nb.widgets.fields.base import Field


class FormLayout:
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
        self.companion = BrowserBridge()
        self.outcome = ResultPanel()
        self._code_shown = shared_layouts.html()
        self._folded = {field.name for field in more}
        self._more_rows = ipywidgets.VBox(
            [field.row for field in more], layout=shared_layouts.layout()
        )
        buttons = ipywidgets.HBox(
            [self.submit, self.again, self.more, self.code, self.companion],
            layout=shared_layouts.layout(),
        )
        buttons.add_class("leia-buttons")
        self.parts: list[ipywidgets.Widget] = [
            styles.style(),
            styles.head(title, lead, "form"),
            *(field.row for field in fields),
            self._more_rows,
            buttons,
            self._code_shown,
            self.outcome,
        ]
        for hidden in (self.again, self._more_rows, self._code_shown):
            styles.show(hidden, False)
        styles.show(self.more, bool(more))
        self.more.observe(lambda change: self._toggle_more(change["new"]), names="value")

    def offer_again(self, words: str | None) -> None:
        """Show the button that makes the form ready once more; None takes it away."""
        if words:
            self.again.description = words
        styles.show(self.again, words is not None)

    def show_code(self, code: str) -> None:
        """Have program text ready to be copied, and show it if that is wanted."""
        shown = self.code.value
        self.companion.code = code
        self._code_shown.value = styles.code(code) if shown else ""
        styles.show(self._code_shown, shown)
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
        for widget in styles.tree(self.outcome):
            widget.send_state()

    def close(self) -> None:
        """Close all widgets."""
        for part in self.parts:
            styles.close(part)

    def _toggle_more(self, shown: bool) -> None:
        self.more.description = "Less" if shown else "More"
        styles.show(self._more_rows, shown)
