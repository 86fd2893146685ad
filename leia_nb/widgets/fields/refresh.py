"""The button that reads a field's list again."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets


def refresh_button(refresh: Callable[[], None], tooltip: str) -> ipywidgets.Button:
    """Return a small button.

    Parameters
    ----------
    refresh : callable
        What a click does.
    tooltip : str
        One sentence; also what a screen reader says.
    """
    button = ipywidgets.Button(
        icon="refresh", tooltip=tooltip, layout=ipywidgets.Layout(width="2.6em", flex="0 0 auto")
    )
    button.on_click(lambda _button: refresh())
    return button


def beside(control: ipywidgets.DOMWidget, *others: ipywidgets.DOMWidget) -> ipywidgets.HBox:
    """Return a row in which the control takes the room that the others leave."""
    control.layout.flex = "1 1 auto"
    control.layout.min_width = "0"
    return ipywidgets.HBox([control, *others], layout=ipywidgets.Layout(width="100%"))
