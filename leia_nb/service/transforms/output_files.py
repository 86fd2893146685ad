"""The files that a transform writes to the job's work folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from leia_nb.service.documents.base import InputDocument, OutputDocument, UnusableDocuments

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FILES = 1_000
MOST_CHARACTERS = {".txt": 32 << 20, ".json": 256 << 20}
_LONGEST_NAME = 255
_FORMATS = {".jpg": "JPEG", ".png": "PNG"}


class Output:
    """The documents that a transform has created so far, in order, in `documents`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.documents: list[OutputDocument] = []

    def text(
        self, parts: Iterable[str], filename: str, source: InputDocument | None, **fields: int
    ) -> None:
        """Write a text as UTF-8, part by part."""
        suffix = PurePath(filename).suffix
        path = self.next_path(suffix)
        limit = left = MOST_CHARACTERS[suffix]
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            for part in parts:
                left -= file.write(part)
                if left < 0:
                    raise UnusableDocuments(
                        f"{filename} would have more than {limit >> 20} million characters, the "
                        "limit for one text. Use fewer documents, or select pages with image_slice."
                    )
        mime_type = "application/json" if suffix == ".json" else "text/plain"
        self.add(path, filename, mime_type, source, **fields)

    def image(
        self, image: Image, filename: str, source: InputDocument, quality: int, **fields: int
    ) -> None:
        """Write an image as JPEG or PNG, according to the suffix of the name."""
        suffix = PurePath(filename).suffix
        path = self.next_path(suffix)
        options = {} if suffix == ".png" else {"quality": quality}
        image.save(path, _FORMATS[suffix], **options)
        self.add(path, filename, f"image/{_FORMATS[suffix].lower()}", source, **fields)

    def next_path(self, suffix: str) -> Path:
        """Return the path of the next file; raise `UnusableDocuments` if there are too many."""
        if len(self.documents) >= MOST_FILES:
            raise UnusableDocuments(
                f"The job would create more than {MOST_FILES:,} documents, the limit for one job. "
                "Use fewer documents, select pages or frames with image_slice, or split into "
                "larger chunks with split_size."
            )
        return self._folder / f"{len(self.documents):05d}{suffix}"

    def add(
        self, path: Path, filename: str, mime_type: str, source: InputDocument | None, **fields: int
    ) -> None:
        """Add a file; its page is its source's by default."""
        if source is not None and source.page is not None:
            fields.setdefault("page", source.page)
        document = OutputDocument(path, filename, mime_type, source and source.id, **fields)  # type: ignore[arg-type]
        self.documents.append(document)


def output_name(document: InputDocument, suffix: str, part: str = "") -> str:
    """Return the file name, at most 255 characters, of a document made from another.

    Examples
    --------
    >>> report = InputDocument("1", Path("1"), "report.pdf", "application/pdf")
    >>> output_name(report, ".jpg", "page-0")
    'report-page-0.jpg'
    """
    rest = f"-{part}{suffix}" if part else suffix
    return PurePath(document.filename).stem[: _LONGEST_NAME - len(rest)] + rest
