"""Which rows of a view are ticked, on this page and on others."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.widgets.views.table import Table


class RowSelection:
    """The ticked rows, which stay ticked while pages are turned or sorted anew.

    A row that went away is no longer ticked; other filters untick what they hide.

    Parameters
    ----------
    table : Table
        Where people tick.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows: dict[str, pd.DataFrame] = {}
        self._page: pd.DataFrame | None = None
        self._place: Any = None
        self._filters: Any = None
        self._lock = threading.RLock()  # pages arrive in a thread
        table.observe(lambda _change: self._ticked(), "selected")

    @property
    def elsewhere(self) -> list[str]:
        """The ids of the rows that are ticked on other pages."""
        shown = () if self._page is None else self._page.index
        return [row_id for row_id in self._rows if row_id not in shown]

    def frame(self) -> pd.DataFrame | None:
        """Return the ticked rows, those of this page first; None before the first page."""
        with self._lock:
            if self._page is None:
                return None
            chosen = self._page.loc[[one for one in self._page.index if one in self._rows]]
            others = [self._rows[one] for one in self.elsewhere]
        if not others:
            return chosen
        import pandas as pd

        return pd.concat([chosen, *others] if len(chosen) else others)

    def arrived(self, page: pd.DataFrame, place: Any, filters: Any) -> None:
        """Take in a page.

        Parameters
        ----------
        page : pandas.DataFrame
            Its rows.
        place : object
            Which page it is, and by what it is sorted.
        filters : object
            What narrows the listing down.
        """
        with self._lock:
            hidden = filters != self._filters
            gone = set() if place != self._place or self._page is None else set(self._page.index)
            self._rows = {
                row_id: page.loc[[row_id]] if row_id in page.index else row
                for row_id, row in self._rows.items()
                if row_id in page.index or not (hidden or row_id in gone)
            }
            self._page, self._place, self._filters = page, place, filters

    def forget(self, row_id: str) -> None:
        """Untick a row that is no more, on whatever page it was."""
        self._table.untick(row_id)

    def _ticked(self) -> None:
        with self._lock:
            page = self._page
            known = {} if page is None else {str(one): page.loc[[one]] for one in page.index}
            rows = {**self._rows, **known}
            self._rows = {one: rows[one] for one in self._table.selected if one in rows}
