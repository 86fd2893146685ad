"""A table whose rows are selected with checkboxes, by mouse or keyboard.

Its cells are displayed as text and never as HTML, so that no script in them can run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import anywidget
import traitlets

from leia_nb.widgets.browser import STATIC

Tone = Literal["", "failed"]


@dataclass(frozen=True)
class Column:
    """A column; a click on its head sorts by the field `sort`, if it has one.

    `whole` keeps short text, such as times, on one line. Other text is cut to two lines, and
    long words are broken if the table would otherwise be too wide.
    """

    label: str
    sort: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Row:
    """A row with one text per column; screen readers read its `label`."""

    id: str
    label: str
    cells: tuple[str, ...]
    tone: Tone = ""


class Table(anywidget.AnyWidget):
    """A table with checkboxes.

    Examples
    --------
    >>> table = Table([Column("name", sort="name")])
    >>> table.show([Row("5f", "Digits", ("Digits",))], "1 model")
    >>> table.selected = ["5f"]
    >>> table.show([], "no models")
    >>> table.selected
    []
    """

    _esm = (STATIC / "table.js").read_text(encoding="utf-8")
    _css = (STATIC / "table.css").read_text(encoding="utf-8")

    columns: traitlets.List[dict[str, object]] = traitlets.List().tag(sync=True)
    """The columns, as dicts."""
    rows: traitlets.List[dict[str, object]] = traitlets.List().tag(sync=True)
    """The rows, as dicts."""
    selected: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The ids of the selected rows."""
    sort = traitlets.Unicode().tag(sync=True)
    """The sort field, prefixed with ``-`` for descending order."""
    caption = traitlets.Unicode().tag(sync=True)
    """The text above the rows."""
    empty = traitlets.Unicode().tag(sync=True)
    """The text shown in place of rows."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._changing = threading.RLock()  # rows may be selected while others are read in a thread
        super().__init__(columns=[asdict(column) for column in columns])

    def show(
        self, rows: Iterable[Row], caption: str, empty: str = "", also: Iterable[str] = ()
    ) -> None:
        """Show other rows; those of them and of `also` (ids) that are selected stay so."""
        shown = [asdict(row) | {"cells": list(row.cells)} for row in rows]
        ids = {*also, *(row["id"] for row in shown)}
        with self._changing:
            self.selected = [row_id for row_id in self.selected if row_id in ids]
            with self.hold_sync():
                self.rows = shown
                self.caption = caption
                self.empty = empty

    def deselect(self, row_id: str) -> None:
        """Deselect a row, on whatever page it is."""
        with self._changing:
            self.selected = [selected for selected in self.selected if selected != row_id]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take in a change made in the browser."""
        with self._changing:
            super().set_state(sync_data)
