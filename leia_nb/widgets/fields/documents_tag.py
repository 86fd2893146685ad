"""The field for the training documents: `documents_tag`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.background_reader import BackgroundReader
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.documents_by_tag import TaggedDocuments
from leia_nb.widgets.fields.dropped_documents import DroppedDocuments
from leia_nb.widgets.fields.label_layout import INDENT, in_row, refresh_button
from leia_nb.widgets.fields.list_scope import ListScope, own_scope

if TYPE_CHECKING:
    from leia_nb.client import Client

_MOST_LISTED = 1000
_MAX_ANNOTATIONS = 5000


class DocumentsTagField(Field):
    """A tag, with the number of documents that have it and of those that are annotated.

    Files dropped below it are uploaded at once with the tag.
    """

    def __init__(
        self, name: str, leia: Client, *, list_scope: ListScope = own_scope, **about: Any
    ) -> None:
        self._leia = leia
        self._list_scope = list_scope
        self.tagged = TaggedDocuments(leia, list_scope)
        self.dropped = DroppedDocuments(leia, list_scope, tag=lambda: self.tagged.tag)
        super().__init__(name, self.tagged.control, **about)
        self._tags: BackgroundReader[list[str]] = BackgroundReader(self._read_tags, [], self._offer)
        self._annotated: BackgroundReader[int | None] = BackgroundReader(
            self._count, None, self._describe_tag
        )
        self._assemble()
        self._listen()
        self.refresh()

    def refresh(self) -> None:
        """Read again, in the background, the tags and the documents with this one."""
        self._tags.start()
        self.tagged.refresh()

    @property
    def empty(self) -> bool:
        """Whether it is certain that no document has the tag."""
        tagged = self.tagged
        return tagged.tag is not None and not tagged.ids and tagged.unknown is None

    def close(self) -> None:
        """Close the field and remove dropped files."""
        self.dropped.close()
        super().close()

    def check(self) -> str | None:
        """Return a message if the tag is missing or malformed, or uploads are not finished."""
        if self.value is None:
            return super().check()
        return self.tagged.check_form() or self.dropped.check()

    def _assemble(self) -> None:
        refresh = refresh_button(self.refresh, "Count again")
        self._drop = ipywidgets.ToggleButton(
            description="Drop files",
            tooltip="Upload files from this computer with this tag",
            layout=ipywidgets.Layout(width="auto", flex="0 0 auto"),
        )
        self.dropped.box.layout.padding = INDENT
        styles.show(self.dropped.box, False)
        line = in_row(self.control, self._drop, refresh)
        self.row.children = [line, self.dropped.box, *self.row.children[1:]]

    def _listen(self) -> None:
        self._drop.observe(lambda change: styles.show(self.dropped.box, change["new"]), "value")
        self.tagged.on_update(self._annotated.start)
        self.dropped.on_update(self._dropped)

    def _dropped(self) -> None:
        if not self.dropped.busy:
            self.tagged.refresh()
        self._describe_tag()
        self._notify()

    def _read_tags(self) -> list[str]:
        frame = self._leia.documents.list(
            sort="-creation_time", limit=_MOST_LISTED, progress=False, **self._list_scope()
        )
        return sorted({tag for tags in frame["tags"] for tag in tags})

    def _count(self) -> int | None:
        """Return how many of the documents are annotated; None if there are too many to read."""
        ids = set(self.tagged.ids)
        if not ids:
            return None
        frame = self._leia.annotations.list(limit=_MAX_ANNOTATIONS, progress=False)
        annotated = set(map(str, frame["document_id"]))
        return None if len(frame) >= _MAX_ANNOTATIONS else len(ids & annotated)

    def _offer(self) -> None:
        self.tagged.offer(self._tags.known)

    def _describe_tag(self) -> None:
        parts = [self.tagged.summary()]
        if not self._annotated.busy and self._annotated.known is not None:
            parts.append(f"{self._annotated.known} of them annotated")
        parts.append(self.dropped.summary())
        known = [part for part in parts if part]
        is_error = len(known) == 1 and self.tagged.has_error
        self.hint(", ".join(known) or None, is_error=is_error)
