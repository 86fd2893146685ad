"""The types of documents that trainers and transforms distinguish."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from leia_nb.enums import ModelInputType
from leia_nb.service.documents import video
from leia_nb.service.documents.base import InputDocument, UnreadableDocument
from leia_nb.service.documents.readers import is_image, is_pdf, read_head


class DocumentType(StrEnum):
    """A type of document."""

    PDF = "PDF"
    IMAGE = "image"
    TEXT = "text"
    VIDEO = "video"


_MEDIA_TYPES = {
    "application/pdf": DocumentType.PDF,
    "application/json": DocumentType.TEXT,
    "application/xml": DocumentType.TEXT,
    "application/yaml": DocumentType.TEXT,
    "image": DocumentType.IMAGE,
    "text": DocumentType.TEXT,
    "video": DocumentType.VIDEO,
}
_ACCEPTED: dict[str, tuple[str, ...]] = {
    ModelInputType.IMAGE: (DocumentType.IMAGE,),
    "pdf": (DocumentType.PDF,),
    ModelInputType.TEXT: (DocumentType.TEXT, DocumentType.PDF),
    ModelInputType.TEXT_TREE: ("application/json",),
    ModelInputType.VIDEO: (DocumentType.VIDEO,),
}
_TRANSFORMED_FROM: dict[str, tuple[str, ...]] = {
    ModelInputType.IMAGE: (DocumentType.PDF, DocumentType.VIDEO),
    ModelInputType.TEXT: (DocumentType.IMAGE,),
    ModelInputType.TEXT_TREE: (DocumentType.PDF, DocumentType.IMAGE),
}


def type_of(mime_type: str | None) -> DocumentType | str | None:
    """Return the type of a media type; itself if the type is unsupported, None if unspecific.

    Examples
    --------
    >>> type_of("image/png"), type_of("application/zip"), type_of(None)
    (<DocumentType.IMAGE: 'image'>, 'application/zip', None)
    """
    media_type = _normalized(mime_type)
    if media_type in ("", "application/octet-stream"):
        return None
    by_family = _MEDIA_TYPES.get(media_type.partition("/")[0])
    return _MEDIA_TYPES.get(media_type) or by_family or media_type


def detect_type(document: InputDocument, expected: Sequence[DocumentType]) -> DocumentType:
    """Return the type of a document, by its contents and its media type.

    Raises `UnreadableDocument` if it is not one of the expected types.
    """
    head = read_head(document, video.HEAD)
    detected = DocumentType.PDF if is_pdf(head) else type_of(document.mime_type)
    if detected is None:
        other = DocumentType.VIDEO if video.is_container(head) else DocumentType.TEXT
        detected = DocumentType.IMAGE if is_image(document) else other
    if detected not in expected:
        problem = f"is {with_article(detected)}"
        raise UnreadableDocument(document, problem, f"Expected {alternatives(expected)}.")
    return DocumentType(detected)


def accepts(input_types: Sequence[str], mime_type: str | None) -> bool:
    """Return whether a model reads documents of a media type; True if that is unspecific.

    Parameters
    ----------
    input_types : sequence of str
        Wire values of `ModelInputType`. A model of texts also reads PDFs that contain text.
    mime_type : str or None
        The media type.

    Examples
    --------
    >>> accepts(["image"], "image/png"), accepts(["image"], "application/pdf")
    (True, False)
    """
    document_type = type_of(mime_type)
    if document_type is None:
        return True
    names = {document_type, _normalized(mime_type)}
    return any(names & {*_ACCEPTED.get(_single(name), ())} for name in input_types)


def transform_advice(input_types: Sequence[str], mime_type: str | None, alternative: str) -> str:
    """Return the advice to transform a document to a type that a model reads, or to do otherwise.

    Examples
    --------
    >>> transform_advice(["image"], "application/pdf", "leave it out")
    'Transform it to image first, or leave it out.'
    >>> transform_advice(["image"], "text/plain", "leave it out")
    'Leave it out.'
    """
    names = {_single(name) for name in input_types}
    for target, sources in _TRANSFORMED_FROM.items():
        if target in names and type_of(mime_type) in sources:
            return f"Transform it to {target} first, or {alternative}."
    return f"{alternative[0].upper()}{alternative[1:]}."


def with_article(document_type: DocumentType | str) -> str:
    """Return a type with its article.

    Examples
    --------
    >>> with_article(DocumentType.IMAGE), with_article("application/zip")
    ('an image', 'of type application/zip')
    """
    if document_type not in tuple(DocumentType):
        return f"of type {document_type}"
    return f"{'an' if document_type == DocumentType.IMAGE else 'a'} {document_type}"


def alternatives(document_types: Sequence[DocumentType]) -> str:
    """Return types as a phrase.

    Examples
    --------
    >>> alternatives([DocumentType.PDF, DocumentType.IMAGE, DocumentType.TEXT])
    'a PDF, an image or a text'
    """
    *first, last = map(with_article, document_types)
    return f"{', '.join(first)} or {last}" if first else last


def _normalized(mime_type: str | None) -> str:
    return (mime_type or "").partition(";")[0].strip().lower()


def _single(input_type: str) -> str:
    return str(input_type).removeprefix("list[").removesuffix("]")
