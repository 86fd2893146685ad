"""How forms look: calm, aligned, in JupyterLab's own colours, light or dark."""

from __future__ import annotations

import html

import ipywidgets

_STYLE = """<style>
.leia-form { max-width: 760px; padding: 12px 16px; border: 1px solid var(--jp-border-color2);
  border-radius: 6px; background: var(--jp-layout-color1); color: var(--jp-ui-font-color1); }
.leia-form .leia-title { font-size: 1.15em; font-weight: 600; margin: 0; }
.leia-form .leia-lead, .leia-form .leia-hint { color: var(--jp-ui-font-color2); }
.leia-form .leia-hint, .leia-form .leia-message { line-height: 1.4; padding-left: 11.5em; }
.leia-form .leia-message { color: var(--jp-error-color1); }
.leia-form .leia-failed { color: var(--jp-error-color1); line-height: 1.4; }
.leia-form table { border-collapse: collapse; color: var(--jp-ui-font-color1); }
.leia-form th, .leia-form td { padding: 2px 10px; text-align: left;
  border-bottom: 1px solid var(--jp-border-color3); }
.leia-form .leia-scroll { overflow: auto; max-height: 320px; }
.leia-form pre { background: var(--jp-layout-color2); color: var(--jp-content-font-color1);
  padding: 8px 10px; overflow: auto; }
.leia-form button:focus-visible, .leia-form input:focus-visible, .leia-form select:focus-visible,
.leia-form textarea:focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 1px; }
</style>"""

LABEL_WIDTH = "11em"


def style() -> ipywidgets.HTML:
    """Return the style sheet, to be put into a form once."""
    return ipywidgets.HTML(_STYLE, layout=ipywidgets.Layout(display="none"))


def text(words: str, kind: str) -> str:
    """Return words as HTML of a kind: title, lead, hint, message or failed."""
    return f'<div class="leia-{kind}">{html.escape(words)}</div>'


def code(words: str) -> str:
    """Return program text as HTML, to be read and copied."""
    return f"<pre>{html.escape(words)}</pre>"
