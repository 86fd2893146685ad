"""What a form does in the browser beyond ipywidgets: copy its code, and settle."""

from __future__ import annotations

import traitlets

from leia_nb.widgets.browser.browser_sync import Settling, script


class BrowserBridge(Settling):
    """The button that copies a form's code."""

    _esm = script("form")

    description = traitlets.Unicode("Copy code").tag(sync=True)
    """What stands on the button."""

    code = traitlets.Unicode().tag(sync=True)
    """What it copies."""

    def __init__(self) -> None:
        super().__init__(
            tooltip="Copy the Python call that does the same", layout={"margin": "2px"}
        )
