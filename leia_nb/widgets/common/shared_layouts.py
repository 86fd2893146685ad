"""Layouts and styles that many widgets have in common.

By itself each widget makes a layout and a style of its own, which take a kilobyte each
in a notebook that is saved with its widgets' state. A shared one is never changed: a
widget that is to look otherwise gets another one. It outlives the widgets that use it.
"""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets

_SHARED: dict[tuple[Any, ...], ipywidgets.Widget] = {}
_MAKING = threading.RLock()


def layout(**traits: str) -> ipywidgets.Layout:
    """Return the layout with these traits.

    Examples
    --------
    >>> layout(width="auto") is layout(width="auto")
    True
    """
    return _shared(ipywidgets.Layout, traits)


def html(value: str = "", **traits: str) -> ipywidgets.HTML:
    """Return a piece of HTML whose layout has these traits."""
    style = _shared(ipywidgets.widgets.widget_string.HTMLStyle, {})
    return ipywidgets.HTML(value, layout=layout(**traits), style=style)


def is_shared(widget: ipywidgets.Widget) -> bool:
    """Whether other widgets may use this layout or style too."""
    return any(widget is one for one in list(_SHARED.values()))


def show(widget: ipywidgets.DOMWidget, shown: bool) -> None:
    """Show or hide a widget, and no other one."""
    shared = list(_SHARED.items())  # another thread may add one
    traits = next((dict(key[1:]) for key, one in shared if one is widget.layout), None)
    if traits is None:
        widget.layout.display = None if shown else "none"
        return
    traits.pop("display", None)
    widget.layout = layout(**traits) if shown else layout(**traits, display="none")


def _shared(kind: type[Any], traits: dict[str, str]) -> Any:
    key = (kind, *sorted(traits.items()))
    with _MAKING:
        found = _SHARED.get(key)
        if found is None or found.comm is None:  # closed, e.g. with all widgets of the kernel
            found = _SHARED[key] = kind(**traits)
        return found
