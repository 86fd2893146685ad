"""Choosing documents one by one, out of a list that can be filtered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.records import humanize
from leia_nb.records.records import Document
from leia_nb.resources.parameters.references import Reference, references
from leia_nb.widgets.fields.background_reader import Reading
from leia_nb.widgets.fields.label_layout import beside, refresh_button
from leia_nb.widgets.fields.owner import Whose

if TYPE_CHECKING:
    from leia_nb.client import Client

MOST_LISTED = 1000
"""Documents offered for choosing, the newest first."""


@dataclass(frozen=True)
class Listed:
    """What the list says of a document."""

    id: str
    filename: str
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What people choose it by."""
        return " · ".join([self.filename, *([", ".join(self.tags)] if self.tags else [])])


class _List(ipywidgets.SelectMultiple):
    """A list that changes in one thread at a time, the browser's or the one that arranges it."""

    def __init__(self, lock: AbstractContextManager[Any], **traits: Any) -> None:
        self._lock = lock
        super().__init__(**traits)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take in what was chosen in the browser."""
        with self._lock:
            super().set_state(sync_data)


class Selected:
    """Documents chosen from the list; what the filter hides stays chosen.

    Parameters
    ----------
    leia : Client
        Where the documents are.
    whose : callable
        For whom.

    Attributes
    ----------
    box : ipywidgets.VBox
        The filter, the list and its buttons.
    ids : tuple of str
        The chosen documents, in the order in which they were chosen.
    """

    def __init__(self, leia: Client, whose: Whose) -> None:
        self._leia = leia
        self._whose = whose
        self._told: Callable[[], None] = lambda: None
        self._chosen: Callable[[], None] = lambda: None
        self._lock = threading.RLock()  # the list is arranged where it was read, in a thread
        self._arranging = False
        self.ids: tuple[str, ...] = ()
        self._given: dict[str, Listed] = {}
        self._reading: Reading[dict[str, Listed]] = Reading(self._read, {}, self._arrived)
        self._filter = ipywidgets.Text(
            placeholder="filter by file name or tag", tooltip="Show only documents with this text"
        )
        self._list = _List(self._lock, rows=7, layout=ipywidgets.Layout(width="auto"))
        self._list.tooltip = "Ctrl or Shift selects several"
        self._all = _small("All shown", "Choose every document that the list shows")
        self._none = _small("None", "Choose no document")
        self.box = self._assemble()
        self._listen()

    def on_told(self, callback: Callable[[], None]) -> None:
        """Call back when the list has been read."""
        self._told = callback

    def on_choice(self, callback: Callable[[], None]) -> None:
        """Call back when other documents are chosen."""
        self._chosen = callback

    def refresh(self) -> None:
        """Read the list again, in the background."""
        self._reading.start()

    def choose(self, documents: Iterable[Listed]) -> None:
        """Choose these documents, and no others."""
        chosen = {one.id: one for one in documents}
        self._given |= chosen
        self._take(tuple(chosen))

    @property
    def tags(self) -> list[str]:
        """The tags of the documents in the list, sorted."""
        return sorted({tag for one in self._reading.known.values() for tag in one.tags})

    def knows(self, document_id: str) -> bool:
        """Whether the list has this document."""
        return document_id in self._reading.value

    def check(self) -> str | None:
        """Find nothing wrong: a choice out of a list is always possible."""
        return None

    def in_words(self) -> str:
        """Return how many documents are chosen, of how many."""
        if self._reading.error and not self.ids:
            return f"The documents could not be listed: {self._reading.error}"
        return f"{humanize.count(len(self.ids), 'document')} chosen"

    def _assemble(self) -> ipywidgets.VBox:
        refresh = refresh_button(self.refresh, "Read the list of documents again")
        return ipywidgets.VBox(
            [beside(self._filter, self._all, self._none, refresh), self._list],
            layout=ipywidgets.Layout(width="100%"),
        )

    def _listen(self) -> None:
        self._filter.observe(lambda _change: self._arrange(), "value")
        self._list.observe(lambda _change: self._picked(), "value")
        self._all.on_click(lambda _button: self._choose_shown())
        self._none.on_click(lambda _button: self.choose([]))

    def _read(self) -> dict[str, Listed]:
        frame = self._leia.documents.list(
            sort="-creation_time", limit=MOST_LISTED, progress=False, **self._whose()
        )
        return {str(index): _of_row(str(index), row) for index, row in frame.iterrows()}

    def _arrived(self) -> None:
        self._arrange()
        self._told()

    def _shown(self) -> list[Listed]:
        known = {**self._given, **self._reading.known}
        text = self._filter.value.strip().lower()
        return [one for one in known.values() if text in one.label.lower() or text == one.id]

    def _arrange(self) -> None:
        """Put the documents that the filter lets through into the list."""
        with self._lock:
            shown = self._shown()
            self._arranging = True
            try:
                self._list.options = [(one.label, one.id) for one in shown]
                self._list.value = tuple(one.id for one in shown if one.id in self.ids)
            finally:
                self._arranging = False

    def _picked(self) -> None:
        with self._lock:
            if self._arranging:
                return
            picked = self._list.value
            shown = {one.id for one in self._shown()}
            kept = [one for one in self.ids if one not in shown or one in picked]
            self._take((*kept, *picked))

    def _choose_shown(self) -> None:
        with self._lock:
            self._take((*self.ids, *(one.id for one in self._shown())))

    def _take(self, ids: tuple[str, ...]) -> None:
        with self._lock:
            before, self.ids = self.ids, tuple(dict.fromkeys(ids))
            other = self.ids != before
            if other:
                self._arrange()
        if other:
            self._chosen()


def listed(documents: Any) -> list[Listed]:
    """Return what the list can say of documents that were given.

    Parameters
    ----------
    documents : ids or objects
        Ids, records, a listing or its column.

    Raises
    ------
    InvalidInput
        If they are no documents.
    """
    names = dict(documents["filename"]) if "filename" in getattr(documents, "columns", ()) else {}
    return [_of(one, names) for one in references(documents, "document")]


def _of(found: Reference, names: dict[str, str]) -> Listed:
    if isinstance(found.record, Document):
        return Listed(found.id, found.record.filename, found.record.tags)
    return Listed(found.id, names.get(found.id, found.id))


def _of_row(document_id: str, row: Any) -> Listed:
    return Listed(document_id, str(row["filename"]), tuple(row["tags"] or ()))


def _small(description: str, tooltip: str) -> ipywidgets.Button:
    layout = ipywidgets.Layout(width="auto", flex="0 0 auto")
    return ipywidgets.Button(description=description, tooltip=tooltip, layout=layout)
