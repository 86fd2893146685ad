"""A listing of LEIA's objects to browse, filter and sort.

It can be used without a browser; what it asks LEIA for by itself it asks in a thread.
"""

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
from leia_nb.widgets.views.sorting import Sorting
from leia_nb.widgets.views.table import Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client
    from leia_nb.widgets.views.filters import Filters

PAGE = 10
"""Rows on a page."""


class Listing(StaticFallback, ipywidgets.VBox):
    """What a view shows: the rows of a listing, ten to a page.

    Subclasses name their `title`, `lead` and `thing`, and define `read` and `row`.

    Parameters
    ----------
    leia : Client
        What to list from.
    filters : Filters
        What narrows the listing down.
    columns : sequence of Column
        What the table shows.
    sorting : Sorting
        By what it can be sorted.

    Attributes
    ----------
    filters : Filters
        Fill them in with ``view.fill(…)``.
    """

    lead: ClassVar[str]
    thing: ClassVar[str]

    def __init__(
        self, leia: Client, filters: Filters, columns: Sequence[Column], sorting: Sorting
    ) -> None:
        self.leia = leia
        self.filters = filters
        self.sorting = sorting
        self.table = Table(columns)
        self.table.empty = "Asking LEIA …"
        self._page = 1
        self._turning = threading.Lock()
        self._read_for: Any = None
        self._frame: pd.DataFrame | None = None
        self._reading = threading.RLock()
        self._total: int | None = None
        self._failed_to_read = False
        self._background = Background(self._read_quietly, f"leia-{self.thing}s")
        self._make_pager()
        self.note = shared_layouts.html()
        super().__init__(self._layout())
        self.add_class("leia-form")
        self._listen()

    def _make_pager(self) -> None:
        things = f"{self.thing}s"
        self.previous_button = _small("Previous", f"The {PAGE} {things} before these")
        self.next_button = _small("Next", f"The {PAGE} {things} after these")
        self.refresh_button = _small("Refresh", f"Ask LEIA for these {things} again")
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
        """Fill filters in by name, as `list` takes them; None empties one.

        Raises
        ------
        InvalidInput
            If there is no such filter, or it cannot hold the value.
        """
        self.filters.fill(**values)
        return self

    @property
    def values(self) -> dict[str, Any]:
        """The filters that are filled in, by name, as `list` takes them."""
        return self.filters.values

    @property
    def frame(self) -> pd.DataFrame:
        """The rows shown, as `list` returns them; waits if they are just being read."""
        self._background.wait()
        return self.refresh() if self._frame is None else self._frame

    @property
    def page(self) -> int:
        """Which page is shown, counted from 1; set it to turn pages."""
        return self._page

    @page.setter
    def page(self, page: int) -> None:
        self._page = validators.whole_number("page", page, least=1) or 1
        self._background.request()

    @property
    def sort(self) -> str:
        """What it is sorted by, ``-`` in front for descending; set it to sort."""
        return str(self.table.sort)

    @sort.setter
    def sort(self, sort: str) -> None:
        field = str(sort).removeprefix("-")
        self.table.sort = str(sort)[: -len(field)] + str(
            validators.sort(field, self.sorting.sortable)
        )

    def refresh(self) -> pd.DataFrame:
        """Ask LEIA for the rows now.

        Returns
        -------
        pandas.DataFrame
            The rows shown.

        Raises
        ------
        InvalidInput
            If a filter is wrong; the message stands next to it.
        LeiaError
            If LEIA refuses or cannot be reached.
        """
        with self._reading:
            wrong = self.filters.check()
            if wrong:
                field, message = next(iter(wrong.items()))
                raise InvalidInput(message, field=field)
            found = self._read_page()
            while self._read_for != self._wanted:  # somebody has changed it meanwhile
                found = self._read_page()
            self._frame = found.iloc[:PAGE]
            self._show(more=len(found) > PAGE)
            return self._frame

    def wait(self) -> Self:
        """Wait until what is being read is there; return the view."""
        self._background.wait()
        return self

    def close(self) -> None:
        """Take the view off the screen."""
        for part in self.children:
            styles.close(part)
        self.layout.close()
        super().close()

    # -- for subclasses ----------------------------------------------------------

    def read(self, *, offset: int, limit: int) -> pd.DataFrame:
        """List rows, as filters and sorting say; runs in a thread."""
        raise NotImplementedError

    @property
    def resource(self) -> Any:
        """What lists the rows, e.g. `leia.models`."""
        raise NotImplementedError

    def also_ticked(self, _page: pd.DataFrame) -> Sequence[str]:
        """Return which rows stay ticked though this page does not show them: none by itself."""
        return ()

    def row(self, row_id: str, values: Any) -> Row:
        """Return what the table shows of a row of the frame; runs in a thread."""
        raise NotImplementedError

    def read_soon(self) -> None:
        """Read the rows again in the background."""
        self._background.request()

    def say(self, message: str, kind: str = "lead") -> None:
        """Show a message below the table; `kind` as in `look.text`."""
        shown = styles.text(message, kind) if message else ""
        self.note.value = f'<div role="status">{shown}</div>'

    # -- reading -----------------------------------------------------------------

    @property
    def _wanted(self) -> tuple[int, str, dict[str, Any]]:
        """The page, the sorting and the filters to read for."""
        return self._page, self.sort, self.values

    def _read_page(self) -> pd.DataFrame:
        """Read one row more than a page has, to know whether there is a next one."""
        while True:
            self._read_for = self._wanted
            page = self._read_for[0]
            start = (page - 1) * PAGE
            found = self.read(offset=start, limit=PAGE + 1)
            more = len(found) > PAGE
            self._total = start + len(found) if len(found) and not more else self._count()
            if len(found) or page == 1:
                return found
            self._turn_from(page, self._last_page(page))

    def _count(self) -> int | None:
        return row_count.total(self.resource, self.filters.values)

    def _last_page(self, page: int) -> int:
        """Return the last page, for one that is no more; half of it if LEIA counts nothing."""
        if self._total is None:
            return page // 2
        return max(1, min(page - 1, math.ceil(self._total / PAGE)))

    def _turn_from(self, page: int, to: int) -> None:
        """Turn to another page, unless somebody has turned from this one meanwhile."""
        with self._turning:
            if self._page == page:
                self._page = to

    def _read_quietly(self) -> None:
        """Read in a thread; what goes wrong stands in the view."""
        try:
            self.refresh()
        except LeiaError as error:
            field = self.filters.fields.get(error.field or "")
            if field is None:
                self._unread(error)
            else:
                field.say(str(error))
        except Exception as error:  # a view must show whatever goes wrong, in words
            self._unread(error)
        else:
            if self._failed_to_read:
                self.say("")
            self._failed_to_read = False

    def _unread(self, error: Exception) -> None:
        self._failed_to_read = True
        if self._frame is None:
            self.table.empty = ""
        self.say(error_message(error), "failed")

    def _show(self, *, more: bool) -> None:
        frame = self._frame
        rows = [] if frame is None else [self.row(str(i), row) for i, row in frame.iterrows()]
        what = "match these filters" if self.filters.values else "are there yet"
        others = () if frame is None else self.also_ticked(frame)
        caption = self._caption(len(rows), more)
        caption += f" · {len(others)} ticked on other pages" if others else ""
        self.table.show(rows, caption, f"No {self.thing}s {what}.", others)
        self.previous_button.disabled = self._read_for[0] == 1
        self.next_button.disabled = not more

    def _caption(self, rows: int, more: bool) -> str:
        start = (self._read_for[0] - 1) * PAGE
        if not more and not start:
            return humanize.count(rows, self.thing) if rows else ""
        of = "and more" if self._total is None else f"of {self._total}"
        return f"{self.thing.capitalize()}s {start + 1} to {start + rows} {of}"

    def _changed(self) -> None:
        with self._turning:
            self._page = 1
        self._background.request()

    def _turn(self, by: int) -> None:
        with self._turning:
            self._page = max(1, self._page + by)
        self._background.request()


def _small(label: str, tooltip: str) -> ipywidgets.Button:
    return ipywidgets.Button(
        description=label, tooltip=tooltip, layout=shared_layouts.layout(width="auto")
    )
