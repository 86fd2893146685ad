"""The field for documents: by tag, selected in a list, or dropped files."""

from __future__ import annotations

import pprint
import re
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.base import Field, is_empty
from leia_nb.widgets.fields.document_selection import SelectedDocuments, listed
from leia_nb.widgets.fields.document_source import DocumentSource
from leia_nb.widgets.fields.documents_by_tag import MOST_DOCUMENTS, TaggedDocuments, counted
from leia_nb.widgets.fields.dropped_documents import DroppedDocuments
from leia_nb.widgets.fields.label_layout import INDENT, in_row, label, refresh_button
from leia_nb.widgets.fields.list_scope import ListScope, own_scope

if TYPE_CHECKING:
    from leia_nb.client import Client

BY_TAG, CHOOSE, DROP = "By tag", "Choose", "Drop files"

_LINE = 84
_ID = re.compile(r"[0-9a-f]{24}")
_TOOLTIPS = {
    BY_TAG: "All documents with a tag",
    CHOOSE: "Documents selected in a list",
    DROP: "Files from this computer, which are uploaded at once",
}


class DocumentsField(Field):
    """Documents, chosen in one of three ways; the value is a tuple of ids."""

    def __init__(
        self, name: str, leia: Client, *, list_scope: ListScope = own_scope, **about: Any
    ) -> None:
        self.tagged = TaggedDocuments(leia, list_scope)
        self.selected = SelectedDocuments(leia, list_scope)
        self.dropped = DroppedDocuments(leia, list_scope)
        self._sources: dict[str, DocumentSource] = {
            BY_TAG: self.tagged,
            CHOOSE: self.selected,
            DROP: self.dropped,
        }
        control = ipywidgets.ToggleButtons(options=list(_TOOLTIPS), tooltips=[*_TOOLTIPS.values()])
        super().__init__(name, control, **about)
        self._parts = self._assemble()
        line = ipywidgets.HBox([label(self), control])
        self.row.children = [line, *self._parts.values(), *self.row.children[1:]]
        self._listen()
        self._show_source()
        self.refresh()

    def refresh(self) -> None:
        """Read the lists again, in the background."""
        self.selected.refresh()
        if self.tagged.tag:
            self.tagged.refresh()

    @property
    def value(self) -> tuple[str, ...] | None:
        """The documents' ids; None if there are none."""
        return self._source.ids or None

    def fill(self, value: Any) -> None:
        """Fill in a tag; or ids, records, a listing or its column.

        A string is an id if it has 24 hexadecimal digits or is the id of a listed document.
        """
        if isinstance(value, str) and value.strip() and not self._is_id(value):
            self.tagged.control.value = validators.tag(value, self.name).strip()
            self.control.value = BY_TAG
            return
        self.tagged.control.value = ""
        self.dropped.forget()
        is_nothing = is_empty(value.strip() if isinstance(value, str) else value)
        self.selected.choose([] if is_nothing else listed(value))
        self.control.value = BY_TAG if is_nothing else CHOOSE

    def close(self) -> None:
        """Close the field and remove dropped files."""
        self.dropped.close()
        super().close()

    def check(self) -> str | None:
        """Return a message if there are none or too many, or uploads are not finished."""
        if message := self._source.check():
            return message
        count = len(self.value or ())
        if count > MOST_DOCUMENTS:
            return (
                f"{self.label}: expected at most {MOST_DOCUMENTS:,} documents for one job, got "
                f"{counted(count)}. Split them among several jobs."
            )
        if self.required and not count:
            return f"{self.label}: none selected. Enter a tag, select documents, or drop files."
        return None

    @property
    def missing(self) -> bool:
        """Whether documents are required and there are none and no tag."""
        tag = self.control.value == BY_TAG and self.tagged.tag
        return self.required and not tag and is_empty(self.value)

    def literal(self) -> str:
        """Return the expression that lists the documents, or their ids."""
        if self.control.value == BY_TAG and self.tagged.tag:
            return self.tagged.source()
        return pprint.pformat(list(self.value or ()), width=_LINE, compact=True)

    @property
    def _source(self) -> DocumentSource:
        return self._sources[self.control.value]

    def _is_id(self, text: str) -> bool:
        return bool(_ID.fullmatch(text.strip())) or self.selected.knows(text.strip())

    def _describe(self) -> None:
        """Add no description: the buttons would wrap below it. They have a label instead."""
        self.control.tooltip = self.tooltip
        self.control.style.button_width = "auto"

    def _assemble(self) -> dict[str, ipywidgets.Widget]:
        refresh = refresh_button(self.tagged.refresh, "Count again")
        parts = {
            BY_TAG: in_row(self.tagged.control, refresh),
            CHOOSE: self.selected.box,
            DROP: self.dropped.box,
        }
        for part in parts.values():
            part.layout.padding = INDENT
        return parts

    def _listen(self) -> None:
        self.tagged.control.observe(lambda _change: self._changed(), "value")
        self.selected.on_choice(self._changed)
        self.dropped.on_update(self._changed)
        self.tagged.on_update(self._describe_choice)
        self.selected.on_update(self._describe_choice)

    def _observe(self) -> None:
        self.control.observe(lambda _change: self._show_source(), "value")

    def _show_source(self) -> None:
        for name, part in self._parts.items():
            styles.show(part, name == self.control.value)
        self._changed()

    def _describe_choice(self) -> None:
        self.tagged.offer(self.selected.tags)
        is_error = self._source is self.tagged and self.tagged.has_error
        self.hint(self._source.summary(), is_error=is_error)

    def _changed(self) -> None:
        self._describe_choice()
        self._notify()
