"""A view: a listing of LEIA's objects to browse, filter, sort and act on.

It can be used without a browser; what it asks LEIA for by itself it asks in a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import ipywidgets

from leia_nb import words
from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.resources import checks, identifiers
from leia_nb.widgets import fallback, look
from leia_nb.widgets.actions import Actions, in_words
from leia_nb.widgets.background import Background
from leia_nb.widgets.cells import several
from leia_nb.widgets.panels import Panels
from leia_nb.widgets.sorting import Sorting
from leia_nb.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.toolkit import Leia
    from leia_nb.widgets.filters import Filters

PAGE = 10
"""Rows on a page."""

_DEAD = "This view is a picture of an earlier run. Run its cell again to use it."


class View(ipywidgets.VBox):
    """The base of all views.

    Subclasses name their `title`, `lead` and `thing`, and define `read` and `row`.

    Parameters
    ----------
    leia : Leia
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
        Fill them in with ``view.filters.fill(…)``.
    """

    title: ClassVar[str]
    lead: ClassVar[str]
    thing: ClassVar[str]

    def __init__(
        self, leia: Leia, filters: Filters, columns: Sequence[Column], sorting: Sorting
    ) -> None:
        self.leia = leia
        self.filters = filters
        self.sorting = sorting
        self.table = Table(columns)
        self._page = 1
        self._frame: pd.DataFrame | None = None
        self._reading = threading.RLock()
        self._failed_to_read = False
        self._background = Background(self._read_quietly, f"leia-{self.thing}s")
        self._make_pager()
        self.note = ipywidgets.HTML()
        self.actions = Actions(self.say)
        self.buttons = ipywidgets.HBox(layout={"flex_flow": "row wrap", "margin": "8px 0 0 0"})
        self.panels = Panels()
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
            look.style(),
            ipywidgets.HTML(look.text(self.title, "title") + look.text(self.lead, "lead")),
            self.filters,
            self.sorting,
            self.table,
            ipywidgets.HBox(pager),
            self.buttons,
            self.note,
            self.panels,
            ipywidgets.HTML(look.text(_DEAD, "dead")),
        ]

    def _listen(self) -> None:
        self.filters.on_change(self._changed)
        self.sorting.link(self.table)
        self.table.observe(lambda _change: self._changed(), "sort")
        self.previous_button.on_click(lambda _button: self._turn(-1))
        self.next_button.on_click(lambda _button: self._turn(1))
        self.refresh_button.on_click(lambda _button: self._background.want())

    # -- without a browser -------------------------------------------------------

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
        self._page = checks.whole_number("page", page, least=1) or 1
        self._background.want()

    @property
    def sort(self) -> str:
        """What it is sorted by, ``-`` in front for descending; set it to sort."""
        return str(self.table.sort)

    @sort.setter
    def sort(self, sort: str) -> None:
        field = str(sort).removeprefix("-")
        self.table.sort = str(sort)[: -len(field)] + str(checks.sort(field, self.sorting.sortable))

    @property
    def selected(self) -> pd.DataFrame:
        """The rows that are ticked; goes wherever an id goes."""
        frame = self.frame
        return frame.loc[[one for one in frame.index if one in self.table.selected]]

    def select(self, these: Any = ()) -> Self:
        """Tick these rows and no others.

        Parameters
        ----------
        these : ids, short names, objects or a frame
            Rows of the page that is shown; none by default.

        Returns
        -------
        Self
            The view itself.

        Raises
        ------
        InvalidInput
            If one of them is not on the page.
        """
        wanted = [] if _is_none(these) else identifiers.references(these, self.thing)
        self.table.selected = [self._shown(one.id) for one in wanted]
        return self

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
            self._frame = found.iloc[:PAGE]
            self._show(more=len(found) > PAGE)
            return self._frame

    def wait(self) -> Self:
        """Wait until what was clicked, and the reading after it, is done; return the view."""
        self.actions.wait()
        self._background.wait()
        return self

    def close(self) -> None:
        """Take the view off the screen."""
        for part in self.children:
            look.close(part)
        super().close()

    # -- for subclasses ----------------------------------------------------------

    def read(self, *, offset: int, limit: int) -> pd.DataFrame:
        """List rows, as filters and sorting say; runs in a thread."""
        raise NotImplementedError

    def row(self, row_id: str, values: Any) -> Row:
        """Return what the table shows of a row of the frame; runs in a thread."""
        raise NotImplementedError

    def some(self, doing: str) -> pd.DataFrame:
        """Return the ticked rows; refuse if there are none."""
        chosen = self.selected
        if not len(chosen):
            raise InvalidInput(
                f"No {self.thing} is ticked. Tick the {self.thing}s to {doing}.",
                field=f"{self.thing}_id",
            )
        return chosen

    def one(self, doing: str) -> pd.DataFrame:
        """Return the one ticked row; refuse if there are none or several."""
        chosen = self.some(doing)
        if len(chosen) > 1:
            raise InvalidInput(
                f"{len(chosen)} {self.thing}s are ticked. Tick only the one to {doing}.",
                field=f"{self.thing}_id",
            )
        return chosen

    def names(self, some: pd.DataFrame) -> list[str]:
        """Return what people call these rows."""
        raise NotImplementedError

    def each(
        self, doing: str, done: str, some: pd.DataFrame, work: Callable[[pd.DataFrame], Any]
    ) -> None:
        """Do something to one row after another and say how far it came.

        Parameters
        ----------
        doing, done : str
            What to say meanwhile and afterwards, e.g. ``"deleting"``, ``"Deleted"``.
        some : pandas.DataFrame
            The rows.
        work : callable
            Takes a frame of one row.
        """
        names = self.names(some)

        def go() -> str:
            for place, row_id in enumerate(some.index):
                try:
                    work(some.loc[[row_id]])
                except LeiaError as error:
                    if place:
                        error.args = (f"{done} {several(names[:place])}, but then: {error}",)
                    raise
            return f"{done} {several(names)}."

        try:
            self.actions.run(doing, go)
        finally:
            self.read_soon()

    def read_soon(self) -> None:
        """Read the rows again in the background."""
        self._background.want()

    def say(self, message: str, kind: str = "lead") -> None:
        """Show a message below the table; `kind` as in `look.text`."""
        shown = look.text(message, kind) if message else ""
        self.note.value = f'<div role="status">{shown}</div>'

    # -- reading -----------------------------------------------------------------

    def _shown(self, name: str) -> str:
        """Return the id of a row that is shown, from its id or short name."""
        frame = self.frame
        if name in frame.index:
            return name
        if "short_name" in frame.columns and (frame["short_name"] == name).any():
            return str(frame.index[(frame["short_name"] == name).fillna(False)][0])
        raise InvalidInput(
            f"The {self.thing} {name!r} is not among the {len(frame)} shown. Filter for it or turn "
            "to its page first.",
            field=f"{self.thing}_id",
        )

    def _read_page(self) -> pd.DataFrame:
        """Read one row more than a page has, to know whether there is a next one."""
        while True:
            start = (self._page - 1) * PAGE
            found = self.read(offset=start, limit=PAGE + 1)
            if len(found) or self._page == 1:
                return found
            self._page -= 1

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
        self.say(in_words(error), "failed")

    def _show(self, *, more: bool) -> None:
        frame = self._frame
        rows = [] if frame is None else [self.row(str(i), row) for i, row in frame.iterrows()]
        what = "match these filters" if self.filters.values else "are there yet"
        self.table.show(rows, self._caption(len(rows), more), f"No {self.thing}s {what}.")
        self.previous_button.disabled = self._page == 1
        self.next_button.disabled = not more

    def _caption(self, rows: int, more: bool) -> str:
        start = (self._page - 1) * PAGE
        if not more and not start:
            return words.count(rows, self.thing) if rows else ""
        of = "and more" if more else f"of {start + rows}"
        return f"{self.thing.capitalize()}s {start + 1} to {start + rows} {of}"

    def _changed(self) -> None:
        self._page = 1
        self._background.want()

    def _turn(self, by: int) -> None:
        self._page = max(1, self._page + by)
        self._background.want()

    def __repr__(self) -> str:
        return fallback.text(type(self).__name__, self.title)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        return fallback.bundle(type(self).__name__, self.title, self.model_id)

    def _ipython_display_(self) -> None:
        fallback.show(type(self).__name__, self.title, self.model_id)


def _small(label: str, tooltip: str) -> ipywidgets.Button:
    return ipywidgets.Button(description=label, tooltip=tooltip, layout={"width": "auto"})


def _is_none(these: Any) -> bool:
    return these is None or (
        not isinstance(these, str) and hasattr(these, "__len__") and not len(these)
    )
