"""`leia.documents`: what models read and learn from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb import frames
from leia_nb.errors import DamagedTransfer, InvalidInput
from leia_nb.places import existing
from leia_nb.records import Document
from leia_nb.resources import checks
from leia_nb.resources.document_contents import DocumentContents
from leia_nb.resources.identifiers import optional_id
from leia_nb.transfers import check_stored, outgoing

if TYPE_CHECKING:
    import pandas as pd

SORTABLE = (
    "application_id",
    "filename",
    "extension",
    "mime_type",
    "original_id",
    "page",
    "creation_time",
)


class Documents(DocumentContents):
    """The documents of this application; an admin sees all."""

    def upload(
        self,
        file: str | os.PathLike[str] | bytes | Any,
        *,
        filename: str | None = None,
        tags: Sequence[str] = (),
        ttl: int | None = None,
        application_id: str | None = None,
        progress: bool = True,
        scope: str | None = None,
    ) -> Document:
        """Upload a document.

        It is sent in blocks of 1 MiB, and size and md5 of what LEIA stored are compared
        with what was sent.

        LEIA operation: `create_document`.

        Parameters
        ----------
        file : path, bytes or binary file object
            The document.
        filename : str, optional
            Its name, with extension; default: that of the file. Needed with bytes.
        tags : sequence of str
            Its tags.
        ttl : int, optional
            Seconds, at least 60, after which it is deleted, and all that was made from
            it; default: never.
        application_id : str, optional
            Whose it is to be (admin); default: this application's.
        progress : bool
            Whether to show a bar, in bytes.
        scope : "admin" or "plain", optional
            Which call to use; default: what the login is.

        Returns
        -------
        Document
            The new document.

        Raises
        ------
        InvalidInput
            If a value is wrong or the file cannot be read; nothing was sent.
        StorageFull
            If LEIA has no room left.
        DamagedTransfer
            If something else arrived than was sent; it is deleted again.
        OutcomeUnknown
            If the line broke before LEIA answered.

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> document.filename, document.size
        ('page.txt', 6)
        >>> leia.documents.delete(document)
        """
        name = _filename(file, filename)
        values = {
            "filename": name,
            "tags": checks.texts("tags", tags) or None,
            "ttl": checks.whole_number("ttl", ttl, least=60),
        }
        whose: dict[str, Any] = {"application_id": application_id, "scope": scope}
        with outgoing(file, name, progress=progress) as sending:
            told = self._call("create_document", values, upload=sending, **whose)
        document = Document.from_json(told)
        try:
            check_stored(sending, document.size, document.md5sum, f"document {document.id}")
        except DamagedTransfer:
            self.delete(document, **whose)
            raise
        return document

    def list(
        self,
        *,
        document_id: Any = None,
        application_id: str | None = None,
        filename: str | None = None,
        extension: str | None = None,
        mime_type: str | None = None,
        original_id: Any = None,
        tags: Sequence[str] | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        tag_result: str | None = None,
        sort: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        progress: bool = True,
        scope: str | None = None,
    ) -> pd.DataFrame:
        """List documents, all pages of them.

        LEIA operation: `get_documents`.

        Parameters
        ----------
        document_id, original_id : str or object, optional
            Only the document with this id, those made from this one.
        application_id : str, optional
            Only those of this application (admin).
        filename, extension, mime_type : str, optional
            Only those with exactly this.
        tags : sequence of str, optional
            Only those that carry all of these tags.
        created_after, created_before : datetime or str, optional
            Only those from / before this time; without a zone it is UTC.
        tag_result : str, optional
            A tag to add to everything that the filters match.
        sort : str, optional
            Fields separated by commas, ``-`` in front for descending:
            ``application_id``, ``filename``, ``extension``, ``mime_type``,
            ``original_id``, ``page``, ``creation_time``; default: ``"creation_time"``.
        offset : int, optional
            The first document, counted from 0.
        limit : int, optional
            Most documents; default: all.
        progress : bool
            Whether to show a bar if there is more than one page.
        scope : "admin" or "plain", optional
            Which call to use; default: what the login is.

        Returns
        -------
        pandas.DataFrame
            Index ``id`` (string); columns ``filename`` (string), ``extension``
            (string), ``mime_type`` (string), ``size`` (Int64), ``tags`` (tuple),
            ``creation_time`` (datetime64[ns, UTC]), ``expiration_time`` (datetime64[ns,
            UTC]), ``original_id`` (string), ``page`` (Int64), ``rotation_angle``
            (Int64), ``md5sum`` (string), ``application_id`` (string).

        Raises
        ------
        InvalidInput
            If a value is wrong; nothing was sent.

        Examples
        --------
        >>> documents = leia.documents.list(tags=["digits-test"], sort="filename")
        >>> len(documents), documents["mime_type"].unique().tolist()
        (20, ['image/png'])
        """
        values = {
            "document_id": optional_id(document_id, "document"),
            "application_id": checks.text("application_id", application_id),
            "filename": checks.text("filename", filename),
            "extension": checks.text("extension", extension),
            "mime_type": checks.text("mime_type", mime_type),
            "original_id": optional_id(original_id, "document"),
            "tags": checks.texts("tags", tags) or None,
            "created_after": checks.moment("created_after", created_after),
            "created_before": checks.moment("created_before", created_before),
            "tag_result": None if tag_result is None else checks.tag(tag_result, "tag_result"),
            "sort": checks.sort(sort, SORTABLE) or "creation_time",
        }
        rows = self._rows(
            "get_documents",
            values,
            offset=offset,
            limit=limit,
            progress=progress,
            scope=scope,
            once=("tag_result",),
        )
        return frames.listing(rows, frames.DOCUMENTS)

    def tag(
        self,
        document: Any,
        tag: str,
        *,
        application_id: str | None = None,
        scope: str | None = None,
    ) -> Document:
        """Add a tag to a document.

        LEIA operation: `tag_document`.

        Parameters
        ----------
        document : str or object
            The document.
        tag : str
            The tag.
        application_id : str, optional
            Whose it is (admin); default: the object's own, else this application's.
        scope : "admin" or "plain", optional
            Which call to use; default: what the login is.

        Returns
        -------
        Document
            The document as it is now.

        Raises
        ------
        UnknownDocument
            If there is no such document.

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.documents.tag(first, "seen").tags
        ('digits-train', 'seen')
        >>> leia.documents.untag(first, "seen")
        """
        told = self._on("tag_document", document, application_id, scope, tag=checks.tag(tag))
        return Document.from_json(told)

    def untag(
        self,
        document: Any,
        tag: str,
        *,
        application_id: str | None = None,
        scope: str | None = None,
    ) -> None:
        """Take a tag off a document; parameters, errors and example as for `tag`.

        LEIA operation: `untag_document`.
        """
        self._on("untag_document", document, application_id, scope, tag=checks.tag(tag))

    def delete(
        self, document: Any, *, application_id: str | None = None, scope: str | None = None
    ) -> None:
        """Delete a document.

        LEIA operation: `delete_document`.

        Parameters
        ----------
        document : str or object
            The document.
        application_id : str, optional
            Whose it is (admin); default: the object's own, else this application's.
        scope : "admin" or "plain", optional
            Which call to use; default: what the login is.

        Raises
        ------
        UnknownDocument
            If there is no such document.

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> leia.documents.delete(document)
        """
        self._on("delete_document", document, application_id, scope)


def _filename(file: Any, filename: str | None) -> str:
    found = _own_name(file) if filename is None else filename
    return str(checks.text("filename", found, needed=True))


def _own_name(file: Any) -> str:
    if isinstance(file, str | os.PathLike):
        return existing(file).name
    own = getattr(file, "name", None)
    if isinstance(own, str) and Path(own).name:
        return Path(own).name
    if not isinstance(file, bytes | bytearray) and not hasattr(file, "read"):
        raise InvalidInput(
            f"file is {type(file).__name__}. Give one path, bytes, or a file opened with 'rb'.",
            field="file",
        )
    raise InvalidInput(
        "filename is missing, and bytes have no name of their own. Give filename='page.png'.",
        field="filename",
    )
