"""A listing of LEIA's objects to browse, filter and sort; it reads them in a thread."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import ipywidgets

from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.records import humanize
from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import shared_layouts, styles
from leia_nb.widgets.common.actions import error_message
from leia_nb.widgets.common.background import Background
from leia_nb.widgets.common.static_fallback import StaticFallback
from leia_nb.widgets.views import row_count
from leia_nb.widgets.views.resource_filters import make_filters, make_sorting
from leia_nb.widgets.views.row_selection import RowSelection
from leia_nb.widgets.views.table import Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client

PAGE = 10
"""Rows on a page."""


class Listing(StaticFallback, ipywidgets.VBox):
    """The table of a listing, ten rows to a page, with its filters and its sorting.

    Subclasses set `title`, `lead` and `resource_name`, e.g. ``"model"``, and define `row`.
    """

    lead: ClassVar[str]
    resource_name: ClassVar[str]

    def __init__(self, leia: Client, columns: Sequence[Column]) -> None:
        self.leia = leia
        self.resource: Any = getattr(leia, f"{self.resource_name}s")
        self.filters = make_filters(self.resource_name)
        self.sorting = make_sorting(self.resource_name)
        self.table = Table(columns)
        self.table.empty = "Asking LEIA …"
        self._selection = RowSelection(self.table)
        self._page = 1
        self._page_lock = threading.Lock()
        self._read_for: Any = None
        self._frame: pd.DataFrame | None = None
        self._reading = threading.RLock()
        self._total: int | None = None
        self._failed_to_read = False
        self._background = Background(self._read_quietly, f"leia-{self.resource_name}s")
        self._make_pager()
        self.note = shared_layouts.html()
        super().__init__(self._layout())
        self.add_class("leia-form")
        self._listen()

    def _make_pager(self) -> None:
        plural = f"{self.resource_name}s"
        self.previous_button = _small("Previous", f"The previous {PAGE} {plural}")
        self.next_button = _small("Next", f"The next {PAGE} {plural}")
        self.refresh_button = _small("Refresh", f"Read these {plural} from LEIA again")
        self.previous_button.disabled = self.next_button.disabled = True

    def _layout(self) -> list[ipywidgets.Widget]:
        pager = [self.previous_button, self.next_button, self.refresh_button]
        return [
            styles.style(),
            styles.head(self.title, self.lead, "view"),
            self.filters,
            self.sorting,
            self.table,
            ipywidgets.HBox(pager, layout=shared_layouts.layout()),
            self.note,
        ]

    def _listen(self) -> None:
        self.filters.on_change(self._changed)
        self.sorting.link(self.table)
        self.table.observe(lambda _change: self._changed(), "sort")
        self.previous_button.on_click(lambda _button: self._turn(-1))
        self.next_button.on_click(lambda _button: self._turn(1))
        self.refresh_button.on_click(lambda _button: self._background.request())

    # -- without a browser -------------------------------------------------------

    def fill(self, **values: Any) -> Self:
        """Fill in filters by name, as `list` takes them; None empties one.

        Raises
        ------
        InvalidInput
            If a filter is unknown, or cannot hold the value.
        """
        self.filters.fill(**values)
        return self

    @property
    def values(self) -> dict[str, Any]:
        """The values of the filters that are not empty, by name, as `list` takes them."""
        return self.filters.values

    @property
    def frame(self) -> pd.DataFrame:
        """The rows shown, as `list` returns them; waits while they are being read."""
        self._background.wait()
        return self.refresh() if self._frame is None else self._frame

    @property
    def page(self) -> int:
        """The number of the page shown, from 1; set it to turn pages."""
        return self._page

    @page.setter
    def page(self, page: int) -> None:
        self._page = validators.whole_number("page", page, least=1) or 1
        self._background.request()

    @property
    def sort(self) -> str:
        """The sort field, prefixed with ``-`` for descending order; set it to sort."""
        return str(self.table.sort)

    @sort.setter
    def sort(self, sort: str) -> None:
        field = str(sort).removeprefix("-")
        direction = "-" if str(sort).startswith("-") else ""
        self.table.sort = f"{direction}{validators.sort(field, self.sorting.sortable)}"

    def refresh(self) -> pd.DataFrame:
        """Read the rows from LEIA now.

        Returns
        -------
        pandas.DataFrame
            The rows shown.

        Raises
        ------
        InvalidInput
            If a filter is invalid; the message is shown next to it.
        LeiaError
            If LEIA rejects the request or cannot be reached.
        """
        with self._reading:
            for field, message in self.filters.check().items():
                raise InvalidInput(message, field=field)
            rows = self._read_page()
            while self._read_for != self._wanted:  # changed while the page was being read
                rows = self._read_page()
            self._frame = rows.iloc[:PAGE]
            self._show(self._frame, more=len(rows) > PAGE)
            return self._frame

    def wait(self) -> Self:
        """Wait until nothing is being read; return the view."""
        self._background.wait()
        return self

    def close(self) -> None:
        """Close the view."""
        for part in self.children:
            styles.close(part)
        self.layout.close()
        super().close()

    # -- for subclasses ----------------------------------------------------------

    def row(self, row_id: str, values: Any) -> Row:
        """Return a row of the frame as the table shows it; runs in a thread."""
        raise NotImplementedError

    def read_soon(self) -> None:
        """Read the rows again in the background."""
        self._background.request()

    def show_message(self, message: str, kind: str = "lead") -> None:
        """Show a message below the table; `kind` as in `styles.text`."""
        content = styles.text(message, kind) if message else ""
        self.note.value = f'<div role="status">{content}</div>'

    # -- reading -----------------------------------------------------------------

    @property
    def _wanted(self) -> tuple[int, str, dict[str, Any]]:
        """The page, the sorting and the filters to read for."""
        return self._page, self.sort, self.values

    def _read_page(self) -> pd.DataFrame:
        """Read one row more than a page has, to know whether there is a next page."""
        while True:
            self._read_for = page, sort, filters = self._wanted
            start = (page - 1) * PAGE
            rows: pd.DataFrame = self.resource.list(
                **filters, sort=sort, offset=start, limit=PAGE + 1, progress=False
            )
            is_last = 0 < len(rows) <= PAGE
            self._total = start + len(rows) if is_last else self._count()
            if len(rows) or page == 1:
                return rows
            self._turn_from(page, self._last_page(page))

    def _count(self) -> int | None:
        return row_count.total(self.resource, self.filters.values)

    def _last_page(self, page: int) -> int:
        """Return the last page if `page` is empty; half of it if LEIA does not count them."""
        if self._total is None:
            return page // 2
        return max(1, min(page - 1, math.ceil(self._total / PAGE)))

    def _turn_from(self, page: int, to: int) -> None:
        """Turn to another page, unless it was turned meanwhile."""
        with self._page_lock:
            if self._page == page:
                self._page = to

    def _read_quietly(self) -> None:
        """Read in a thread; show errors in the view."""
        try:
            self.refresh()
        except LeiaError as error:
            field = self.filters.fields.get(error.field or "")
            if field is None:
                self._unread(error)
            else:
                field.show_message(str(error))
        except Exception as error:  # a view shows every error
            self._unread(error)
        else:
            if self._failed_to_read:
                self.show_message("")
            self._failed_to_read = False

    def _unread(self, error: Exception) -> None:
        self._failed_to_read = True
        if self._frame is None:
            self.table.empty = ""
        self.show_message(error_message(error), "failed")

    def _show(self, frame: pd.DataFrame, *, more: bool) -> None:
        page, sort, filters = self._read_for
        # First the rows, which may take requests: then selection and table change together.
        rows = [self.row(str(row_id), row) for row_id, row in frame.iterrows()]
        self._selection.update(frame, (page, sort), filters)
        others = self._selection.on_other_pages
        caption = self._caption(len(frame), more)
        caption += f" · {len(others)} selected on other pages" if others else ""
        plural = f"{self.resource_name}s"
        empty = f"No {plural} match these filters." if filters else f"There are no {plural} yet."
        self.table.show(rows, caption, empty, others)
        self.previous_button.disabled = page == 1
        self.next_button.disabled = not more

    def _caption(self, rows: int, more: bool) -> str:
        start = (self._read_for[0] - 1) * PAGE
        if not more and not start:
            return humanize.count(rows, self.resource_name) if rows else ""
        of = "and more" if self._total is None else f"of {self._total}"
        return f"{self.resource_name.capitalize()}s {start + 1} to {start + rows} {of}"

    def _changed(self) -> None:
        with self._page_lock:
            self._page = 1
        self._background.request()

    def _turn(self, by: int) -> None:
        with self._page_lock:
            self._page = max(1, self._page + by)
        self._background.request()


def _small(label: str, tooltip: str) -> ipywidgets.Button:
    return ipywidgets.Button(
        description=label, tooltip=tooltip, layout=shared_layouts.layout(width="auto")
    )
