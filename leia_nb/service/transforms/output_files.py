"""The files that a transform makes, one after another, in the job's work folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from leia_nb.service.documents.base import InputDocument, MadeFile, UnusableDocuments

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FILES = 1_000
MOST_CHARACTERS = {".txt": 32 << 20, ".json": 256 << 20}
_LONGEST_NAME = 255


class Output:
    """Takes what a transform makes, writes it down and keeps the list.

    Parameters
    ----------
    folder : pathlib.Path
        The job's work folder; it is made if need be.

    Attributes
    ----------
    files : list of MadeFile
        What was made so far, in order.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.files: list[MadeFile] = []

    def text(
        self, parts: Iterable[str], filename: str, source: InputDocument | None, **about: int
    ) -> None:
        """Keep a text as UTF-8, written part by part; `about` are members of `MadeFile`.

        Raises
        ------
        UnusableDocuments
            If it is longer than one text may be.
        """
        ending = PurePath(filename).suffix
        path = self.path(ending)
        left = MOST_CHARACTERS[ending]
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            for part in parts:
                left -= file.write(part)
                if left < 0:
                    raise _too_long(filename, MOST_CHARACTERS[ending])
        mime_type = "application/json" if ending == ".json" else "text/plain"
        self.add(path, filename, mime_type, source, **about)

    def image(
        self,
        image: Image,
        filename: str,
        source: InputDocument,
        quality: int,
        **about: int,
    ) -> None:
        """Keep an image, in the format that the file name's ending tells: JPEG, PNG or WebP."""
        ending = PurePath(filename).suffix
        kind = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}[ending]
        path = self.path(ending)
        if kind == "PNG":
            image.save(path, kind)
        else:
            image.save(path, kind, quality=quality)
        self.add(path, filename, f"image/{kind.lower()}", source, **about)

    def path(self, ending: str) -> Path:
        """Return where the next file goes.

        Raises
        ------
        UnusableDocuments
            If the job has made the most that one may make.
        """
        if len(self.files) >= MOST_FILES:
            raise UnusableDocuments(
                f"The job would make more than {MOST_FILES:,} documents, the most that one job "
                "may make. Give it fewer documents, or let it make fewer of each: image_slice "
                "picks pages and frames, a larger split_size makes fewer chunks."
            )
        return self._folder / f"{len(self.files):05d}{ending}"

    def add(
        self,
        path: Path,
        filename: str,
        mime_type: str,
        source: InputDocument | None,
        **about: int,
    ) -> None:
        """Keep a file that is written; the page is its source's unless `about` tells it."""
        if source is not None and source.page is not None:
            about.setdefault("page", source.page)
        made = MadeFile(path, filename, mime_type, source and source.id, **about)  # type: ignore[arg-type]
        self.files.append(made)


def _too_long(filename: str, most: int) -> UnusableDocuments:
    return UnusableDocuments(
        f"{filename} would have more than {most >> 20} million characters, the most that one "
        "text may have. Give fewer documents, or pick pages with image_slice."
    )


def named(document: InputDocument, ending: str, part: str = "") -> str:
    """Return the file name of something made from a document.

    Parameters
    ----------
    document : InputDocument
        What it is made from.
    ending : str
        The new name's ending, with its dot.
    part : str
        Which part of the document it is, e.g. ``"page-0"``; none by default.

    Returns
    -------
    str
        At most 255 characters.

    Examples
    --------
    >>> report = InputDocument("1", Path("1"), "report.pdf", "application/pdf")
    >>> named(report, ".jpg", "page-0")
    'report-page-0.jpg'
    """
    rest = f"-{part}{ending}" if part else ending
    return PurePath(document.filename).stem[: _LONGEST_NAME - len(rest)] + rest
