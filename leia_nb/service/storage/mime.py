"""What kind of file a document is: by its first bytes, else by its name, else by its text.

Only Python's built-in table of names is used, never the machine's, so that the same
file has the same type everywhere.
"""

from __future__ import annotations

import codecs
import mimetypes
from pathlib import Path, PurePosixPath

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

    Examples
    --------
    >>> extension_of("Scan 12.PDF")
    'pdf'
    >>> extension_of("README") is None
    True
    """
    return PurePosixPath(filename).suffix.removeprefix(".").lower() or None


def mime_type_of(file: Path, filename: str) -> str:
    """Return a file's media type.

    Parameters
    ----------
    file : pathlib.Path
        The file; its first 4 KiB are read.
    filename : str
        The name it goes by.

    Returns
    -------
    str
        E.g. ``"image/png"``; ``"application/octet-stream"`` if nothing fits.
    """
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
    for magic, mime_type in _MAGIC:
        if head.startswith(magic):
            return mime_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
