"""How forms look: calm, aligned, in JupyterLab's own colours, light or dark."""

from __future__ import annotations

import html
from collections.abc import Iterator

import ipywidgets

from leia_nb.widgets.common import shared_layouts, static_fallback

LABEL_WIDTH = "12.5em"

_LONGEST = 1500
_END = 500  # characters of a message's end, which says what to do

_STYLE = f"""<style>
{static_fallback.HIDE}
.leia-form {{ max-width: 760px; padding: 12px 16px; border: 1px solid var(--jp-border-color2);
  border-radius: 6px; background: var(--jp-layout-color1); color: var(--jp-ui-font-color1); }}
.leia-form .leia-title {{ font-size: 1.15em; font-weight: 600; margin: 0; }}
.leia-form .leia-lead, .leia-form .leia-hint {{ color: var(--jp-ui-font-color2); }}
.leia-form .leia-hint, .leia-form .leia-message {{ line-height: 1.4;
  padding-left: calc({LABEL_WIDTH} + 8px); overflow-wrap: anywhere; }}
.leia-form .leia-message, .leia-form .leia-failed {{ color: var(--jp-error-color1); }}
.leia-form .leia-failed {{ line-height: 1.4; overflow-wrap: anywhere; }}
.leia-form .leia-label {{ width: {LABEL_WIDTH}; text-align: right; padding-right: 8px; }}
.leia-form .leia-refresh {{ font-size: 0; padding: 0; text-align: center; }}
.leia-form .leia-refresh::before {{ content: "↻"; content: "↻" / ""; font-size: 17px; }}
.leia-drop {{ border: 1px dashed var(--jp-border-color1); border-radius: 4px; padding: 4px 8px;
  display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }}
.leia-beside {{ margin: 2px 2px 2px calc({LABEL_WIDTH} + 10px); }}
.leia-form .leia-buttons {{ flex-flow: row wrap; }}
.leia-form .leia-buttons .jupyter-button {{ width: 138px; }}
.leia-drop.leia-over {{ border-color: var(--jp-brand-color1);
  background: var(--jp-layout-color2); }}
.leia-drop .leia-choose {{ width: auto; margin: 0; }}
.leia-form .leia-dead {{ display: none; }}
.leia-form.jupyter-widgets-disconnected .leia-dead {{ display: block; font-weight: 600;
  line-height: 1.4; margin: 8px 0; padding: 2px 10px;
  border-left: 4px solid var(--jp-warn-color1); }}
.leia-form.jupyter-widgets-disconnected .leia-hint {{ display: none; }}
.leia-form.jupyter-widgets-disconnected::before,
.leia-form .jupyter-widgets-disconnected::before {{ content: none; }}
.leia-form.jupyter-widgets-disconnected :is(button:not(.leia-copy), input, select, textarea) {{
  opacity: 0.5; pointer-events: none; }}
[data-jp-theme-light="false"] .leia-form select:not([multiple]) {{ appearance: auto;
  color-scheme: dark; background-image: none; }}
.leia-form table {{ border-collapse: collapse; color: var(--jp-ui-font-color1); }}
.leia-form th, .leia-form td {{ padding: 2px 10px; text-align: left;
  border-bottom: 1px solid var(--jp-border-color3); }}
.leia-form .leia-scroll {{ overflow: auto; max-height: 320px; }}
.leia-form pre {{ background: var(--jp-layout-color2); color: var(--jp-content-font-color1);
  padding: 8px 10px; overflow: auto; }}
.leia-form button:focus-visible, .leia-form input:focus-visible, .leia-form select:focus-visible,
.leia-form textarea:focus-visible {{ outline: 2px solid var(--jp-brand-color1);
  outline-offset: 1px; }}
</style>"""

_ROLES = {
    "title": 'role="heading" aria-level="3"',
    "message": 'role="alert"',
    "failed": 'role="alert"',
    "stage": 'role="status"',
}


def style() -> ipywidgets.HTML:
    """Return the style sheet, to be put into a form once."""
    return shared_layouts.html(_STYLE, display="none")


def head(title: str, lead: str, what: str) -> ipywidgets.HTML:
    """Return what stands above a form or view, and what to do once its kernel has gone.

    Parameters
    ----------
    title, lead : str
        What it is for.
    what : str
        What it is: form or view.
    """
    dead = (
        f"This {what} has lost its kernel, which was restarted, stopped or changed. Run its cell "
        "again to use it. Jobs that LEIA has taken go on."
    )
    return shared_layouts.html(text(title, "title") + text(lead, "lead") + text(dead, "dead"))


def text(words: str, kind: str) -> str:
    """Return words as HTML of a kind: title, lead, hint, message, failed, stage or dead."""
    role = f" {_ROLES[kind]}" if kind in _ROLES else ""
    return f'<div class="leia-{kind}"{role}>{html.escape(words)}</div>'


def cut(words: str) -> str:
    """Return a message whose middle is left out if nobody would read all of it.

    Examples
    --------
    >>> cut("short"), len(cut("long" * 1000))
    ('short', 1500)
    """
    if len(words) <= _LONGEST:
        return words
    return f"{words[: _LONGEST - _END - 3]} … {words[-_END:]}"


def code(words: str) -> str:
    """Return program text as HTML, to be read and copied."""
    return f'<pre tabindex="0">{html.escape(words)}</pre>'


def show(widget: ipywidgets.DOMWidget, shown: bool) -> None:
    """Show or hide a widget."""
    shared_layouts.show(widget, shown)


def tree(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """Give all that a widget consists of, layouts and styles too, and last the widget."""
    parts = [getattr(widget, name, None) for name in ("layout", "style")]
    for part in (*getattr(widget, "children", ()), *parts):
        if isinstance(part, ipywidgets.Widget):
            yield from tree(part)
    yield widget


def close(widget: ipywidgets.Widget) -> None:
    """Close a widget and all it consists of, but for what other widgets use too."""
    for part in tree(widget):
        if not shared_layouts.is_shared(part):
            part.close()
