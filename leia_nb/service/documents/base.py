"""Documents as models and transforms get them, and the errors they raise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leia_nb.enums import ModelInputType


@dataclass(frozen=True)
class InputDocument:
    """A document that a model is applied to.

    Parameters
    ----------
    id : str
        The document's id.
    path : pathlib.Path
        Where its bytes are.
    filename : str
        Its name, for messages.
    mime_type : str or None
        What kind of document it is said to be.
    original_id : str or None
        The document that it was made from, if it was made from one.
    page : int or None
        Which page of that one it is, counted from 0.
    rotation_angle : int or None
        By how many degrees it is turned clockwise to be upright, if that is known.
    """

    id: str
    path: Path
    filename: str
    mime_type: str | None
    original_id: str | None = field(default=None, kw_only=True)
    page: int | None = field(default=None, kw_only=True)
    rotation_angle: int | None = field(default=None, kw_only=True)

    @property
    def label(self) -> str:
        """How messages name the document."""
        return f"document {self.id} ({self.filename})"


@dataclass(frozen=True)
class TrainingDocument(InputDocument):
    """A document that a trainer learns from.

    Parameters
    ----------
    md5sum : str
        MD5 of its bytes, in hexadecimal.
    annotations : tuple of (str, object)
        Its annotations: type and prediction, the oldest first, at most one `TYPING`.
    """

    md5sum: str = ""
    annotations: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class MadeFile:
    """A document that a job makes.

    Parameters
    ----------
    path : pathlib.Path
        Where its bytes are, in the job's work folder.
    filename : str
        Its whole name, with its ending.
    mime_type : str or None
        What kind of document it is; None leaves that to the service.
    source_id : str or None
        The document that it is directly made from; None if from several.
    page : int or None
        Which page of the original it is, counted from 0.
    rotation_angle : int or None
        By how many degrees it was turned clockwise.
    tags : tuple of str
        Tags of its own, beside those the job gives it.
    details : dict
        Further members that the job's result shows with it.
    """

    path: Path
    filename: str
    mime_type: str | None = None
    source_id: str | None = None
    page: int | None = None
    rotation_angle: int | None = None
    tags: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


_folder: ContextVar[Path] = ContextVar("work_folder")


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Make a folder, and make it the one that `work_folder` tells."""
    folder.mkdir(parents=True, exist_ok=True)
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def work_folder() -> Path:
    """Return the folder in which the job at work may make files.

    Returns
    -------
    pathlib.Path
        It exists, and goes away when the job is over.

    Raises
    ------
    LookupError
        Outside of a job.
    """
    return _folder.get()


class UnusableDocuments(Exception):
    """Documents that cannot be trained on, or not be read by the model.

    Its text says how many of what there are, and what to do.
    """

    code = "unusable_documents"

    @property
    def message(self) -> str:
        """The text."""
        return str(self)


class UnreadableDocument(UnusableDocuments):
    """A document that is damaged, or not what it is said to be.

    Parameters
    ----------
    document : InputDocument
        Which one.
    why : str
        What is wrong with it, a clause.
    advice : str
        What to do, a sentence.
    """

    def __init__(self, document: InputDocument, why: str, advice: str) -> None:
        super().__init__(f"{document.label} {why}. {advice}")

    @classmethod
    def gone(cls, document: InputDocument) -> UnreadableDocument:
        """Return the error for a document whose file is no longer there."""
        why = "is gone, deleted or expired before the job could read it"
        return cls(document, why, "Upload it again.")


class BlankDocument(UnreadableDocument):
    """A text without a word, such as that of a blank page; among others it may pass."""


def accepts(input_types: Sequence[str], mime_type: str | None) -> bool:
    """Tell whether a model reads a kind of document.

    Parameters
    ----------
    input_types : sequence of str
        `ModelInputType` wire values.
    mime_type : str or None
        The document's; None and ``application/octet-stream`` say nothing, so they pass.

    Returns
    -------
    bool
        False if the document is certainly of another kind. A model of text reads PDFs
        too, as far as they carry text.

    Examples
    --------
    >>> accepts(["image"], "image/png"), accepts(["image"], "application/pdf")
    (True, False)
    """
    if mime_type in (None, "", "application/octet-stream"):
        return True
    kind = str(mime_type).partition(";")[0].strip().lower()
    return any(
        kind.startswith(_STARTS.get(t, "?")) or kind in _KINDS.get(t, ()) for t in input_types
    )


def way_to_read(input_types: Sequence[str], mime_type: str | None, otherwise: str) -> str:
    """Say which transform makes a document one that a model reads, or what to do otherwise.

    Examples
    --------
    >>> way_to_read(["image"], "application/pdf", "leave it out")
    'Transform it to image first, or leave it out.'
    >>> way_to_read(["image"], "text/plain", "leave it out")
    'Leave it out.'
    """
    kind = str(mime_type).partition(";")[0].strip().lower()
    reads = {str(known).removeprefix("list[").removesuffix("]") for known in input_types}
    for target, kinds in _WAYS.items():
        if target in reads and kind.startswith(kinds):
            return f"Transform it to {target} first, or {otherwise}."
    return f"{otherwise[0].upper()}{otherwise[1:]}."


_WAYS: dict[str, tuple[str, ...]] = {
    ModelInputType.IMAGE: ("application/pdf", "video/"),
    ModelInputType.TEXT: ("image/",),
    ModelInputType.TEXT_TREE: ("application/pdf", "image/"),
}


_TEXTS = ("application/pdf", "application/json", "application/xml")


_STARTS: dict[str, str] = {
    ModelInputType.IMAGE: "image/",
    ModelInputType.IMAGES: "image/",
    ModelInputType.TEXT: "text/",
    ModelInputType.TEXTS: "text/",
    ModelInputType.VIDEO: "video/",
    ModelInputType.VIDEOS: "video/",
}


_KINDS: dict[str, tuple[str, ...]] = {
    ModelInputType.TEXT: _TEXTS,
    ModelInputType.TEXTS: _TEXTS,
    ModelInputType.TEXT_TREE: ("application/json",),
    ModelInputType.TEXT_TREES: ("application/json",),
    ModelInputType.PDFS: ("application/pdf",),
}
