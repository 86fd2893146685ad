"""The widgets of a form: title, fields, "More", buttons, code, result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import ipywidgets

from leia_nb.widgets.browser.browser_sync import CopyButton
from leia_nb.widgets.common import shared_layouts, styles
from leia_nb.widgets.forms.result_panel import ResultPanel

if TYPE_CHECKING:
    from leia_nb.widgets.fields.base import Field


class FormLayout:
    """The widgets of a form, from top to bottom in `parts`; `more` are the fields under "More"."""

    def __init__(
        self, title: str, lead: str, verb: str, fields: Sequence[Field], more: Sequence[Field]
    ) -> None:
        self.submit_button = ipywidgets.Button(
            description=verb, button_style="primary", tooltip=lead
        )
        self.again_button = ipywidgets.Button(
            description="Again", tooltip="Submit the same values again"
        )
        self.more_button = ipywidgets.ToggleButton(
            description="More", tooltip="Show the fields that are rarely needed"
        )
        self.code_button = ipywidgets.ToggleButton(
            description="Show code", tooltip="Show the Python call that does the same"
        )
        self.copy_button = CopyButton()
        self.result_panel = ResultPanel()
        self._code = shared_layouts.html()
        self._more_names = {field.name for field in more}
        layout = shared_layouts.layout()
        self._more_rows = ipywidgets.VBox([field.row for field in more], layout=layout)
        buttons = [self.submit_button, self.again_button, self.more_button, self.code_button]
        button_row = ipywidgets.HBox([*buttons, self.copy_button], layout=layout)
        button_row.add_class("leia-buttons")
        self.parts: list[ipywidgets.Widget] = [
            styles.style(),
            styles.head(title, lead, "form"),
            *(field.row for field in fields),
            self._more_rows,
            button_row,
            self._code,
            self.result_panel,
        ]
        for hidden in (self.again_button, self._more_rows, self._code):
            styles.show(hidden, False)
        styles.show(self.more_button, bool(more))
        self.more_button.observe(lambda change: self._toggle_more(change["new"]), names="value")

    def show_again_button(self, label: str | None) -> None:
        """Show the button that makes the form ready to submit again; None hides it."""
        if label:
            self.again_button.description = label
        styles.show(self.again_button, label is not None)

    def set_code(self, code: str) -> None:
        """Set the code that can be copied, and show it if the toggle is on."""
        shown = self.code_button.value
        self.copy_button.code = code
        self._code.value = styles.code(code) if shown else ""
        styles.show(self._code, shown)
        self.code_button.description = "Hide code" if shown else "Show code"

    def open_more(self, names: Iterable[str]) -> None:
        """Open "More" if it contains one of these fields."""
        if self._more_names & set(names):
            self.more_button.value = True

    def resend_result(self) -> None:
        """Send the state of the result panel again.

        Programs that run notebooks without a browser keep only what is sent while a cell runs;
        the work may have ended between two cells.
        """
        for widget in styles.tree(self.result_panel):
            widget.send_state()

    def close(self) -> None:
        """Close all widgets."""
        for part in self.parts:
            styles.close(part)

    def _toggle_more(self, shown: bool) -> None:
        self.more_button.description = "Less" if shown else "More"
        styles.show(self._more_rows, shown)
