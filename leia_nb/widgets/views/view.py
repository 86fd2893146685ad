"""A view: a listing with actions on its selected rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

import ipywidgets

from leia_nb.errors import InvalidInput, LeiaError
from leia_nb.resources.parameters import references
from leia_nb.widgets.browser.browser_sync import BrowserSync
from leia_nb.widgets.common.actions import Actions
from leia_nb.widgets.views.cells import join_names
from leia_nb.widgets.views.listing import Listing
from leia_nb.widgets.views.panels import Panels
from leia_nb.widgets.views.table import Column

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client


class View(Listing):
    """The base of all views: a listing with actions on its selected rows.

    Subclasses define `names`, add buttons made by `actions` to `buttons`, and panels to `panels`.
    """

    def __init__(self, leia: Client, columns: Sequence[Column]) -> None:
        self._browser_sync = BrowserSync(layout={"display": "none"})
        self.actions = Actions(
            self.show_message, lambda: self._browser_sync.wait(self, self.show_message)
        )
        self.buttons = ipywidgets.HBox(layout={"flex_flow": "row wrap", "margin": "8px 0 0 0"})
        self.panels = Panels()
        super().__init__(leia, columns)

    def _layout(self) -> list[ipywidgets.Widget]:
        *parts, note = super()._layout()
        return [*parts, self.buttons, note, self.panels, self._browser_sync]

    @property
    def selected(self) -> pd.DataFrame:
        """The selected rows, on all pages; can be passed wherever an id can."""
        frame = self.frame
        selected = self._selection.frame()
        return frame.iloc[:0] if selected is None else selected

    def select(self, these: Any = ()) -> Self:
        """Select these rows and no others.

        Parameters
        ----------
        these : ids, short names, objects or a frame
            Rows of the page that is shown; default: none.

        Returns
        -------
        Self
            The view itself.

        Raises
        ------
        InvalidInput
            If one of them is not on the page.
        """
        ids = references.ids_or_none(these, self.resource_name) or []
        self.table.selected = [self._shown_id(name) for name in ids]
        return self

    def wait(self) -> Self:
        """Wait until clicked actions, and reading after them, have finished; return the view."""
        self.actions.wait()
        return super().wait()

    # -- for subclasses ----------------------------------------------------------

    def require_selection(self, verb: str) -> pd.DataFrame:
        """Return the selected rows; raise `InvalidInput` if there are none."""
        selected = self.selected
        if not len(selected):
            raise InvalidInput(
                f"No {self.resource_name} is selected. Select the {self.resource_name}s to {verb}.",
                field=f"{self.resource_name}_id",
            )
        return selected

    def require_one(self, verb: str) -> pd.DataFrame:
        """Return the selected row; raise `InvalidInput` if there are none or several."""
        selected = self.require_selection(verb)
        if len(selected) > 1:
            raise InvalidInput(
                f"{len(selected)} {self.resource_name}s are selected. Select only the one to "
                f"{verb}.",
                field=f"{self.resource_name}_id",
            )
        return selected

    def names(self, rows: pd.DataFrame) -> list[str]:
        """Return the names of rows for messages."""
        raise NotImplementedError

    def run_for_each(
        self, doing: str, done: str, rows: pd.DataFrame, work: Callable[[pd.DataFrame], Any]
    ) -> None:
        """Run `work` for one row after another; show e.g. ``"deleting"``, then ``"Deleted …"``.

        An error says how many rows were done before it.
        """
        names = self.names(rows)

        def run() -> str:
            for count, row_id in enumerate(rows.index):
                try:
                    work(rows.loc[[row_id]])
                except LeiaError as error:
                    if count:
                        error.args = (f"{done} {join_names(names[:count])}, but then: {error}",)
                    raise
            return f"{done} {join_names(names)}."

        try:
            self.actions.run(doing, run)
        finally:
            self.read_soon()

    def _shown_id(self, name: str) -> str:
        """Return the id of a row that is shown, from its id or short name."""
        frame = self.frame
        if name in frame.index:
            return name
        if "short_name" in frame.columns and (frame["short_name"] == name).any():
            return str(frame.index[(frame["short_name"] == name).fillna(False)][0])
        raise InvalidInput(
            f"The {self.resource_name} {name!r} is not among the {len(frame)} shown. Set filters "
            "or turn the page to show it first.",
            field=f"{self.resource_name}_id",
        )
