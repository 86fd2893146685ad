"""Documents from files dropped into a form, which are uploaded at once with a tag."""

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
from leia_nb.widgets.fields.document_source import DocumentSource
from leia_nb.widgets.fields.list_scope import ListScope

if TYPE_CHECKING:
    from leia_nb.client import Client

_MAX_NAMES = 3


@dataclass(frozen=True)
class _Upload:
    """A file to upload, unless its round is over because the user started over."""

    filename: str
    file: Path | bytes
    temporary: bool
    number: int
    round: int

    def clean(self) -> None:
        """Remove the temporary file of a file from the browser."""
        if self.temporary and isinstance(self.file, Path):
            self.file.unlink(missing_ok=True)


class DroppedDocuments(DocumentSource):
    """Files from this computer, which become documents.

    They get the tag that `tag` returns; by default the one typed into the `box`. `failures`
    maps the names of files that were not uploaded to the reasons.
    """

    def __init__(
        self, leia: Client, list_scope: ListScope, *, tag: Callable[[], str | None] | None = None
    ) -> None:
        super().__init__(leia, list_scope)
        self._form_tag = tag
        self._waiting: queue.SimpleQueue[_Upload] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._pending = self._round = 0
        self._idle = threading.Event()
        self._idle.set()
        self._uploaded: dict[int, Document] = {}
        self.failures: dict[str, str] = {}
        self.tag = ipywidgets.Text(
            placeholder="a tag for the new documents (optional)",
            tooltip="The tag of files dropped from now on",
            layout=ipywidgets.Layout(width="auto"),
        )
        self.box = self._assemble()

    def receive(self, filename: str, file: Path | bytes) -> None:
        """Upload a file, given by its path or content, in the background."""
        self._submit(_Upload(filename, file, False, self.area.next_number(), self._round))

    def forget(self) -> None:
        """Start over; documents already uploaded stay in LEIA."""
        with self._lock:
            self._round += 1
            self._uploaded, self.failures = {}, {}
        self.area.forget()
        self._on_update()

    def close(self) -> None:
        """Close the drop area and remove its files; files not sent yet are not uploaded."""
        self._round += 1
        styles.close(self.box)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all files are uploaded or have failed; return False on a timeout."""
        return self._idle.wait(timeout)

    @property
    def busy(self) -> bool:
        """Whether files are being transferred or uploaded."""
        return self._pending > 0 or self.area.busy

    @property
    def documents(self) -> list[Document]:
        """The uploaded documents, in the order in which they were dropped."""
        return [document for _number, document in sorted(self._uploaded.copy().items())]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the uploaded documents."""
        return tuple(document.id for document in self.documents)

    def check(self) -> str | None:
        """Return a message if uploads are not finished, or have failed."""
        if self.busy:
            return "Files are still being uploaded. Wait a moment."
        if failures := self.failures.copy():
            name, reason = next(iter(failures.items()))
            return (
                f"{name} was not uploaded: {reason} Drop it again, or select Start over to "
                "continue without it."
            )
        return None

    def summary(self) -> str | None:
        """Return which files are uploaded, and whether others are being uploaded or failed."""
        names = [document.filename for document in self.documents]
        parts = (
            [f"{humanize.count(len(names), 'file')} uploaded: {_join_names(names)}"]
            if names
            else []
        )
        if self.busy:
            parts.append("uploading more")
        if self.failures:
            parts.append(f"{len(self.failures)} failed")
        return "; ".join(parts) or None

    def _assemble(self) -> ipywidgets.VBox:
        over = ipywidgets.Button(
            description="Start over",
            tooltip="Remove these files from the form; uploaded ones stay in LEIA",
        )
        over.on_click(lambda _button: self.forget())
        self.area = DropArea(
            self._arrived,
            on_begin=lambda _name: self._on_update(),
            on_failure=self._failed,
            multiple=True,
        )
        styles.show(self.tag, self._form_tag is None)
        return ipywidgets.VBox([self.tag, self.area, over])

    def _arrived(self, file: ReceivedFile) -> None:
        self._submit(_Upload(file.name, file.path, True, file.number, self._round))

    def _failed(self, filename: str, reason: str) -> None:
        with self._lock:
            self.failures[filename] = reason
        self._on_update()

    def _submit(self, upload: _Upload) -> None:
        with self._lock:
            self._pending += 1
            self._idle.clear()
            is_first = self._pending == 1
        self._waiting.put(upload)
        if is_first:
            threading.Thread(target=self._work, name="leia-upload", daemon=True).start()
        self._on_update()

    def _work(self) -> None:
        is_done = False
        while not is_done:
            upload = self._waiting.get()
            if upload.round == self._round:
                self._upload(upload)
            upload.clean()
            with self._lock:
                self._pending -= 1
                is_done = self._pending == 0
                if is_done:
                    self._idle.set()
            self._on_update()

    def _upload(self, upload: _Upload) -> None:
        tag = self._form_tag() if self._form_tag else self.tag.value.strip()
        try:
            result: Document | str = self._leia.documents.upload(
                upload.file,
                filename=upload.filename,
                tags=[tag] if tag else [],
                progress=False,
                **self._list_scope(),
            )
        except Exception as error:  # otherwise the form would wait endlessly
            result = error_message(error)
        with self._lock:
            if upload.round == self._round:
                self._record(upload, result)

    def _record(self, upload: _Upload, result: Document | str) -> None:
        if isinstance(result, str):
            self.failures[upload.filename] = result
        else:
            self.failures.pop(upload.filename, None)
            self._uploaded[upload.number] = result


def _join_names(names: list[str]) -> str:
    return ", ".join(names[:_MAX_NAMES]) + (" …" if len(names) > _MAX_NAMES else "")
