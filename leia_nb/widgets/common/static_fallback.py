"""The text that a saved notebook shows in place of a form.

A saved notebook lacks its widgets: JupyterLab shows "Loading widget…" or "Error displaying
widget" instead. So a form outputs two things: a text, and the widget. A live form hides the
text (see form.css); without a kernel, the text hides JupyterLab's message.
"""

from __future__ import annotations

import html
from typing import Any, ClassVar

from IPython.display import display

_OUTPUT = ".jp-OutputArea-child"
_STYLE = (
    f"<style>{_OUTPUT}:has(.leia-fallback) + {_OUTPUT}:not(:has(.leia-form))"
    " { display: none; }</style>"
)
_VIEW = "application/vnd.jupyter.widget-view+json"


class StaticFallback:
    """Mixin of a widget with a `title`: how it is displayed with and without a kernel."""

    title: ClassVar[str]
    model_id: Any

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"{name} · {self.title}: run this cell in JupyterLab to use this form."

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            "text/html": f'{_STYLE}<p class="leia-fallback">{html.escape(repr(self))}</p>',
            _VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.model_id},
        }

    def _ipython_display_(self) -> None:
        bundle = self._repr_mimebundle_()
        widget = {_VIEW: bundle.pop(_VIEW)}
        for part in (bundle, widget):
            display(part, raw=True)  # type: ignore[no-untyped-call]
