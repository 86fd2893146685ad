"""What stands beside a control: its label, the button that reads its list again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets

from leia_nb.widgets.common import styles

if TYPE_CHECKING:
    from leia_nb.widgets.fields.base import Field

INDENT = f"0 0 0 calc({styles.LABEL_WIDTH} + 8px)"
"""The padding that puts what is below a control in line with it."""


def refresh_button(refresh: Callable[[], None], tooltip: str) -> ipywidgets.Button:
    """Return a small button that shows an arrow.

    Parameters
    ----------
    refresh : callable
        What a click does.
    tooltip : str
        One sentence; also what a screen reader says.
    """
    button = ipywidgets.Button(
        description=tooltip,  # its name; the style sheet shows an arrow instead
        tooltip=tooltip,
        layout=ipywidgets.Layout(width="34px", flex="0 0 auto"),
    )
    button.add_class("leia-refresh")
    button.on_click(lambda _button: refresh())
    return button


def in_row(control: ipywidgets.DOMWidget, *others: ipywidgets.DOMWidget) -> ipywidgets.HBox:
    """Return a row in which the control takes the room that the others leave."""
    control.layout.flex = "1 1 auto"
    control.layout.min_width = "0"
    return ipywidgets.HBox([control, *others], layout=ipywidgets.Layout(width="100%"))


def label(field: Field) -> ipywidgets.Label:
    """Return a field's label, for controls that have none of their own in line."""
    return ipywidgets.Label(
        field.label + (" *" if field.required else ""),
        layout=ipywidgets.Layout(
            width=styles.LABEL_WIDTH,
            display="flex",
            justify_content="flex-end",
            margin="2px 8px 2px 2px",
            flex="0 0 auto",
        ),
    )
