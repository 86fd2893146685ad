"""An area to drop files, which reach the kernel in pieces.

A FileUpload of ipywidgets sends a whole file in one message, which Jupyter's server rejects
beyond some megabytes. Here each piece of 1 MiB is written to a temporary file and acknowledged
before the next one is sent, so large files work; of many files, a few are sent at a time. Two
threads of the kernel may receive messages (its main thread and a subshell), so one message
names all the files of a drop, and one message is handled at a time.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from leia_nb.records import humanize
from leia_nb.widgets.browser import STATIC

MOST_BYTES = 2_000_000_000
"""Largest file accepted from a browser, in bytes; larger ones are given by their path."""
_PARALLEL = 2  # files that are sent at a time
_RELOADED = "The page was reloaded during the transfer."
_MALFORMED = "The browser sent a malformed message."


@dataclass(frozen=True)
class ReceivedFile:
    """A complete file from the browser, at `path` until the area is closed.

    `number` is its place among the files of its area, in the order they were dropped.
    """

    name: str
    path: Path
    size: int
    md5sum: str
    number: int


class IncomingFile:
    """A file that is being received; `received` counts its bytes so far."""

    def __init__(self, name: str, size: int, folder: Path, number: int) -> None:
        self.name = name
        self.size = size
        self.number = number
        self.received = 0
        self.started = False
        self._path = folder / f"file-{number}"
        self._path.touch()
        self._md5 = hashlib.md5(usedforsecurity=False)

    def add(self, piece: bytes) -> None:
        """Write the next piece; the file is not kept open, as there may be hundreds."""
        with self._path.open("ab") as opened:
            opened.write(piece)
        self._md5.update(piece)
        self.received += len(piece)

    def finish(self) -> ReceivedFile:
        """Return the complete file."""
        md5sum = self._md5.hexdigest()
        return ReceivedFile(self.name, self._path, self.received, md5sum, self.number)

    def discard(self) -> None:
        """Delete what has been received."""
        self._path.unlink(missing_ok=True)


class DropArea(anywidget.AnyWidget):
    """An area to drop files, with a button to choose them.

    `on_file` is called with each `ReceivedFile`, `on_begin` with the name of a file whose
    transfer begins, `on_failure` with the name of a file and why it was not received.
    """

    _esm = STATIC / "drop.js"

    description = traitlets.Unicode().tag(sync=True)
    """The label of its button."""

    multiple = traitlets.Bool(False).tag(sync=True)
    """Whether several files at once may be dropped."""

    def __init__(
        self,
        on_file: Callable[[ReceivedFile], object],
        *,
        on_begin: Callable[[str], object] = lambda _name: None,
        on_failure: Callable[[str, str], object] = lambda _name, _reason: None,
        multiple: bool = False,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._on_file = on_file
        self._on_begin = on_begin
        self._on_failure = on_failure
        self._most_bytes = most_bytes
        self._incoming: dict[str, IncomingFile] = {}
        self._folder: Path | None = None
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._delivering_thread: int | None = None
        what = "files here, or choose them" if multiple else "a file here, or choose one"
        super().__init__(
            description=f"Drop {what} (up to {humanize.size(most_bytes)})",
            multiple=multiple,
            tooltip="Files from this computer, copied to the kernel",
        )
        self.on_msg(self._on_message)

    @property
    def busy(self) -> bool:
        """Whether a file is being received; not for the thread that `on_file` is called in."""
        delivering = self._delivering_thread not in (None, threading.get_ident())
        return bool(self._incoming) or delivering

    def close(self) -> None:
        """Close the area and delete its files."""
        with self._lock:
            self._discard_all()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
        super().close()

    def keep(self, name: str, data: bytes) -> ReceivedFile:
        """Store data as a file of the area, as if a browser had sent it."""
        incoming = self._new_file(name, len(data))
        incoming.add(data)
        return incoming.finish()

    def next_number(self) -> int:
        """Return the number of the next file."""
        return next(self._numbers)

    def remove(self, received: ReceivedFile) -> None:
        """Delete a file that is not needed any more."""
        received.path.unlink(missing_ok=True)
        self.send({"kind": "forget"})

    def forget(self) -> None:
        """Stop all transfers and delete all files."""
        with self._lock:
            self._discard_all()
            if self._folder is not None:
                for path in self._folder.iterdir():
                    path.unlink(missing_ok=True)
        self.send({"kind": "forget"})

    def _on_message(self, _widget: DropArea, message: Any, buffers: list[Any]) -> None:
        with self._lock:
            for part in _parts(message):
                self._handle(part, buffers)

    def _handle(self, message: dict[str, Any], buffers: list[Any]) -> None:
        """Handle what a message states about one file, whatever it is, and answer it."""
        file = str(message.get("file"))
        try:
            self._dispatch(message, file, buffers)
            while (waiting := self._next_waiting()) is not None:
                file = waiting
                self._receive(file, 0, b"")
        except OSError as error:
            self._reject(file, f"The kernel cannot store it: {error.strerror or error}.")
        except (LookupError, TypeError, ValueError, OverflowError):
            self._reject(file, _MALFORMED)

    def _dispatch(self, message: dict[str, Any], file: str, buffers: list[Any]) -> None:
        kind = message.get("kind")
        if kind == "begin":
            self._begin(file, _printable(message["name"]), int(message["size"]))
        elif kind == "piece" and file in self._incoming:
            self._receive(file, int(message["offset"]), bytes(buffers[0]))
        elif kind == "broken" and file in self._incoming:
            self._reject(file, _printable(message["why"]))
        elif kind == "here":
            for interrupted in list(self._incoming):
                self._reject(interrupted, _RELOADED)

    def _next_waiting(self) -> str | None:
        """Return the next file to request from the browser, if its turn has come."""
        current = list(self._incoming.items())[:_PARALLEL]
        return next((file for file, incoming in current if not incoming.started), None)

    def _begin(self, file: str, name: str, size: int) -> None:
        if size < 0 or file in self._incoming:
            raise ValueError(size)
        if not self.multiple:
            self._discard_all()
        if size > self._most_bytes:
            self._answer(file, "refused")
            self._on_failure(
                name,
                f"The file is {humanize.size(size)}; the browser can send at most "
                f"{humanize.size(self._most_bytes)}. Copy it to where the kernel runs and enter "
                "its path.",
            )
            return
        self._incoming[file] = self._new_file(name, size)
        self._on_begin(name)

    def _receive(self, file: str, offset: int, piece: bytes) -> None:
        incoming = self._incoming[file]
        incoming.started = True
        if len(piece) > incoming.size - incoming.received:
            raise ValueError(len(piece))
        if offset == incoming.received:  # else a piece that was sent twice
            incoming.add(piece)
        if incoming.received < incoming.size:
            self._answer(file, "more", offset=incoming.received)
            return
        self._delivering_thread = threading.get_ident()
        try:
            del self._incoming[file]
            self._answer(file, "done")
            self._on_file(incoming.finish())
        finally:
            self._delivering_thread = None

    def _reject(self, file: str, reason: str) -> None:
        self._answer(file, "refused")
        if incoming := self._incoming.pop(file, None):
            incoming.discard()
            self._on_failure(incoming.name, reason)

    def _answer(self, file: str, kind: str, **more: int) -> None:
        self.send({"kind": kind, "file": file, **more})

    def _discard_all(self) -> None:
        while self._incoming:
            file, incoming = self._incoming.popitem()
            incoming.discard()
            self._answer(file, "refused")

    def _new_file(self, name: str, size: int) -> IncomingFile:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="leia-nb-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return IncomingFile(name, size, self._folder, self.next_number())


def _printable(text: Any) -> str:
    """Return a text from the browser without lone surrogates."""
    return str(text).encode(errors="replace").decode()


def _parts(message: Any) -> list[dict[str, Any]]:
    """Return what a message states about each file; a drop of many files is one message."""
    if not isinstance(message, dict):
        return []
    files = message.get("files")
    if not isinstance(files, list):
        return [message]
    return [{**file, "kind": message.get("kind")} for file in files if isinstance(file, dict)]
