"""The field for a file: dropped into the browser, or a path where the kernel runs."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
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
    """One file; the value is the path of what was dropped or written, empty = None.

    Size and MD5 are stated as soon as they are known, and so is what is wrong with it.

    Parameters
    ----------
    name : str
        The parameter's name.
    begins : bytes
        What such a file begins with.
    kind : str
        What such a file is called, e.g. ``"a zip"``.
    most_bytes : int
        Largest file taken from the browser; a path may lead to any.
    **about
        Label and tooltip; see `Field`.
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
        self._trouble: str | None = None
        self._sent = False
        self._md5: tuple[Path, str] | None = None
        self._closed = threading.Event()
        self._callbacks: list[Callable[[], object]] = []
        placeholder = "path where the kernel runs (any size)"
        super().__init__(name, ipywidgets.Text(placeholder=placeholder), **about)
        self.area = DropArea(
            self._take, on_begin=self._expect, on_failure=self._fail, most_bytes=most_bytes
        )
        self.area.add_class("leia-beside")
        self.row.children = [self.control, self.area, *self.row.children[1:]]
        self.control.observe(lambda _change: self._typed(), names="value")
        self._reading = Background(self._read_md5, "leia: md5")

    @property
    def value(self) -> Path | None:
        """Where the file is."""
        if (arrived := self._arrived) is not None:
            return arrived.path
        text = self.control.value.strip()
        return _path(text) if text else None

    @property
    def shown_name(self) -> str | None:
        """What the file is called, for people; None if there is none."""
        if (arrived := self._arrived) is not None:
            return arrived.name
        return self.control.value.strip() or None

    @property
    def came_from_browser(self) -> bool:
        """Whether the file was dropped, so that its path is not the person's own."""
        return self._arrived is not None

    def fill(self, value: Any) -> None:
        """Give a path, or what is in the file as bytes; None empties the field."""
        if isinstance(value, bytes | bytearray | memoryview):
            self._take(self.area.keep("model.zip", bytes(value)))
        elif value is None or isinstance(value, str | os.PathLike):
            text = validators.text(self.name, None if value is None else os.fspath(value))
            self._forget()
            self.control.value = text or ""
            self._show()
        else:
            raise InvalidInput(
                f"{self.name} is {type(value).__name__}. Give a path, or bytes.", field=self.name
            )

    def check(self) -> str | None:
        """Say that there is no such file, that it is still coming, or is of another kind."""
        if self.area.busy:
            return "The file is still on its way from the browser. Wait a moment."
        if self._trouble:
            return self._trouble
        if self._sent:
            return f"{self.shown_name} was sent and is not kept here. Choose it again."
        if self.value is None:
            missing = f"{self.label} is empty. Choose a file, or give its path."
            return missing if self.required else None
        return self._wrong_with(self.value, self.shown_name or "")

    def literal(self) -> str:
        """Return the path as Python source; of a dropped file its name alone."""
        return repr(self.shown_name)

    def on_change(self, callback: Callable[[], object]) -> None:
        """Call back whenever a file comes or goes, or the path changes."""
        self._callbacks.append(callback)

    def sent(self, path: Path) -> None:
        """Remove a dropped file that was sent; one that came meanwhile stays."""
        arrived = self._arrived
        if arrived is not None and arrived.path == path:
            self._sent = True
            self.area.remove(arrived)

    def close(self) -> None:
        """Remove a dropped file, and stop reading."""
        self._closed.set()
        super().close()  # the area removes its files

    # -- what people do ----------------------------------------------------------

    def _typed(self) -> None:
        if self.control.value:
            self._forget()
        self._show()

    def _expect(self, name: str) -> None:
        self._forget()
        self.control.value = ""
        self.say(None)
        self.hint(f"{name} is on its way …")
        self._tell()

    def _take(self, arrived: ReceivedFile) -> None:
        self.control.value = ""
        self._arrived, self._trouble, self._sent = arrived, None, False
        self._show()

    def _fail(self, name: str, why: str) -> None:
        self._forget()
        self._trouble = f"{name} did not come: {why}"
        self._show()

    def _forget(self) -> None:
        self._arrived, self._trouble, self._sent = None, None, False

    # -- what is known of the file -------------------------------------------------

    def _show(self) -> None:
        there = self.value is not None or self._trouble is not None
        wrong = self.check() if there else None
        self.say(wrong)
        self.hint(None if wrong or self.value is None else self._about(self.value))
        if self.value is not None and not wrong and self._arrived is None:
            self._reading.request()
        self._tell()

    def _about(self, path: Path) -> str:
        if (arrived := self._arrived) is not None:
            md5sum = arrived.md5sum
        else:
            md5sum = self._md5[1] if self._md5 and self._md5[0] == path else "…"
        return f"{self.shown_name} · {humanize.size(path.stat().st_size)} · md5 {md5sum}"

    def _wrong_with(self, path: Path, name: str) -> str | None:
        try:
            if path.is_dir():
                return f"{name} is a folder. Write the path of one file."
            if path.exists() and not path.is_file():  # reading a pipe would never end
                return f"{name} is no file but a device or pipe. Write the path of one file."
            with path.open("rb") as opened:
                begin = opened.read(max(1, len(self._begins)))
        except FileNotFoundError:
            return f"There is no file {name} where the kernel runs. Check the path."
        except (OSError, ValueError) as error:
            return f"{name} cannot be read: {getattr(error, 'strerror', None) or error}."
        if not begin:
            return f"{name} is empty (0 bytes). Choose another file."
        if not begin.startswith(self._begins):
            return f"{name} is not {self._kind}. Choose another file."
        return None

    def _read_md5(self) -> None:
        """Read the MD5 of the path that stands there now; runs in a thread."""
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
                self.hint(self._about(path))
        except OSError:
            return  # `check` says so

    def _tell(self) -> None:
        for callback in self._callbacks:
            callback()


def _path(text: str) -> Path:
    """Return a path; ``~`` is the home folder, if there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody's home
        return Path(text)
