"""`leia.documents`: the documents that models process and learn from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from leia_nb.errors import DamagedTransfer, InvalidInput
from leia_nb.records.records import Document
from leia_nb.resources.document_contents import DocumentContents
from leia_nb.resources.document_jobs import DocumentJobs
from leia_nb.resources.document_listings import DocumentListings
from leia_nb.resources.parameters import validators
from leia_nb.transport.uploads import UploadBody, open_upload


class Documents(DocumentContents, DocumentListings, DocumentJobs):
    """The documents of this application; of all applications for admins."""

    def upload(
        self,
        file: str | os.PathLike[str] | bytes | Any,
        *,
        filename: str | None = None,
        tags: Sequence[str] = (),
        ttl: int | None = None,
        application_id: Any = None,
        progress: bool = True,
        scope: str | None = None,
    ) -> Document:
        """Upload a document.

        The file is sent in blocks of 1 MiB; the size and MD5 of the stored document are
        compared with what was sent.

        LEIA operation: `create_document`. Its parameter ``b64`` is not available, because
        Base64 makes a body a third longer; pass ``base64.b64decode(text)`` for a document
        in Base64.

        Parameters
        ----------
        file : path, bytes or binary file object
            The document.
        filename : str, optional
            Its name, with extension; default: that of the file. Required for bytes.
        %(tags)s
        ttl : int, optional
            Seconds, at least 60, after which it is deleted with everything that was created
            from it; default: never.
        application_id : str or object, optional
            Its owner (admin login only); default: this application.
        %(progress)s
        %(scope)s

        Returns
        -------
        Document
            The new document.

        Raises
        ------
        %(InvalidFile)s
        UnknownApplication
            If the application `application_id` does not exist.
        %(StorageFull)s
        %(DamagedUpload)s
        %(OutcomeUnknown)s

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> document.filename, document.size
        ('page.txt', 6)
        >>> leia.documents.delete(document)
        """
        owner: dict[str, Any] = {"application_id": application_id, "scope": scope}
        with open_upload(file) as upload:
            name = _filename(upload, filename)
            values = {
                "filename": name,
                "tags": validators.texts("tags", tags) or None,
                "ttl": validators.whole_number("ttl", ttl, least=60),
            }
            with upload.progress_bar(name, progress=progress):
                payload = self._call("create_document", values, upload=upload, **owner)
        document = Document.from_json(payload)
        try:
            upload.check_stored(document.size, document.md5sum, f"document {document.id}")
        except DamagedTransfer:
            self.delete(document, **owner)
            raise
        return document

    def edit(
        self,
        document: Any,
        *,
        filename: str | None = None,
        rotation_angle: int | None = None,
        ttl: int | None = None,
        application_id: Any = None,
        scope: str | None = None,
    ) -> Document:
        """Change the name, the rotation or the lifetime of a document.

        None keeps a value.

        LEIA operation: `edit_document`.

        Parameters
        ----------
        %(document)s
        filename : str, optional
            Its new name, with extension.
        rotation_angle : int, optional
            Degrees, 0 to 359, by which viewers rotate it to be upright. The contents do not
            change.
        ttl : int, optional
            Seconds from now, at least 60, after which it is deleted with everything that was
            created from it. For the embedded service, a negative number means never.
        %(application_id)s
        %(scope)s

        Returns
        -------
        Document
            The updated document.

        Raises
        ------
        %(NoChanges)s
        %(UnknownDocument)s

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> leia.documents.edit(document, filename="letter.txt").filename
        'letter.txt'
        >>> leia.documents.delete(document)
        """
        values = {
            "filename": validators.text("filename", filename, required=filename is not None),
            "rotation_angle": validators.whole_number(
                "rotation_angle", rotation_angle, least=0, most=359
            ),
            "ttl": _new_ttl(ttl),
        }
        payload = self._on(
            "edit_document", document, application_id, scope, **validators.changes(values)
        )
        return Document.from_json(payload)

    def tag(
        self,
        document: Any,
        tag: str,
        *,
        application_id: Any = None,
        scope: str | None = None,
    ) -> Document:
        """Add a tag to a document.

        LEIA operation: `tag_document`.

        Parameters
        ----------
        %(document)s
        %(tag)s
        %(application_id)s
        %(scope)s

        Returns
        -------
        Document
            The updated document.

        Raises
        ------
        %(UnknownDocument)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.documents.tag(first, "seen").tags
        ('digits-train', 'seen')
        >>> leia.documents.untag(first, "seen")
        """
        payload = self._on("tag_document", document, application_id, scope, tag=validators.tag(tag))
        return Document.from_json(payload)

    def untag(
        self,
        document: Any,
        tag: str,
        *,
        application_id: Any = None,
        scope: str | None = None,
    ) -> None:
        """Remove a tag from a document; a tag that it does not have is ignored.

        LEIA operation: `untag_document`.

        Parameters
        ----------
        %(document)s
        %(tag)s
        %(application_id)s
        %(scope)s

        Raises
        ------
        %(UnknownDocument)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.documents.tag(first, "seen").tags
        ('digits-train', 'seen')
        >>> leia.documents.untag(first, "seen")
        """
        self._on("untag_document", document, application_id, scope, tag=validators.tag(tag))

    def delete(
        self, document: Any, *, application_id: Any = None, scope: str | None = None
    ) -> None:
        """Delete a document.

        LEIA operation: `delete_document`.

        Parameters
        ----------
        %(document)s
        %(application_id)s
        %(scope)s

        Raises
        ------
        %(UnknownDocument)s

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> leia.documents.delete(document)
        """
        self._on("delete_document", document, application_id, scope)


def _new_ttl(ttl: int | None) -> int | None:
    number = validators.whole_number("ttl", ttl)
    return number if number is None or number < 0 else validators.whole_number("ttl", ttl, least=60)


def _filename(upload: UploadBody, filename: str | None) -> str:
    if filename is None and not upload.name:
        raise InvalidInput(
            "filename is missing, because bytes have no name. Pass one, e.g. filename='page.png'.",
            field="filename",
        )
    name = upload.name if filename is None else filename
    return str(validators.text("filename", name, required=True))
