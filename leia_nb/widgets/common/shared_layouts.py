"""Layouts and styles that many widgets share.

By default each widget makes a layout and a style of its own, each a kilobyte in a notebook
that is saved with its widgets' state. A shared one is never changed: a widget that is to look
different gets another one. It outlives the widgets that use it.
"""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets

_SHARED: dict[tuple[Any, ...], ipywidgets.Widget] = {}
_LOCK = threading.RLock()


def layout(**traits: str) -> ipywidgets.Layout:
    """Return the layout with these traits.

    Examples
    --------
    >>> layout(width="auto") is layout(width="auto")
    True
    """
    return _shared(ipywidgets.Layout, traits)


def html(value: str = "", **traits: str) -> ipywidgets.HTML:
    """Return an HTML widget whose layout has these traits."""
    style = _shared(ipywidgets.widgets.widget_string.HTMLStyle, {})
    return ipywidgets.HTML(value, layout=layout(**traits), style=style)


def is_shared(widget: ipywidgets.Widget) -> bool:
    """Whether a layout or style may be used by several widgets."""
    return any(widget is shared for shared in list(_SHARED.values()))


def show(widget: ipywidgets.DOMWidget, shown: bool) -> None:
    """Show or hide a widget without affecting others that share its layout."""
    items = list(_SHARED.items())  # a copy: another thread may add one
    traits = next((dict(key[1:]) for key, shared in items if shared is widget.layout), None)
    if traits is None:
        widget.layout.display = None if shown else "none"
        return
    traits.pop("display", None)
    widget.layout = layout(**traits) if shown else layout(**traits, display="none")


def _shared(kind: type[Any], traits: dict[str, str]) -> Any:
    key = (kind, *sorted(traits.items()))
    with _LOCK:
        shared = _SHARED.get(key)
        if shared is None or shared.comm is None:  # closed, e.g. with all widgets of the kernel
            shared = _SHARED[key] = kind(**traits)
        return shared
