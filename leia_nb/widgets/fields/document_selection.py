"""Selecting documents in a list that can be filtered."""

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
from leia_nb.widgets.fields.background_reader import BackgroundReader
from leia_nb.widgets.fields.document_source import DocumentSource
from leia_nb.widgets.fields.label_layout import in_row, refresh_button
from leia_nb.widgets.fields.list_scope import ListScope

if TYPE_CHECKING:
    from leia_nb.client import Client

MOST_LISTED = 1000
"""Number of documents offered, the newest first."""


@dataclass(frozen=True)
class Listed:
    """A document as the list shows it."""

    id: str
    filename: str
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The option for it in the list."""
        return f"{self.filename} · {', '.join(self.tags)}" if self.tags else self.filename


class _List(ipywidgets.SelectMultiple):
    """A list that changes in one thread at a time, the kernel's or the one that updates it."""

    def __init__(self, lock: AbstractContextManager[Any], **traits: Any) -> None:
        self._lock = lock
        super().__init__(**traits)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take in a change made in the browser."""
        with self._lock:
            super().set_state(sync_data)


class SelectedDocuments(DocumentSource):
    """Documents selected in a list, in order; what the filter hides stays selected."""

    ids: tuple[str, ...] = ()

    def __init__(self, leia: Client, list_scope: ListScope) -> None:
        super().__init__(leia, list_scope)
        self._on_choice: Callable[[], None] = lambda: None
        self._lock = threading.RLock()  # the list is updated in the thread that read it
        self._updating = False
        self._filled: dict[str, Listed] = {}
        self._reading: BackgroundReader[dict[str, Listed]] = BackgroundReader(
            self._read, {}, self._loaded
        )
        self._filter = ipywidgets.Text(
            placeholder="filter by file name or tag", tooltip="Show only documents with this text"
        )
        self._list = _List(self._lock, rows=7, layout=ipywidgets.Layout(width="auto"))
        self._list.tooltip = "Ctrl or Shift selects several"
        self._all = _small("All shown", "Select all documents shown in the list")
        self._none = _small("None", "Deselect all documents")
        self.box = self._assemble()
        self._listen()

    def on_choice(self, callback: Callable[[], None]) -> None:
        """Call back when other documents are selected."""
        self._on_choice = callback

    def refresh(self) -> None:
        """Read the list again, in the background."""
        self._reading.start()

    def choose(self, documents: Iterable[Listed]) -> None:
        """Select these documents and no others."""
        chosen = {document.id: document for document in documents}
        self._filled |= chosen
        self._select(tuple(chosen))

    @property
    def tags(self) -> list[str]:
        """The tags of the documents in the list, sorted."""
        return sorted({tag for document in self._reading.known.values() for tag in document.tags})

    def knows(self, document_id: str) -> bool:
        """Whether the list contains this document."""
        return document_id in self._reading.value

    def summary(self) -> str:
        """Return the number of selected documents, or why there is no list."""
        if self._reading.error and not self.ids:
            return f"The documents could not be listed: {self._reading.error}"
        return f"{humanize.count(len(self.ids), 'document')} selected"

    def _assemble(self) -> ipywidgets.VBox:
        refresh = refresh_button(self.refresh, "Read the list of documents again")
        return ipywidgets.VBox(
            [in_row(self._filter, self._all, self._none, refresh), self._list],
            layout=ipywidgets.Layout(width="100%"),
        )

    def _listen(self) -> None:
        self._filter.observe(lambda _change: self._update_list(), "value")
        self._list.observe(lambda _change: self._changed(), "value")
        self._all.on_click(lambda _button: self._select_shown())
        self._none.on_click(lambda _button: self.choose([]))

    def _read(self) -> dict[str, Listed]:
        frame = self._leia.documents.list(
            sort="-creation_time", limit=MOST_LISTED, progress=False, **self._list_scope()
        )
        documents = listed(frame) if len(frame) else []  # `listed` rejects an empty frame
        return {document.id: document for document in documents}

    def _loaded(self) -> None:
        self._update_list()
        self._on_update()

    def _shown(self) -> list[Listed]:
        known = {**self._filled, **self._reading.known}.values()
        text = self._filter.value.strip().lower()
        return [
            document for document in known if text in document.label.lower() or text == document.id
        ]

    def _update_list(self) -> None:
        """Show the documents that match the filter in the list."""
        with self._lock:
            shown = self._shown()
            self._updating = True
            try:
                self._list.options = [(document.label, document.id) for document in shown]
                self._list.value = tuple(d.id for d in shown if d.id in self.ids)
            finally:
                self._updating = False

    def _changed(self) -> None:
        with self._lock:
            if self._updating:
                return
            selected = self._list.value
            shown = {document.id for document in self._shown()}
            kept = [one for one in self.ids if one not in shown or one in selected]
            self._select((*kept, *selected))

    def _select_shown(self) -> None:
        with self._lock:
            self._select((*self.ids, *(document.id for document in self._shown())))

    def _select(self, ids: tuple[str, ...]) -> None:
        with self._lock:
            before, self.ids = self.ids, tuple(dict.fromkeys(ids))
            is_changed = self.ids != before
            if is_changed:
                self._update_list()
        if is_changed:
            self._on_choice()


def listed(documents: Any) -> list[Listed]:
    """Return documents for the list; others than documents raise `InvalidInput`."""
    columns = getattr(documents, "columns", ())
    names = dict(documents["filename"]) if "filename" in columns else {}
    tags = dict(documents["tags"]) if "tags" in columns else {}
    return [_listed(reference, names, tags) for reference in references(documents, "document")]


def _listed(reference: Reference, names: dict[str, str], tags: dict[str, Any]) -> Listed:
    if isinstance(reference.record, Document):
        return Listed(reference.id, reference.record.filename, reference.record.tags)
    name = str(names.get(reference.id, reference.id))
    return Listed(reference.id, name, tuple(tags.get(reference.id) or ()))


def _small(description: str, tooltip: str) -> ipywidgets.Button:
    layout = ipywidgets.Layout(width="auto", flex="0 0 auto")
    return ipywidgets.Button(description=description, tooltip=tooltip, layout=layout)
