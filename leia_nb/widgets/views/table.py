"""A table whose rows are chosen with checkboxes, by mouse or keyboard.

Its texts reach the page as text and never as HTML, so that nothing in them is run.
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
    """A column.

    Parameters
    ----------
    label : str
        What its head says.
    sort : str
        The field that a click on the head sorts by; empty: none.
    whole : bool
        Whether its texts stay on one line: short ones, such as times. Others are cut to
        two lines, and their words broken where the table would else be too wide.
    """

    label: str
    sort: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Row:
    """A row.

    Parameters
    ----------
    id : str
        By what it is chosen.
    label : str
        What a screen reader calls it.
    cells : tuple of str
        Its texts, one a column.
    tone : "" or "failed"
        How it stands out.
    """

    id: str
    label: str
    cells: tuple[str, ...]
    tone: Tone = ""


class Table(anywidget.AnyWidget):
    """The table.

    Parameters
    ----------
    columns : sequence of Column
        Its columns.

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
    """The ids of the rows that are chosen."""
    sort = traitlets.Unicode().tag(sync=True)
    """What it is sorted by; ``-`` in front for descending."""
    caption = traitlets.Unicode().tag(sync=True)
    """What stands above the rows."""
    empty = traitlets.Unicode().tag(sync=True)
    """What stands where there are no rows."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._changing = threading.RLock()  # people tick while rows arrive in a thread
        super().__init__(columns=[asdict(column) for column in columns])

    def show(
        self, rows: Iterable[Row], caption: str, empty: str = "", also: Iterable[str] = ()
    ) -> None:
        """Show other rows; what is chosen and still there stays chosen.

        Parameters
        ----------
        rows : iterable of Row
            The rows.
        caption : str
            What to say above them.
        empty : str
            What to say where there are none.
        also : iterable of str
            Rows that stay chosen though they are not shown.
        """
        shown = [asdict(row) | {"cells": list(row.cells)} for row in rows]
        ids = {*also, *(row["id"] for row in shown)}
        with self._changing:
            self.selected = [chosen for chosen in self.selected if chosen in ids]
            with self.hold_sync():
                self.rows = shown
                self.caption = caption
                self.empty = empty

    def untick(self, row_id: str) -> None:
        """Choose a row no longer."""
        with self._changing:
            self.selected = [one for one in self.selected if one != row_id]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take in what people did in the browser."""
        with self._changing:
            super().set_state(sync_data)
