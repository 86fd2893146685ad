"""Choosing documents by a tag, with how many carry it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.errors import LeiaError
from leia_nb.records import humanize
from leia_nb.widgets.fields.background_reader import Reading
from leia_nb.widgets.fields.owner import Whose

if TYPE_CHECKING:
    from leia_nb.client import Client

MOST_DOCUMENTS = 2400
"""Documents that one job can be given: more ids do not fit into its address."""


class Tagged:
    """The documents that carry a tag.

    Parameters
    ----------
    leia : Client
        Where the documents are.
    whose : callable
        For whom.

    Attributes
    ----------
    control : ipywidgets.Combobox
        The tag.
    """

    def __init__(self, leia: Client, whose: Whose) -> None:
        self._leia = leia
        self._whose = whose
        self._told: Callable[[], None] = lambda: None
        self.control = ipywidgets.Combobox(
            description="Documents tag",
            placeholder="a tag",
            tooltip="The tag that the documents carry",
            ensure_option=False,
            continuous_update=False,
            style={"description_width": "initial"},
        )
        self._reading: Reading[tuple[str, ...]] = Reading(self._read, (), lambda: self._told())
        self.control.observe(lambda _change: self.refresh(), "value")

    def on_told(self, callback: Callable[[], None]) -> None:
        """Call back when LEIA has told which documents carry the tag."""
        self._told = callback

    def offer(self, tags: list[str]) -> None:
        """Offer tags that are in use."""
        self.control.options = tags

    def refresh(self) -> None:
        """Ask again, in the background, which documents carry the tag."""
        self._reading.start()

    @property
    def tag(self) -> str | None:
        """The tag, or None."""
        return self.control.value.strip() or None

    @property
    def ids(self) -> tuple[str, ...]:
        """The documents that carry the tag; at most one more than `MOST_DOCUMENTS`."""
        return self._reading.value if self.tag else ()

    @property
    def unknown(self) -> str | None:
        """Why it is not known which documents carry the tag, or None."""
        return str(self._reading.error) if self.tag and self._reading.error else None

    def check_form(self) -> str | None:
        """Say that the text cannot be a tag."""
        if self.tag and "/" in self.tag:
            return f"The tag {self.tag!r} has a '/'. Use a tag without it."
        return None

    def check(self) -> str | None:
        """Say that the text cannot be a tag, or that nothing carries it."""
        if self.tag is None:
            return None
        if wrong := self.check_form():
            return wrong
        if self.unknown:
            return f"The documents could not be listed: {self.unknown}"
        if not self.ids:
            return f"No document carries the tag {self.tag!r}. Choose another, or upload some."
        return None

    @property
    def in_trouble(self) -> bool:
        """Whether `in_words` says what is wrong."""
        return self.tag is not None and not self._reading.busy and self.check() is not None

    def source(self) -> str:
        """Return the Python expression that lists the documents."""
        whose: dict[str, Any] = dict(self._whose())
        if whose.get("scope") and not self._is_admin():
            whose = {}
        keywords = "".join(f", {name}={value!r}" for name, value in whose.items())
        return f"leia.documents.list(tags=[{self.tag!r}]{keywords})"

    def _is_admin(self) -> bool:
        """Whether listings would show everybody's; so it is, as long as LEIA does not answer."""
        try:
            return self._leia.application.is_admin
        except LeiaError:
            return True

    def in_words(self) -> str | None:
        """Return how many documents carry the tag."""
        if self.tag is None or self._reading.busy:
            return None
        if message := self.check():
            return message
        return f"{counted(len(self.ids))} {'carries' if len(self.ids) == 1 else 'carry'} this tag"

    def _read(self) -> tuple[str, ...]:
        if self.tag is None or "/" in self.tag:
            return ()
        found = self._leia.documents.list(
            tags=[self.tag], limit=MOST_DOCUMENTS + 1, progress=False, **self._whose()
        )
        return tuple(map(str, found.index))


def counted(number: int) -> str:
    """Return a number of documents in words.

    Examples
    --------
    >>> counted(1), counted(20), counted(MOST_DOCUMENTS + 1)
    ('1 document', '20 documents', 'more than 2,400 documents')
    """
    if number > MOST_DOCUMENTS:
        return f"more than {MOST_DOCUMENTS:,} documents"
    return humanize.count(number, "document")
