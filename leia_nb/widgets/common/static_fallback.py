"""What a notebook keeps of a form, for where no kernel runs it.

A saved notebook has no widgets: JupyterLab says "Loading widget…" or "Error displaying
widget" in their place. So a form puts out two things: a text that says what stood
here, and the widget. Where the form lives it hides the text; where it does not, the
text hides what JupyterLab says.
"""

from __future__ import annotations

import html
from typing import Any

from IPython.display import display

_OUTPUT = ".jp-OutputArea-child"
_STYLE = (
    f"<style>{_OUTPUT}:has(.leia-fallback) + {_OUTPUT}:not(:has(.leia-form))"
    " { display: none; }</style>"
)
HIDE = f"{_OUTPUT}:has(.leia-fallback):has(+ {_OUTPUT} .leia-form) {{ display: none; }}"
"""The rule by which a living form hides its text."""


def text(name: str, title: str) -> str:
    """Return the text that stands for a form."""
    return f"{name} · {title}: run this cell in JupyterLab to use this form."


def bundle(name: str, title: str, model_id: str) -> dict[str, Any]:
    """Return the form in all the shapes that a frontend may choose from."""
    return {
        "text/plain": text(name, title),
        "text/html": _as_html(name, title),
        "application/vnd.jupyter.widget-view+json": {
            "version_major": 2,
            "version_minor": 0,
            "model_id": model_id,
        },
    }


def show(name: str, title: str, model_id: str) -> None:
    """Put out the text, then the form itself."""
    shapes = bundle(name, title, model_id)
    widget = shapes.pop("application/vnd.jupyter.widget-view+json")
    display(shapes, raw=True)  # type: ignore[no-untyped-call]
    display(  # type: ignore[no-untyped-call]
        {"application/vnd.jupyter.widget-view+json": widget}, raw=True
    )


def _as_html(name: str, title: str) -> str:
    return f'{_STYLE}<p class="leia-fallback">{html.escape(text(name, title))}</p>'
