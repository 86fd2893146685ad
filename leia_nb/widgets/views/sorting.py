"""By what a view is sorted: a field and a direction."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.widgets.common import styles

if TYPE_CHECKING:
    from leia_nb.widgets.views.table import Table


class Sorting(ipywidgets.HBox):
    """Two lists to choose from: the field, and up or down.

    Parameters
    ----------
    labels : mapping of str to str
        Every field that LEIA can sort by, and what people call it.
    sort : str
        What to begin with; ``-`` in front for descending.
    """

    def __init__(self, labels: Mapping[str, str], sort: str) -> None:
        self.sortable = tuple(labels)
        self._first = sort
        self._following: int | None = None  # the thread that does
        self.field = ipywidgets.Dropdown(
            options=[(label, name) for name, label in labels.items()],
            value=sort.removeprefix("-"),
            description="Sort by",
            tooltip="The field that decides the order",
            style={"description_width": styles.LABEL_WIDTH},
            layout={"width": "25em"},
        )
        self.direction = ipywidgets.Dropdown(
            options=[("ascending", ""), ("descending", "-")],
            value="-" if sort.startswith("-") else "",
            description="Direction",
            tooltip="Ascending: A before Z, old before new. Descending: the other way round",
            style={"description_width": "5.5em"},
            layout={"width": "15em"},
        )
        super().__init__([self.field, self.direction])
        self.layout.flex_flow = "row wrap"

    def link(self, table: Table) -> None:
        """Keep the lists and the heads of the table in step."""
        table.sort = self._first
        self.field.observe(lambda _change: self._choose(table), "value")
        self.direction.observe(lambda _change: self._choose(table), "value")
        table.observe(self._follow, "sort")

    def _choose(self, table: Table) -> None:
        if self._following != threading.get_ident():
            table.sort = self.direction.value + self.field.value

    def _follow(self, change: Mapping[str, Any]) -> None:
        sort = str(change["new"])
        self._following = threading.get_ident()
        self.direction.value = "-" if sort.startswith("-") else ""
        self.field.value = sort.removeprefix("-")
        self._following = None
