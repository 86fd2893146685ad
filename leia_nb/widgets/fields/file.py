"""The field for a file: dropped in the browser, or a path in the kernel's file system."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import Any

import ipywidgets

from leia_nb.errors import InvalidInput
from leia_nb.records import humanize
from leia_nb.resources.parameters import validators
from leia_nb.widgets.browser.file_drop import MOST_BYTES, DropArea, ReceivedFile
from leia_nb.widgets.common.background import Background
from leia_nb.widgets.fields.base import Field

_BLOCK = 1024 * 1024


class FileField(Field):
    """One file, dropped or named by its path; the value is the path, empty = None.

    Size and MD5, or why the file is invalid, are shown as soon as they are known. A file of
    `kind`, e.g. ``"a zip"``, begins with the bytes `begins`; one from the browser has at most
    `most_bytes`.
    """

    def __init__(
        self,
        name: str,
        *,
        begins: bytes = b"",
        kind: str = "",
        most_bytes: int = MOST_BYTES,
        **about: Any,
    ) -> None:
        self._begins = begins
        self._kind = kind
        self._arrived: ReceivedFile | None = None
        self._failure: str | None = None
        self._sent = False
        self._md5: tuple[Path, str] | None = None
        self._closed = threading.Event()
        placeholder = "path in the kernel's file system (any size)"
        super().__init__(name, ipywidgets.Text(placeholder=placeholder), **about)
        self.area = DropArea(
            self._take, on_begin=self._expect, on_failure=self._fail, most_bytes=most_bytes
        )
        self.area.add_class("leia-beside")
        self.row.children = [self.control, self.area, *self.row.children[1:]]
        self._reading = Background(self._read_md5, "leia: md5")

    def _observe(self) -> None:
        self.control.observe(lambda _change: self._typed(), names="value")

    @property
    def value(self) -> Path | None:
        """The path of the file."""
        if (arrived := self._arrived) is not None:
            return arrived.path
        text = self.control.value.strip()
        return _path(text) if text else None

    @property
    def shown_name(self) -> str | None:
        """The name of the file for messages; None if there is no file."""
        if (arrived := self._arrived) is not None:
            return arrived.name
        return self.control.value.strip() or None

    @property
    def came_from_browser(self) -> bool:
        """Whether the file was dropped, so that its path is a temporary one."""
        return self._arrived is not None

    def fill(self, value: Any) -> None:
        """Fill in a path, or the content of the file as bytes; None empties the field."""
        if isinstance(value, bytes | bytearray | memoryview):
            self._take(self.area.keep("model.zip", bytes(value)))
        elif value is None or isinstance(value, str | os.PathLike):
            text = validators.text(self.name, None if value is None else os.fspath(value))
            self._forget()
            self.control.value = text or ""
            self._show()
        else:
            raise InvalidInput(
                f"{self.name} must be a path or bytes, got {type(value).__name__}.", field=self.name
            )

    def check(self) -> str | None:
        """Return a message if the file is missing, incomplete, or of another kind."""
        if self.area.busy:
            return "The file is still being transferred from the browser. Wait a moment."
        if self._failure:
            return self._failure
        if self._sent:
            return f"{self.shown_name} was sent and is no longer kept here. Choose it again."
        if self.value is None:
            message = f"{self.label} is empty. Choose a file, or enter its path."
            return message if self.required else None
        return self._check_file(self.value, self.shown_name or "")

    def literal(self) -> str:
        """Return the path as Python source; for a dropped file only its name."""
        return repr(self.shown_name)

    def sent(self, path: Path) -> None:
        """Remove a dropped file that was sent; one dropped meanwhile stays."""
        arrived = self._arrived
        if arrived is not None and arrived.path == path:
            self._sent = True
            self.area.remove(arrived)

    def close(self) -> None:
        """Remove a dropped file, and stop reading."""
        self._closed.set()
        super().close()  # the area removes its files

    # -- user input -------------------------------------------------------------

    def _typed(self) -> None:
        if self.control.value:
            self._forget()
        self._show()

    def _expect(self, name: str) -> None:
        self._forget()
        self.control.value = ""
        self.show_message(None)
        self.hint(f"Transferring {name} …")
        self._notify()

    def _take(self, arrived: ReceivedFile) -> None:
        self.control.value = ""
        self._arrived, self._failure, self._sent = arrived, None, False
        self._show()

    def _fail(self, name: str, reason: str) -> None:
        self._forget()
        self._failure = f"{name} was not transferred: {reason}"
        self._show()

    def _forget(self) -> None:
        self._arrived, self._failure, self._sent = None, None, False

    # -- the state of the file -----------------------------------------------------

    def _show(self) -> None:
        has_state = self.value is not None or self._failure is not None
        message = self.check() if has_state else None
        self.show_message(message)
        self.hint(None if message or self.value is None else self._summary(self.value))
        if self.value is not None and not message and self._arrived is None:
            self._reading.request()
        self._notify()

    def _summary(self, path: Path) -> str:
        if (arrived := self._arrived) is not None:
            md5sum = arrived.md5sum
        else:
            md5sum = self._md5[1] if self._md5 and self._md5[0] == path else "…"
        return f"{self.shown_name} · {humanize.size(path.stat().st_size)} · md5 {md5sum}"

    def _check_file(self, path: Path, name: str) -> str | None:
        try:
            if path.is_dir():
                return f"{name} is a folder. Enter the path of a file."
            if path.exists() and not path.is_file():  # reading a pipe would never end
                return f"{name} is a device or pipe. Enter the path of a file."
            with path.open("rb") as opened:
                begin = opened.read(max(1, len(self._begins)))
        except FileNotFoundError:
            return f"{name} does not exist in the kernel's file system. Check the path."
        except (OSError, ValueError) as error:
            return f"{name} cannot be read: {getattr(error, 'strerror', None) or error}."
        if not begin:
            return f"{name} is empty (0 bytes). Choose another file."
        if not begin.startswith(self._begins):
            return f"{name} is not {self._kind}. Choose another file."
        return None

    def _read_md5(self) -> None:
        """Compute the MD5 of the current path; runs in a thread."""
        path = self.value
        if path is None or self._arrived is not None:
            return
        md5 = hashlib.md5(usedforsecurity=False)
        try:
            with path.open("rb") as opened:
                while block := opened.read(_BLOCK):
                    if self._closed.is_set() or self.value != path:
                        return
                    md5.update(block)
            self._md5 = (path, md5.hexdigest())
            if self.value == path and not self._closed.is_set():
                self.hint(self._summary(path))
        except OSError:
            return  # `check` reports it


def _path(text: str) -> Path:
    """Return a path with ``~`` replaced by the home folder, if there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # no home folder
        return Path(text)
