"""The media type of a file: by its first bytes, else by its name, else by its text."""

from __future__ import annotations

import codecs
import mimetypes
from pathlib import Path, PurePosixPath

# only Python's table of names, not the machine's: a file has the same type everywhere
_NAMES = mimetypes.MimeTypes()
for _extension, _type in {
    ".csv": "text/csv",
    ".json": "application/json",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".webp": "image/webp",
}.items():
    _NAMES.add_type(_type, _extension)

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
)
_HEAD = 4096


def extension_of(filename: str) -> str | None:
    """Return a file name's extension in lower case without its dot, or None.

    >>> extension_of("Scan 12.PDF"), extension_of("README")
    ('pdf', None)
    """
    return PurePosixPath(filename).suffix.removeprefix(".").lower() or None


def mime_type_of(file: Path, filename: str) -> str:
    """Return a file's media type; ``"application/octet-stream"`` if it is unknown."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    by_name = _NAMES.guess_type(filename.replace(":", "_"))
    named = by_name[0] if by_name[1] is None else None
    return (
        _by_magic(head)
        or named
        or ("text/plain" if _is_text(head) else None)
        or ("application/octet-stream")
    )


def _by_magic(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((mime_type for magic, mime_type in _MAGIC if head.startswith(magic)), None)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
