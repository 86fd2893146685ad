"""Documents from files dropped into a form: each is uploaded at once, with a tag."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets

from leia_nb.records import humanize
from leia_nb.records.records import Document
from leia_nb.widgets.browser.file_drop import DropArea, ReceivedFile
from leia_nb.widgets.common import styles
from leia_nb.widgets.common.actions import error_message
from leia_nb.widgets.fields.owner import Whose

if TYPE_CHECKING:
    from leia_nb.client import Client

_SHOWN = 3


@dataclass(frozen=True)
class _Upload:
    """One file to upload; what was begun before starting over does not count."""

    filename: str
    file: Path | bytes
    temporary: bool
    number: int
    round: int

    def clean(self) -> None:
        """Remove what the browser's file left in the kernel's file system."""
        if self.temporary and isinstance(self.file, Path):
            self.file.unlink(missing_ok=True)


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
        self._waiting: queue.SimpleQueue[_Upload] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._pending = self._round = 0
        self._idle = threading.Event()
        self._idle.set()
        self._uploaded: dict[int, Document] = {}
        self.failures: dict[str, str] = {}
        self.tag = ipywidgets.Text(
            placeholder="a tag for the new documents (optional)",
            tooltip="Every file dropped from now on gets this tag",
            layout=ipywidgets.Layout(width="auto"),
        )
        self.box = self._assemble()

    def on_told(self, callback: Callable[[], None]) -> None:
        """Call back whenever a file has arrived, was uploaded, or failed."""
        self._told = callback

    def receive(self, filename: str, file: Path | bytes) -> None:
        """Upload a file in the background.

        Parameters
        ----------
        filename : str
            Its name, with extension.
        file : pathlib.Path or bytes
            What is in it.
        """
        self._submit(_Upload(filename, file, False, self.area.next_number(), self._round))

    def forget(self) -> None:
        """Start over; documents that are uploaded already stay in LEIA."""
        with self._lock:
            self._round += 1
            self._uploaded, self.failures = {}, {}
        self.area.forget()
        self._told()

    def close(self) -> None:
        """Take the drop area away, and what came through it; what is not yet sent is not."""
        self._round += 1
        styles.close(self.box)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until every file is uploaded or has failed; return whether that is so."""
        return self._idle.wait(timeout)

    @property
    def busy(self) -> bool:
        """Whether files are on their way."""
        return self._pending > 0 or self.area.busy

    @property
    def documents(self) -> list[Document]:
        """What has been uploaded, in the order it was dropped."""
        return [document for _number, document in sorted(self._uploaded.copy().items())]

    @property
    def ids(self) -> tuple[str, ...]:
        """The documents that have been uploaded."""
        return tuple(document.id for document in self.documents)

    def check(self) -> str | None:
        """Say that files are on their way, or were not uploaded."""
        if self.busy:
            return "Files are still on their way to LEIA. Wait a moment."
        if failures := self.failures.copy():
            name, reason = next(iter(failures.items()))
            return (
                f"{name} was not uploaded: {reason} Upload it again, or go on without it (Start "
                "over)."
            )
        return None

    def in_words(self) -> str | None:
        """Return what has been uploaded, and what is on its way."""
        names = [document.filename for document in self.documents]
        parts = [f"{humanize.count(len(names), 'file')} uploaded: {_some(names)}"] if names else []
        if self.busy:
            parts.append("more on the way")
        if self.failures:
            parts.append(f"{len(self.failures)} failed")
        return "; ".join(parts) or None

    def _assemble(self) -> ipywidgets.VBox:
        over = ipywidgets.Button(
            description="Start over", tooltip="Forget these files; they stay in LEIA"
        )
        over.on_click(lambda _button: self.forget())
        self.area = DropArea(
            self._arrived,
            on_begin=lambda _name: self._told(),
            on_failure=self._failed,
            multiple=True,
        )
        styles.show(self.tag, self._tag_of_form is None)
        return ipywidgets.VBox([self.tag, self.area, over])

    def _arrived(self, file: ReceivedFile) -> None:
        self._submit(_Upload(file.name, file.path, True, file.number, self._round))

    def _failed(self, filename: str, reason: str) -> None:
        with self._lock:
            self.failures[filename] = reason
        self._told()

    def _submit(self, upload: _Upload) -> None:
        with self._lock:
            self._pending += 1
            self._idle.clear()
            begin = self._pending == 1
        self._waiting.put(upload)
        if begin:
            threading.Thread(target=self._work, name="leia-upload", daemon=True).start()
        self._told()

    def _work(self) -> None:
        over = False
        while not over:
            upload = self._waiting.get()
            if upload.round == self._round:
                self._upload(upload)
            upload.clean()
            with self._lock:
                self._pending -= 1
                over = self._pending == 0
                if over:
                    self._idle.set()
            self._told()

    def _upload(self, upload: _Upload) -> None:
        tag = self._tag_of_form() if self._tag_of_form else self.tag.value.strip()
        try:
            found: Document | str = self._leia.documents.upload(
                upload.file,
                filename=upload.filename,
                tags=[tag] if tag else [],
                progress=False,
                **self._whose(),
            )
        except Exception as error:  # a thread that dies would leave the form waiting
            found = error_message(error)
        with self._lock:
            if upload.round == self._round:
                self._record(upload, found)

    def _record(self, upload: _Upload, found: Document | str) -> None:
        if isinstance(found, str):
            self.failures[upload.filename] = found
        else:
            self.failures.pop(upload.filename, None)
            self._uploaded[upload.number] = found


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
