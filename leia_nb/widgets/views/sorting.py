"""The sort order of a view: a field and a direction."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.widgets.common import styles

if TYPE_CHECKING:
    from leia_nb.widgets.views.table import Table


class Sorting(ipywidgets.HBox):
    """Dropdowns for the sort field and the direction.

    `labels` has the label of each field; `sort` is the initial order, e.g. ``"-name"``.
    """

    def __init__(self, labels: Mapping[str, str], sort: str) -> None:
        self.sortable = tuple(labels)
        self._initial = sort
        self._following: int | None = None  # the thread in which the dropdowns follow the table
        self.field = ipywidgets.Dropdown(
            options=[(label, name) for name, label in labels.items()],
            value=sort.removeprefix("-"),
            description="Sort by",
            tooltip="The field to sort by",
            style={"description_width": styles.LABEL_WIDTH},
            layout={"width": "25em"},
        )
        self.direction = ipywidgets.Dropdown(
            options=[("ascending", ""), ("descending", "-")],
            value="-" if sort.startswith("-") else "",
            description="Direction",
            tooltip="Ascending: A before Z, old before new. Descending: the reverse",
            style={"description_width": "5.5em"},
            layout={"width": "15em"},
        )
        super().__init__([self.field, self.direction])
        self.layout.flex_flow = "row wrap"

    def link(self, table: Table) -> None:
        """Synchronize the dropdowns with the column heads of the table."""
        table.sort = self._initial
        for dropdown in (self.field, self.direction):
            dropdown.observe(lambda _change: self._choose(table), "value")
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
