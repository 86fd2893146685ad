"""How forms and views look: JupyterLab's own colors, light or dark."""

from __future__ import annotations

import html
from collections.abc import Iterator
from importlib.resources import files

import ipywidgets

from leia_nb.widgets.common import shared_layouts

LABEL_WIDTH = "12.5em"

_MAX_MESSAGE = 1500  # characters
_MESSAGE_END = 500  # characters kept of a longer message's end, which says what to do

# Read with the package; LABEL_WIDTH in it stands for the value above.
_STYLE_SHEET = (
    files(__package__).joinpath("form.css").read_text("utf-8").replace("LABEL_WIDTH", LABEL_WIDTH)
)

_ROLES = {
    "title": 'role="heading" aria-level="3"',
    "message": 'role="alert"',
    "failed": 'role="alert"',
    "stage": 'role="status"',
}


def style() -> ipywidgets.HTML:
    """Return the style sheet, which every form and view contains once."""
    return shared_layouts.html(f"<style>\n{_STYLE_SHEET}</style>", display="none")


def head(title: str, lead: str, what: str) -> ipywidgets.HTML:
    """Return the heading of a form or view (`what`), with a notice shown if its kernel stops."""
    dead = (
        f"This {what} is no longer connected: its kernel was restarted, stopped or changed. Run "
        "the cell again to use it. Jobs already submitted to LEIA continue."
    )
    return shared_layouts.html(text(title, "title") + text(lead, "lead") + text(dead, "dead"))


def text(content: str, kind: str) -> str:
    """Return text as HTML of a kind: title, lead, hint, message, failed, stage or dead."""
    role = f" {_ROLES[kind]}" if kind in _ROLES else ""
    return f'<div class="leia-{kind}"{role}>{html.escape(content)}</div>'


def cut(message: str) -> str:
    """Shorten a long message by leaving out its middle.

    Examples
    --------
    >>> cut("short"), len(cut("long" * 1000))
    ('short', 1500)
    """
    if len(message) <= _MAX_MESSAGE:
        return message
    return f"{message[: _MAX_MESSAGE - _MESSAGE_END - 3]} … {message[-_MESSAGE_END:]}"


def code(source: str) -> str:
    """Return source code as HTML."""
    return f'<pre tabindex="0">{html.escape(source)}</pre>'


def show(widget: ipywidgets.DOMWidget, shown: bool) -> None:
    """Show or hide a widget."""
    shared_layouts.show(widget, shown)


def tree(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """Yield the parts of a widget, layouts and styles included, and last the widget."""
    parts = [getattr(widget, name, None) for name in ("layout", "style")]
    for part in (*getattr(widget, "children", ()), *parts):
        if isinstance(part, ipywidgets.Widget):
            yield from tree(part)
    yield widget


def close(widget: ipywidgets.Widget) -> None:
    """Close a widget and its parts, except shared layouts and styles."""
    for part in tree(widget):
        if not shared_layouts.is_shared(part):
            part.close()
