"""Documents as trainers and transforms get and return them, and the errors they raise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class InputDocument:
    """A document to which a model or a transform is applied.

    Parameters
    ----------
    id : str
        The document's id.
    path : pathlib.Path
        The file with its contents.
    filename : str
        Its name.
    mime_type : str or None
        Its declared media type.
    original_id : str or None
        The document from which it was derived, if any.
    page : int or None
        Its page number in the original, counted from 0.
    rotation_angle : int or None
        The clockwise rotation that makes it upright, in degrees, if known.
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
        """The document's id and name, for messages."""
        return f"document {self.id} ({self.filename})"


@dataclass(frozen=True)
class TrainingDocument(InputDocument):
    """A document of a training set.

    Parameters
    ----------
    md5sum : str
        MD5 of its contents, in hexadecimal.
    annotations : tuple of (str, object)
        Type and prediction of its annotations, the oldest first, at most one `TYPING`.
    """

    md5sum: str = ""
    annotations: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class OutputDocument:
    """A document that a job creates.

    Parameters
    ----------
    path : pathlib.Path
        The file with its contents, in the job's work folder.
    filename : str
        Its complete name.
    mime_type : str or None
        Its media type; None: the service determines it.
    source_id : str or None
        The document from which it was made; None if from several.
    page : int or None
        Its page number in the original, counted from 0.
    rotation_angle : int or None
        By how many degrees it was rotated clockwise.
    tags : tuple of str
        Its tags besides those that the job adds.
    details : dict
        Further members of its entry in the job's result.
    """

    path: Path
    filename: str
    mime_type: str | None = None
    source_id: str | None = None
    page: int | None = None
    rotation_angle: int | None = None
    tags: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


_MOST_NAMED = 20
_folder: ContextVar[Path] = ContextVar("work_folder")


@contextmanager
def use_work_folder(folder: Path) -> Iterator[None]:
    """Create a folder, which `work_folder` returns in this context."""
    folder.mkdir(parents=True, exist_ok=True)
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def work_folder() -> Path:
    """Return the folder for the files that the current job creates.

    Returns
    -------
    pathlib.Path
        An existing folder, deleted when the job has finished.

    Raises
    ------
    LookupError
        Outside of a job.
    """
    return _folder.get()


_notes: ContextVar[list[str] | None] = ContextVar("notes", default=None)


@contextmanager
def collect_notes() -> Iterator[list[str]]:
    """Collect what `add_note` adds in this context, in order and each once."""
    notes: list[str] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def add_note(note: str) -> None:
    """Add a sentence to the `reason` of the current job, which may succeed all the same."""
    notes = _notes.get()
    if notes is not None and note not in notes:
        notes.append(note)


@contextmanager
def named_in_errors(document: InputDocument) -> Iterator[None]:
    """Add a note with the document to an unforeseen error; it becomes part of the job's reason."""
    try:
        yield
    except UnusableDocuments:
        raise
    except Exception as error:
        if document.label not in getattr(error, "__notes__", ()):
            error.add_note(document.label)
        raise


class UnusableDocuments(Exception):
    """Documents that a trainer, a model or a transform cannot use; the message says why."""

    code = "unusable_documents"

    @property
    def message(self) -> str:
        """The text of the error."""
        return str(self)


def raise_or_skip(errors: Sequence[UnusableDocuments], *, skip: bool) -> None:
    """Raise one error that names all unusable documents, or note that they were skipped."""
    if errors and not skip:
        raise _combined(errors)
    for error in errors:
        add_note(f"Skipped: {error}")


def _combined(errors: Sequence[UnusableDocuments]) -> UnusableDocuments:
    if len(errors) == 1:
        return errors[0]
    messages = [str(error) for error in errors[:_MOST_NAMED]]
    if more := len(errors) - len(messages):
        messages.append(f"{more:,} more documents cannot be used.")
    return UnusableDocuments(" ".join(messages))


class UnreadableDocument(UnusableDocuments):
    """A document that is damaged or has another type; the problem is a clause without subject."""

    def __init__(
        self, document: InputDocument, problem: str, advice: str = "Leave it out."
    ) -> None:
        super().__init__(f"{document.label} {problem}. {advice}")
        self.document = document

    @classmethod
    def missing(cls, document: InputDocument) -> UnreadableDocument:
        """Return the error for a document whose file no longer exists."""
        problem = "was deleted or expired before the job could read it"
        return cls(document, problem, "Upload it again.")


class BlankDocument(UnreadableDocument):
    """A text without words, such as a blank page; skipped if there are other documents."""
