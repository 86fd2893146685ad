"""A view: a listing whose rows are ticked to do something with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

import ipywidgets

from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.resources.parameters import references
from leia_nb.widgets.browser.browser_sync import BrowserSync
from leia_nb.widgets.common.actions import Actions
from leia_nb.widgets.views.cells import several
from leia_nb.widgets.views.listing import Listing
from leia_nb.widgets.views.panels import Panels
from leia_nb.widgets.views.row_selection import RowSelection
from leia_nb.widgets.views.sorting import Sorting
from leia_nb.widgets.views.table import Column

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client
    from leia_nb.widgets.views.filters import Filters


class View(Listing):
    """The base of all views.

    Subclasses also define `names`, and put their buttons into `buttons`.

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
    actions : Actions
        Makes the buttons.
    panels : Panels
        What opens below them.
    """

    def __init__(
        self, leia: Client, filters: Filters, columns: Sequence[Column], sorting: Sorting
    ) -> None:
        self._browser_sync = BrowserSync(layout={"display": "none"})
        self.actions = Actions(self.say, lambda: self._browser_sync.wait(self, self.say))
        self.buttons = ipywidgets.HBox(layout={"flex_flow": "row wrap", "margin": "8px 0 0 0"})
        self.panels = Panels()
        super().__init__(leia, filters, columns, sorting)
        self._ticks = RowSelection(self.table)

    def _layout(self) -> list[ipywidgets.Widget]:
        *parts, note = super()._layout()
        return [*parts, self.buttons, note, self.panels, self._browser_sync]

    @property
    def selected(self) -> pd.DataFrame:
        """The rows that are ticked, on other pages too; goes wherever an id goes."""
        frame = self.frame
        ticked = self._ticks.frame()
        return frame.iloc[:0] if ticked is None else ticked

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
        wanted = [] if _is_none(these) else references.references(these, self.thing)
        self.table.selected = [self._shown(one.id) for one in wanted]
        return self

    def wait(self) -> Self:
        """Wait until what was clicked, and the reading after it, is done; return the view."""
        self.actions.wait()
        return super().wait()

    # -- for subclasses ----------------------------------------------------------

    def also_ticked(self, _page: pd.DataFrame) -> Sequence[str]:
        """Take in a page; return which rows are ticked on others."""
        *place, filters = self._read_for
        self._ticks.arrived(_page, place, filters)
        return self._ticks.elsewhere

    def untick(self, row_id: str) -> None:
        """Untick a row that is no more."""
        self._ticks.forget(row_id)

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


def _is_none(these: Any) -> bool:
    return these is None or (
        not isinstance(these, str) and hasattr(these, "__len__") and not len(these)
    )
