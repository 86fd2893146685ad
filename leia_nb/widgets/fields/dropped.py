"""Documents from files dropped into a form: each is uploaded at once, with a tag."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets

from leia_nb import words
from leia_nb.errors import LeiaError
from leia_nb.records import Document
from leia_nb.widgets import look
from leia_nb.widgets.fields.whose import Whose

if TYPE_CHECKING:
    from leia_nb.client import Client

_File = str | os.PathLike[str] | bytes
_SHOWN = 3


class Dropped:
    """Files from this computer, which become documents.

    Parameters
    ----------
    leia : Client
        Where to upload them to.
    whose : callable
        For whom.
    tag : callable, optional
        Returns the tag that each file gets; default: the tag in the box.

    Attributes
    ----------
    box : ipywidgets.VBox
        The tag, the drop area, and the button that starts over.
    documents : list of Document
        What has been uploaded.
    failures : dict of str to str
        File name to the reason why it was not uploaded.
    """

    def __init__(
        self, leia: Client, whose: Whose, *, tag: Callable[[], str | None] | None = None
    ) -> None:
        self._leia = leia
        self._whose = whose
        self._tag_of_form = tag
        self._told: Callable[[], None] = lambda: None
        self._waiting: queue.SimpleQueue[tuple[str, _File]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._pending = 0
        self._idle = threading.Event()
        self._idle.set()
        self.documents: list[Document] = []
        self.failures: dict[str, str] = {}
        self.tag = ipywidgets.Text(
            placeholder="a tag for the new documents (optional)",
            tooltip="Every file dropped from now on gets this tag",
            layout=ipywidgets.Layout(width="100%"),
        )
        self.box = self._assemble()

    def on_told(self, callback: Callable[[], None]) -> None:
        """Call back whenever a file has arrived, was uploaded, or failed."""
        self._told = callback

    def receive(self, filename: str, file: _File) -> None:
        """Upload a file in the background.

        Parameters
        ----------
        filename : str
            Its name, with extension.
        file : path or bytes
            What is in it.
        """
        with self._lock:
            self._pending += 1
            self._idle.clear()
            begin = self._pending == 1
        self._waiting.put((filename, file))
        if begin:
            threading.Thread(target=self._work, name="leia-upload", daemon=True).start()
        self._told()

    def forget(self) -> None:
        """Start over; documents that are uploaded already stay in LEIA."""
        self.documents, self.failures = [], {}
        self._told()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until every file is uploaded or has failed; return whether that is so."""
        return self._idle.wait(timeout)

    @property
    def busy(self) -> bool:
        """Whether files are on their way."""
        return self._pending > 0

    @property
    def ids(self) -> tuple[str, ...]:
        """The documents that have been uploaded."""
        return tuple(document.id for document in self.documents)

    def check(self) -> str | None:
        """Say that files are on their way, or were not uploaded."""
        if self._pending:
            files = words.count(self._pending, "file")
            return f"{files} still to be uploaded. Wait a moment."
        if self.failures:
            name, reason = next(iter(self.failures.items()))
            return (
                f"{name} was not uploaded: {reason} Drop it again, or press Start over to go on "
                "without it."
            )
        return None

    def in_words(self) -> str | None:
        """Return what has been uploaded, and what is on its way."""
        names = [document.filename for document in self.documents]
        parts = [f"{words.count(len(names), 'file')} uploaded: {_some(names)}"] if names else []
        if self._pending:
            parts.append(f"{self._pending} on the way")
        if self.failures:
            parts.append(f"{len(self.failures)} failed")
        return "; ".join(parts) or None

    def _assemble(self) -> ipywidgets.VBox:
        over = ipywidgets.Button(
            description="Start over", tooltip="Forget these files; they stay in LEIA"
        )
        over.on_click(lambda _button: self.forget())
        self.area = ipywidgets.FileUpload(multiple=True)
        look.show(self.tag, self._tag_of_form is None)
        return ipywidgets.VBox([self.tag, self.area, over])

    def _work(self) -> None:
        while True:
            filename, file = self._waiting.get()
            self._upload(filename, file)
            with self._lock:
                self._pending -= 1
                over = self._pending == 0
                if over:
                    self._idle.set()
            self._told()
            if over:
                return

    def _upload(self, filename: str, file: _File) -> None:
        tag = self._tag_of_form() if self._tag_of_form else self.tag.value.strip()
        try:
            document = self._leia.documents.upload(
                file,
                filename=filename,
                tags=[tag] if tag else [],
                progress=False,
                **self._whose(),
            )
        except LeiaError as error:
            self.failures[filename] = str(error)
        else:
            self.failures.pop(filename, None)
            self.documents.append(document)


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
