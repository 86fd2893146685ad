"""The selected rows of a listing, on the page that is shown and on others."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.widgets.views.table import Table


class RowSelection:
    """The rows selected in `table`; they stay selected when the page or the order changes.

    Rows that no longer exist, or that other filters hide, are deselected.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows: dict[str, pd.DataFrame] = {}
        self._page: pd.DataFrame | None = None
        self._position: Any = None
        self._filters: Any = None
        self._lock = threading.RLock()  # pages are read in a thread
        table.observe(lambda _change: self._take_selected(), "selected")

    @property
    def on_other_pages(self) -> list[str]:
        """The ids of the rows that are selected on other pages."""
        shown = () if self._page is None else self._page.index
        return [row_id for row_id in self._rows if row_id not in shown]

    def frame(self) -> pd.DataFrame | None:
        """Return the selected rows, those of this page first; None before the first page."""
        with self._lock:
            if self._page is None:
                return None
            selected = self._page[self._page.index.isin(list(self._rows))]
            others = [self._rows[row_id] for row_id in self.on_other_pages]
        if not others:
            return selected
        import pandas as pd

        return pd.concat([selected, *others] if len(selected) else others)

    def update(self, page: pd.DataFrame, position: Any, filters: Any) -> None:
        """Take in a page; `position` is its number and its order."""
        with self._lock:
            page_before = self._page
            refiltered = filters != self._filters
            # Rows of the same page that are not on it any more do not exist.
            missing = () if page_before is None or position != self._position else page_before.index
            self._rows = {
                row_id: page.loc[[row_id]] if row_id in page.index else row
                for row_id, row in self._rows.items()
                if row_id in page.index or not (refiltered or row_id in missing)
            }
            self._page, self._position, self._filters = page, position, filters

    def _take_selected(self) -> None:
        with self._lock:
            page = self._page
            shown = {} if page is None else {str(row): page.loc[[row]] for row in page.index}
            rows = {**self._rows, **shown}
            self._rows = {row: rows[row] for row in self._table.selected if row in rows}
