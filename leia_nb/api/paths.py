"""Where files lie on this machine: what is sent, and where what is made or fetched goes."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

from leia_nb.errors import InvalidInput

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]{100,}={0,2}")
_MOST_CHARACTERS = 150
_MOST_BYTES = 200  # file systems allow 255 bytes, whatever the script


def safe_name(name: str, default: str) -> str:
    """Return a file name that is safe on every system, made of one that LEIA sent.

    Parameters
    ----------
    name : str
        What LEIA sent; folders in it are dropped.
    default : str
        What to take if nothing of it is left.

    Returns
    -------
    str
        A plain file name of at most 150 characters and 200 bytes (UTF-8); a longer
        one loses the end of its stem.

    Examples
    --------
    >>> safe_name("../../etc/passwd", "x"), safe_name("a:b?.pdf", "x"), safe_name("..", "x")
    ('passwd', 'a_b_.pdf', 'x')
    """
    last = re.split(r"[\\/]", name)[-1]
    clean = _UNSAFE.sub("_", last).strip().rstrip(". ")
    if not clean or set(clean) == {"."}:
        return default
    if _RESERVED.match(clean):
        clean = f"_{clean}"
    return _shortened(clean)


def target_path(path: str | os.PathLike[str], name: str) -> Path:
    """Return where a file goes: the path itself, or `name` in it if it is a folder.

    Raises
    ------
    InvalidInput
        If it is no path, ends like a folder's and there is no such folder, or is a device
        or a pipe, which a file must not replace.
    """
    target = as_path(path, "path")
    try:
        is_folder = target.is_dir()
        is_special = target.exists() and not is_folder and not target.is_file()
    except OSError as error:
        raise cannot_write(target, error) from None
    if str(path).endswith(("/", os.sep)) and not is_folder:
        raise InvalidInput(f"There is no folder {str(path)!r}. Make it first.", field="path")
    if is_special:
        raise InvalidInput(f"{target} is no file. Give the path of a file.", field="path")
    return target / name if is_folder else target


def require_folder_of(target: Path) -> None:
    """Make sure that there is a folder for a file to write.

    Raises
    ------
    InvalidInput
        If not.
    """
    if not target.parent.is_dir():
        raise InvalidInput(
            f"The folder {_brief(target.parent)} does not exist. Make it first, or give another "
            "path.",
            field="path",
        )


def part_path(target: Path) -> Path:
    """Return a name beside the target for what has not come whole yet."""
    return target.with_name(f".{_cut(target.name, 100, 150)}.{secrets.token_hex(6)}.part")


def existing(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file to send.

    Raises
    ------
    InvalidInput
        If there is no such file, or it may not be read.
    """
    found = as_path(path, "file")
    try:
        if found.is_dir():
            raise InvalidInput(f"{found} is a folder. Give the path of one file.", field="file")
        if not found.is_file():
            raise InvalidInput(f"There is no file {_brief(found)}. {_advice(path)}", field="file")
    except OSError as error:
        raise InvalidInput(
            f"The file {_brief(found)} cannot be read ({error.strerror}). {_advice(path)}",
            field="file",
        ) from None
    if not os.access(found, os.R_OK):
        raise InvalidInput(f"{found} may not be read by this user.", field="file")
    return found


def as_path(path: Any, name: str) -> Path:
    """Return a path parameter, with ``~`` as the user's home.

    Raises
    ------
    InvalidInput
        If it is none that a file system can hold.
    """
    if not isinstance(path, str | os.PathLike):
        raise InvalidInput(f"{name} is {type(path).__name__}. Give a path.", field=name)
    try:
        found = Path(path).expanduser()
        usable = b"\0" not in os.fsencode(found)
    except (TypeError, ValueError, RuntimeError):
        usable = False
    if not usable:
        raise InvalidInput(f"{name} {str(path)!r} is no usable path. Check it.", field=name)
    return found


def cannot_write(target: Path, error: OSError) -> InvalidInput:
    """Return the error for a file that this machine cannot keep."""
    return InvalidInput(
        f"{_brief(target)} cannot be written ({error.strerror or error}). Nothing was left there; "
        "make room or give another path.",
        field="path",
    )


def _advice(path: Any) -> str:
    """Say what to do about a path at which nothing is: it may be the contents themselves."""
    if isinstance(path, str) and _BASE64.fullmatch(path.strip()):
        return "If it is no path but Base64, give base64.b64decode(…) of it."
    if isinstance(path, str) and "\n" in path:
        return "If it is no path but the text itself, give its bytes: text.encode()."
    if isinstance(path, str) and "://" in path:
        return "It is an address: fetch what is there yourself, and give its bytes or a path."
    if re.search("[*?]", str(path)):
        return (
            "Files are sent one at a time. Loop over those that match: "
            f"for file in glob.glob({_brief(Path(path))!r}): …"
        )
    return "Check the path."


def _brief(path: Path) -> str:
    shown = str(path).replace("\n", " ")
    return shown if len(shown) <= 200 else f"{shown[:100]}…{shown[-50:]}"


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    end = f".{extension}" if dot and stem else ""
    if len(end) >= _MOST_CHARACTERS or len(end.encode()) >= _MOST_BYTES // 2:
        end = ""
    stem = name.removesuffix(end)
    return _cut(stem, _MOST_CHARACTERS - len(end), _MOST_BYTES - len(end.encode())) + end


def _cut(text: str, characters: int, in_bytes: int) -> str:
    return text[:characters].encode("utf-8", "ignore")[:in_bytes].decode("utf-8", "ignore")
