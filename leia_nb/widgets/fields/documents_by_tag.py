"""Choosing documents by a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.errors import LeiaError
from leia_nb.records import humanize
from leia_nb.widgets.fields.background_reader import BackgroundReader
from leia_nb.widgets.fields.document_source import DocumentSource
from leia_nb.widgets.fields.list_scope import ListScope

if TYPE_CHECKING:
    from leia_nb.client import Client

MOST_DOCUMENTS = 2400
"""The most documents of one job: more ids do not fit into its URL."""


class TaggedDocuments(DocumentSource):
    """The documents with the tag in `control`."""

    def __init__(self, leia: Client, list_scope: ListScope) -> None:
        super().__init__(leia, list_scope)
        self.control = ipywidgets.Combobox(
            description="Documents tag",
            placeholder="a tag",
            tooltip="The tag of the documents",
            ensure_option=False,
            continuous_update=False,
            style={"description_width": "initial"},
        )
        self._reading: BackgroundReader[tuple[str, ...]] = BackgroundReader(
            self._read, (), lambda: self._on_update()
        )
        self.control.observe(lambda _change: self.refresh(), "value")

    def offer(self, tags: list[str]) -> None:
        """Set the tags to choose from."""
        self.control.options = tags

    def refresh(self) -> None:
        """Read again, in the background, which documents have the tag."""
        self._reading.start()

    @property
    def tag(self) -> str | None:
        """The tag, or None."""
        return self.control.value.strip() or None

    @property
    def ids(self) -> tuple[str, ...]:
        """The documents with the tag; at most one more than `MOST_DOCUMENTS`."""
        return self._reading.value if self.tag else ()

    @property
    def unknown(self) -> str | None:
        """Why it is not known which documents have the tag, or None."""
        return str(self._reading.error) if self.tag and self._reading.error else None

    def check_form(self) -> str | None:
        """Return a message if the text cannot be a tag."""
        if self.tag and "/" in self.tag:
            return f"The tag {self.tag!r} contains a '/'. Use a tag without it."
        return None

    def check(self) -> str | None:
        """Return a message if the text cannot be a tag, or no document has it."""
        if self.tag is None:
            return None
        if message := self.check_form():
            return message
        if self.unknown:
            return f"The documents could not be listed: {self.unknown}"
        if not self.ids:
            return f"No document has the tag {self.tag!r}. Choose another tag, or upload documents."
        return None

    @property
    def has_error(self) -> bool:
        """Whether `summary` returns an error."""
        return self.tag is not None and not self._reading.busy and self.check() is not None

    def source(self) -> str:
        """Return the Python expression that lists the documents."""
        scope: dict[str, Any] = dict(self._list_scope())
        if scope.get("scope") and not self._is_admin():
            scope = {}
        keywords = "".join(f", {name}={value!r}" for name, value in scope.items())
        return f"leia.documents.list(tags=[{self.tag!r}]{keywords})"

    def _is_admin(self) -> bool:
        """Whether listings contain the documents of all applications; assumed if LEIA is down."""
        try:
            return self._leia.application.is_admin
        except LeiaError:
            return True

    def summary(self) -> str | None:
        """Return the number of documents with the tag, or why there are none."""
        if self.tag is None or self._reading.busy:
            return None
        if message := self.check():
            return message
        return f"{counted(len(self.ids))} {'has' if len(self.ids) == 1 else 'have'} this tag"

    def _read(self) -> tuple[str, ...]:
        if self.tag is None or "/" in self.tag:
            return ()
        frame = self._leia.documents.list(
            tags=[self.tag], limit=MOST_DOCUMENTS + 1, progress=False, **self._list_scope()
        )
        return tuple(map(str, frame.index))


def counted(number: int) -> str:
    """Return a number of documents, up to the most that a job takes.

    Examples
    --------
    >>> counted(1), counted(20), counted(MOST_DOCUMENTS + 1)
    ('1 document', '20 documents', 'more than 2,400 documents')
    """
    if number > MOST_DOCUMENTS:
        return f"more than {MOST_DOCUMENTS:,} documents"
    return humanize.count(number, "document")
