"""The field for documents: by tag, chosen from a list, or dropped files."""

from __future__ import annotations

import pprint
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets

from leia_nb.resources.parameters import validators
from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.base import Field, is_empty
from leia_nb.widgets.fields.document_selection import Selected, listed
from leia_nb.widgets.fields.documents_by_tag import MOST_DOCUMENTS, Tagged, counted
from leia_nb.widgets.fields.dropped_documents import Dropped
from leia_nb.widgets.fields.label_layout import INDENT, beside, label, refresh_button
from leia_nb.widgets.fields.owner import Whose, own

if TYPE_CHECKING:
    from leia_nb.client import Client

BY_TAG, CHOOSE, DROP = "By tag", "Choose", "Drop files"

_LINE = 84
_ID = re.compile(r"[0-9a-f]{24}")
_WAYS = {
    BY_TAG: "All documents that carry a tag",
    CHOOSE: "Documents chosen from a list",
    DROP: "Files from this computer; they are uploaded at once",
}


class DocumentsField(Field):
    """Documents, said in one of three ways; the value is a tuple of ids.

    Parameters
    ----------
    name : str
        The parameter's name: ``"documents"``.
    leia : Client
        Where the documents are.
    whose : callable
        For whom; default: the connected application.
    **about
        Label, tooltip and so on, as for `Field`.
    """

    def __init__(self, name: str, leia: Client, *, whose: Whose = own, **about: Any) -> None:
        self.tagged = Tagged(leia, whose)
        self.selected = Selected(leia, whose)
        self.dropped = Dropped(leia, whose)
        control = ipywidgets.ToggleButtons(options=list(_WAYS), tooltips=list(_WAYS.values()))
        super().__init__(name, control, **about)
        self._ways = self._assemble()
        line = ipywidgets.HBox([label(self), control])
        self.row.children = [line, *self._ways.values(), *self.row.children[1:]]
        self._listen()
        self._turn()
        self.refresh()

    def refresh(self) -> None:
        """Read the lists again, in the background."""
        self.selected.refresh()
        if self.tagged.tag:
            self.tagged.refresh()

    @property
    def value(self) -> tuple[str, ...] | None:
        """The documents' ids; None if there are none."""
        return self._way.ids or None

    def fill(self, value: Any) -> None:
        """Take documents in.

        Parameters
        ----------
        value : str, object or None
            A tag; or ids, records, a listing or its column. A text counts as an id if
            it looks like one (24 hexadecimal digits) or is that of a listed document.
        """
        if isinstance(value, str) and value.strip() and not self._is_id(value):
            self.tagged.control.value = validators.tag(value, self.name).strip()
            self.control.value = BY_TAG
            return
        self.tagged.control.value = ""
        self.dropped.forget()
        nothing = is_empty(value.strip() if isinstance(value, str) else value)
        self.selected.choose([] if nothing else listed(value))
        self.control.value = BY_TAG if nothing else CHOOSE

    def close(self) -> None:
        """Take the field off the screen, and what came through its drop area away."""
        self.dropped.close()
        super().close()

    def check(self) -> str | None:
        """Say that nothing is chosen, that it is too much, or that uploads still run."""
        if message := self._way.check():
            return message
        count = len(self.value or ())
        if count > MOST_DOCUMENTS:
            return (
                f"These are {counted(count)}, and one job takes {MOST_DOCUMENTS:,} at most. "
                "Choose fewer, and submit several jobs."
            )
        if self.required and not count:
            return f"{self.label}: none are given. Give a tag, their ids, or files to upload."
        return None

    @property
    def missing(self) -> bool:
        """Whether documents must be given and none are; a tag that nothing carries counts."""
        tag = self.control.value == BY_TAG and self.tagged.tag
        return self.required and not tag and is_empty(self.value)

    def literal(self) -> str:
        """Return the expression that lists the documents, or their ids."""
        if self.control.value == BY_TAG and self.tagged.tag:
            return self.tagged.source()
        return pprint.pformat(list(self.value or ()), width=_LINE, compact=True)

    def on_change(self, callback: Callable[[], object]) -> None:
        """Call back whenever other documents are meant."""
        self._callbacks.append(callback)

    @property
    def _way(self) -> Tagged | Selected | Dropped:
        if self.control.value == BY_TAG:
            return self.tagged
        return self.selected if self.control.value == CHOOSE else self.dropped

    def _is_id(self, text: str) -> bool:
        return bool(_ID.fullmatch(text.strip())) or self.selected.knows(text.strip())

    def _describe(self) -> None:
        """Leave the description to a label of its own: these buttons wrap below theirs."""
        self.control.tooltip = self.tooltip
        self.control.style.button_width = "auto"

    def _assemble(self) -> dict[str, ipywidgets.Widget]:
        refresh = refresh_button(self.tagged.refresh, "Count again")
        parts = {
            BY_TAG: beside(self.tagged.control, refresh),
            CHOOSE: self.selected.box,
            DROP: self.dropped.box,
        }
        for part in parts.values():
            part.layout.padding = INDENT
        return parts

    def _listen(self) -> None:
        self._callbacks: list[Callable[[], object]] = []
        self.control.observe(lambda _change: self._turn(), "value")
        self.tagged.control.observe(lambda _change: self._changed(), "value")
        self.selected.on_choice(self._changed)
        self.dropped.on_told(self._changed)
        for way in (self.tagged, self.selected):
            way.on_told(self._describe_choice)

    def _turn(self) -> None:
        for way, part in self._ways.items():
            styles.show(part, way == self.control.value)
        self._changed()

    def _describe_choice(self) -> None:
        self.tagged.offer(self.selected.tags)
        trouble = self._way is self.tagged and self.tagged.in_trouble
        self.hint(self._way.in_words(), trouble=trouble)

    def _changed(self) -> None:
        self._describe_choice()
        for callback in self._callbacks:
            callback()
