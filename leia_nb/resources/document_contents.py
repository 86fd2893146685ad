"""The record and the contents of a document."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from leia_nb.api.paths import safe_name, target_path
from leia_nb.records.records import Document
from leia_nb.resources.base import Resource, owner_of
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import Reference, reference
from leia_nb.transport.downloads import Download, download_into, download_to


class DocumentContents(Resource):
    """The part of `Documents` that reads single documents."""

    _kind = "document"

    def get(
        self, document: Any, *, application_id: Any = None, scope: str | None = None
    ) -> Document:
        """Get a document's record.

        LEIA operation: `get_document`.

        Parameters
        ----------
        %(document)s
        %(application_id)s
        %(scope)s

        Returns
        -------
        Document
            The record.

        Raises
        ------
        %(UnknownDocument)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.documents.get(first).filename
        'digit-0000.png'
        """
        return Document.from_json(self._on("get_document", document, application_id, scope))

    def download(
        self,
        document: Any,
        path: str | os.PathLike[str],
        *,
        max_size: int | None = None,
        jpeg_compression: int | None = None,
        application_id: Any = None,
        progress: bool = True,
        scope: str | None = None,
    ) -> Path:
        """Download a document's contents to a file.

        The file is received in blocks, its size and MD5 are checked, and it appears at its
        path only when it is complete.

        LEIA operation: `get_document_contents`.

        Parameters
        ----------
        %(document)s
        path : path
            The file to write, or a folder, in which the file gets the name of the document.
            An existing file is replaced when the download is complete.
        %(image)s
        %(application_id)s
        %(progress)s
        %(scope)s

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        %(UnknownDocument)s
        %(DamagedDownload)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.documents.download(first, tmp_path, progress=False).name
        'digit-0000.png'
        """
        download, record = self._incoming(
            document, max_size, jpeg_compression, application_id, scope
        )
        return download_to(
            self._session, download, target_path(path, _safe(record)), progress=progress
        )

    def contents(
        self,
        document: Any,
        *,
        max_size: int | None = None,
        jpeg_compression: int | None = None,
        application_id: Any = None,
        scope: str | None = None,
    ) -> bytes:
        r"""Return the contents of a small document; their size and MD5 are checked.

        LEIA operation: `get_document_contents`.

        Parameters
        ----------
        %(document)s
        %(image)s
        %(application_id)s
        %(scope)s

        Returns
        -------
        bytes
            The contents.

        Raises
        ------
        %(UnknownDocument)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.documents.contents(first)[:4]
        b'\x89PNG'
        """
        download, _ = self._incoming(document, max_size, jpeg_compression, application_id, scope)
        buffer = io.BytesIO()
        download_into(self._session, download, buffer, progress=False)
        return buffer.getvalue()

    def _incoming(
        self,
        document: Any,
        max_size: int | None,
        jpeg_compression: int | None,
        application_id: Any,
        scope: str | None,
    ) -> tuple[Download, Document]:
        quality = validators.whole_number("jpeg_compression", jpeg_compression, least=1, most=100)
        found = reference(document, "document")
        values = {
            "document_id": found.id,
            "max_size": validators.whole_number("max_size", max_size, least=1),
            "jpeg_compression": quality,
        }
        record = self._record(found, application_id, scope)
        name, filled = self._twin(
            "get_document_contents", values, scope=scope, **owner_of(found, application_id)
        )
        if max_size is not None or quality is not None:  # size and MD5 differ from the stored ones
            return Download(name, filled, record.filename), record
        return Download(name, filled, record.filename, record.size, record.md5sum), record

    def _record(self, found: Reference, application_id: Any, scope: str | None) -> Document:
        if isinstance(found.record, Document):
            return found.record
        owner = owner_of(found, application_id)
        payload = self._call("get_document", {"document_id": found.id}, scope=scope, **owner)
        return Document.from_json(payload)


def _safe(record: Document) -> str:
    extension = (record.extension or "").lstrip(".")
    whole = record.filename
    if extension and not whole.lower().endswith(f".{extension.lower()}"):
        whole = f"{whole}.{extension}"
    return safe_name(whole, record.id)
