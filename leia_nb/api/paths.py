"""Paths of files on this machine: file names from LEIA, and where a file is written."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from leia_nb.errors import InvalidInput, LeiaError

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_MAX_CHARACTERS = 150
_MAX_BYTES = 200  # file systems allow 255 bytes, whatever the script


def safe_name(name: str, default: str) -> str:
    """Return a file name from LEIA in a form that is safe on every system.

    Folders are dropped; a name longer than 150 characters or 200 bytes (UTF-8) loses the end
    of its stem; `default` replaces a name of which nothing is left.

    >>> safe_name("../../etc/passwd", "x"), safe_name("a:b?.pdf", "x"), safe_name("..", "x")
    ('passwd', 'a_b_.pdf', 'x')
    """
    last = re.split(r"[\\/]", name)[-1]
    clean = _UNSAFE.sub("_", last).strip().rstrip(". ")
    if not clean or set(clean) == {"."}:
        return default
    if _RESERVED.match(clean):
        clean = f"_{clean}"
    stem, dot, extension = clean.rpartition(".")
    end = f".{extension}" if dot and stem else ""
    if len(end) >= _MAX_CHARACTERS or len(end.encode()) >= _MAX_BYTES // 2:
        end = ""
    stem = clean.removesuffix(end)
    return _cut(stem, _MAX_CHARACTERS - len(end), _MAX_BYTES - len(end.encode())) + end


def target_path(path: str | os.PathLike[str], name: str) -> Path:
    """Return where to write a file: the path, or `name` in it if it is a folder."""
    target = as_path(path, "path")
    try:
        is_folder = target.is_dir()
        is_special = target.exists() and not is_folder and not target.is_file()
        target = target / name if is_folder else target
        has_folder = target.parent.is_dir()
    except OSError as error:
        raise _not_writable(target, error) from None
    if str(path).endswith(("/", os.sep)) and not is_folder:
        raise InvalidInput(
            f"The folder {str(path)!r} does not exist. Create it first.", field="path"
        )
    if is_special:
        raise InvalidInput(
            f"{target} is a device or a pipe. Give the path of a file.", field="path"
        )
    if not has_folder:
        raise InvalidInput(
            f"The folder {shortened(target.parent)} does not exist. Create it first, or give "
            "another path.",
            field="path",
        )
    return target


@contextmanager
def atomic_write(target: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside the target, which it replaces when the block succeeds."""
    part = target.with_name(f".{_cut(target.name, 100, 150)}.{secrets.token_hex(6)}.part")
    try:
        with part.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except LeiaError:  # some are OSErrors too
        raise
    except OSError as error:
        raise _not_writable(target, error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def as_path(value: Any, name: str) -> Path:
    """Return the path parameter `name`, with ``~`` expanded to the user's home folder."""
    if not isinstance(value, str | os.PathLike):
        raise InvalidInput(
            f"{name} must be a string or a Path, got {type(value).__name__}.", field=name
        )
    try:
        path = Path(value).expanduser()
        is_valid = b"\0" not in os.fsencode(path)
    except (TypeError, ValueError, RuntimeError):
        is_valid = False
    if not is_valid:
        raise InvalidInput(f"{name} {str(value)!r} is not a valid path. Check it.", field=name)
    return path


def shortened(path: Path) -> str:
    """Return a path for a message, on one line and of limited length."""
    text = str(path).replace("\n", " ")
    return text if len(text) <= 200 else f"{text[:100]}…{text[-50:]}"


def _not_writable(target: Path, error: OSError) -> InvalidInput:
    return InvalidInput(
        f"{shortened(target)} cannot be written ({error.strerror or error}). No file was left "
        "there; free up space or give another path.",
        field="path",
    )


def _cut(text: str, characters: int, size: int) -> str:
    """Cut a text to a number of characters and of bytes (UTF-8)."""
    return text[:characters].encode("utf-8", "ignore")[:size].decode("utf-8", "ignore")
