"""What kind of thing a document is: a PDF, an image, a text or a video."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from leia_nb.service.documents import video
from leia_nb.service.documents.base import InputDocument, UnreadableDocument
from leia_nb.service.documents.readers import is_image, opening


class Kind(StrEnum):
    """A kind of document, as transforms tell them apart."""

    PDF = "PDF"
    IMAGE = "image"
    TEXT = "text"
    VIDEO = "video"


_UNTOLD = (None, "", "application/octet-stream")
_KINDS = {
    "application/pdf": Kind.PDF,
    "application/json": Kind.TEXT,
    "application/xml": Kind.TEXT,
    "application/yaml": Kind.TEXT,
}
_STARTS = {"image": Kind.IMAGE, "text": Kind.TEXT, "video": Kind.VIDEO}
_PDF_WITHIN = 1024


def told(mime_type: str | None) -> Kind | str | None:
    """Return the kind of document that a media type tells.

    Parameters
    ----------
    mime_type : str or None
        A document's.

    Returns
    -------
    Kind, str or None
        The media type itself if it is of no kind that is known here; None if it tells nothing.

    Examples
    --------
    >>> told("image/png"), told("application/zip"), told(None)
    (<Kind.IMAGE: 'image'>, 'application/zip', None)
    """
    if mime_type in _UNTOLD:
        return None
    plain = str(mime_type).partition(";")[0].strip().lower()
    return _KINDS.get(plain) or _STARTS.get(plain.partition("/")[0]) or plain


def found(document: InputDocument, wanted: Sequence[Kind]) -> Kind:
    """Return the kind of a document, by what it holds and what it is said to be.

    Parameters
    ----------
    document : InputDocument
        The document; its beginning is read.
    wanted : sequence of Kind
        What the transform works on.

    Returns
    -------
    Kind
        One of `wanted`.

    Raises
    ------
    UnreadableDocument
        If it is gone, or of another kind.
    """
    head = opening(document, _PDF_WITHIN)
    kind = Kind.PDF if b"%PDF-" in head else told(document.mime_type)
    kind = kind or _looks_like(document, head)
    if kind not in wanted:
        why = f"is {a(kind)}"
        raise UnreadableDocument(document, why, f"Give {either(wanted)}.")
    return Kind(kind)


def _looks_like(document: InputDocument, head: bytes) -> Kind:
    if is_image(document):
        return Kind.IMAGE
    return Kind.VIDEO if video.is_container(head) else Kind.TEXT


def a(kind: Kind | str) -> str:
    """Return a kind with its article, for messages.

    Examples
    --------
    >>> a(Kind.IMAGE), a("application/zip")
    ('an image', 'of type application/zip')
    """
    if kind not in tuple(Kind):
        return f"of type {kind}"
    return f"an {kind}" if kind == Kind.IMAGE else f"a {kind}"


def either(kinds: Sequence[Kind]) -> str:
    """Return kinds as a list in words.

    Examples
    --------
    >>> either([Kind.PDF, Kind.IMAGE, Kind.TEXT])
    'a PDF, an image or a text'
    """
    *first, last = (a(kind) for kind in kinds)
    return f"{', '.join(first)} or {last}" if first else last
