"""A place to drop files: they travel from the browser to the kernel piece by piece.

A FileUpload of ipywidgets sends a whole file in one message, which Jupyter's server
refuses beyond some megabytes. Here each piece of 1 MiB is written to a temporary file
and acknowledged before the next one comes, so size is no matter; of many files, a few
come at a time. Two threads of the kernel may hear what the browser sends (its main thread
and a subshell), so one message names all the files of a drop, and one message at a time is
understood.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from leia_nb.records import humanize
from leia_nb.widgets.browser import STATIC
from leia_nb.widgets.browser.incoming_file import IncomingFile, ReceivedFile

MOST_BYTES = 2_000_000_000
"""Largest file taken from a browser, in bytes; larger ones go by their path."""
_AT_ONCE = 2
_RELOADED = "The page was loaded again while it was on its way."
_GARBLED = "What the browser sent of it makes no sense."


class DropArea(anywidget.AnyWidget):
    """Where people drop files, or choose them.

    Parameters
    ----------
    on_file : callable
        Called with each `ReceivedFile` file.
    on_begin : callable, optional
        Called with the name of a file that begins to arrive.
    on_trouble : callable, optional
        Called with the name of a file and why it does not arrive.
    multiple : bool
        Whether several files at once may be dropped.
    most_bytes : int
        Largest file taken.
    """

    _esm = STATIC / "drop.js"

    description = traitlets.Unicode().tag(sync=True)
    """What stands on its button."""

    multiple = traitlets.Bool(False).tag(sync=True)
    """Whether several files at once may be dropped."""

    def __init__(
        self,
        on_file: Callable[[ReceivedFile], object],
        *,
        on_begin: Callable[[str], object] | None = None,
        on_trouble: Callable[[str, str], object] | None = None,
        multiple: bool = False,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._on_file = on_file
        self._on_begin = on_begin or (lambda _name: None)
        self._on_trouble = on_trouble or (lambda _name, _why: None)
        self._most_bytes = most_bytes
        self._arriving: dict[str, IncomingFile] = {}
        self._folder: Path | None = None
        self._numbers = itertools.count(1)
        self._hearing = threading.RLock()
        self._handing: int | None = None  # the thread that hands a file over
        what = "files here, or choose them" if multiple else "a file here, or choose one"
        super().__init__(
            description=f"Drop {what} (up to {humanize.size(most_bytes)})",
            multiple=multiple,
            tooltip="Files from this computer, copied to the kernel",
        )
        self.on_msg(self._hear)

    @property
    def busy(self) -> bool:
        """Whether a file is on its way; for whom it is handed to, it has come."""
        return bool(self._arriving) or self._handing not in (None, threading.get_ident())

    def close(self) -> None:
        """Take the area away, and the files that came through it."""
        with self._hearing:
            self._stop_all()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
        super().close()

    def keep(self, name: str, data: bytes) -> ReceivedFile:
        """Put data into a file of the area, as if it had come from a browser."""
        arriving = self._expect(name, len(data))
        arriving.add(data)
        return arriving.finish()

    def next_number(self) -> int:
        """Return the place of a file that comes now, by whatever way."""
        return next(self._numbers)

    def remove(self, arrived: ReceivedFile) -> None:
        """Remove a file that has come and is not needed any more."""
        arrived.path.unlink(missing_ok=True)
        self.send({"kind": "forget"})

    def forget(self) -> None:
        """Stop what is on its way and remove what has come."""
        with self._hearing:
            self._stop_all()
            if self._folder is not None:
                for path in self._folder.iterdir():
                    path.unlink(missing_ok=True)
        self.send({"kind": "forget"})

    def _hear(self, _widget: DropArea, message: Any, buffers: list[Any]) -> None:
        """Take one message from the browser and answer it, whatever it is."""
        with self._hearing:
            for part in _parts(message):
                self._hear_part(part, buffers)

    def _hear_part(self, message: dict[str, Any], buffers: list[Any]) -> None:
        file = str(message.get("file"))
        try:
            self._understand(message, file, buffers)
            while (waiting := self._next()) is not None:
                file = waiting
                self._take(file, 0, b"")
        except OSError as error:
            self._refuse(file, f"The kernel cannot keep it: {error.strerror or error}.")
        except (LookupError, TypeError, ValueError, OverflowError):
            self._refuse(file, _GARBLED)

    def _understand(self, message: dict[str, Any], file: str, buffers: list[Any]) -> None:
        kind = message.get("kind")
        if kind == "begin":
            self._begin(file, _readable(message["name"]), int(message["size"]))
        elif kind == "piece" and file in self._arriving:
            self._take(file, int(message["offset"]), bytes(buffers[0]))
        elif kind == "broken" and file in self._arriving:
            self._refuse(file, _readable(message["why"]))
        elif kind == "here":
            for lost in list(self._arriving):
                self._refuse(lost, _RELOADED)

    def _next(self) -> str | None:
        """Return a file that waits for its turn, if it has come."""
        under_way = list(self._arriving.items())[:_AT_ONCE]
        return next((file for file, arriving in under_way if not arriving.asked), None)

    def _begin(self, file: str, name: str, size: int) -> None:
        if size < 0 or file in self._arriving:
            raise ValueError(size)
        if not self.multiple:
            self._stop_all()
        if size > self._most_bytes:
            self._answer(file, "refused")
            self._on_trouble(
                name,
                f"It has {humanize.size(size)}; from the browser, at most "
                f"{humanize.size(self._most_bytes)} can come. Put it where the kernel runs and "
                "write its path.",
            )
            return
        self._arriving[file] = self._expect(name, size)
        self._on_begin(name)

    def _take(self, file: str, offset: int, piece: bytes) -> None:
        arriving = self._arriving[file]
        arriving.asked = True
        if len(piece) > arriving.size - arriving.there:
            raise ValueError(len(piece))
        if offset == arriving.there:  # else a piece that came twice
            arriving.add(piece)
        if arriving.there < arriving.size:
            self._answer(file, "more", offset=arriving.there)
            return
        self._handing = threading.get_ident()
        try:
            del self._arriving[file]
            self._answer(file, "done")
            self._on_file(arriving.finish())
        finally:
            self._handing = None

    def _refuse(self, file: str, why: str) -> None:
        self._answer(file, "refused")
        if arriving := self._arriving.pop(file, None):
            arriving.stop()
            self._on_trouble(arriving.name, why)

    def _answer(self, file: str, kind: str, **more: int) -> None:
        self.send({"kind": kind, "file": file, **more})

    def _stop_all(self) -> None:
        while self._arriving:
            file, arriving = self._arriving.popitem()
            arriving.stop()
            self._answer(file, "refused")

    def _expect(self, name: str, size: int) -> IncomingFile:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="leia-nb-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return IncomingFile(name, size, self._folder, self.next_number())


def _readable(text: Any) -> str:
    """Return a text that can be shown and sent, whatever the browser made of it."""
    return str(text).encode(errors="replace").decode()


def _parts(message: Any) -> list[dict[str, Any]]:
    """Return what a message says of each file; a drop of many is one message."""
    if not isinstance(message, dict):
        return []
    files = message.get("files")
    if not isinstance(files, list):
        return [message]
    return [{**file, "kind": message.get("kind")} for file in files if isinstance(file, dict)]
