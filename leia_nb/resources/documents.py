"""`leia.documents`: what models read and learn from."""

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
    """The documents of this application; an admin sees all."""

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

        It is sent in blocks of 1 MiB, and size and md5 of what LEIA stored are compared
        with what was sent.

        LEIA operation: `create_document`. Its parameter ``b64`` is not offered: Base64 makes
        a body a third longer. Of a text in Base64, e.g. out of a JSON, give
        ``base64.b64decode(text)``.

        Parameters
        ----------
        file : path, bytes or binary file object
            The document.
        filename : str, optional
            Its name, with extension; default: that of the file. Needed with bytes.
        %(tags)s
        ttl : int, optional
            Seconds, at least 60, after which it is deleted, and all that was made from
            it; default: never.
        application_id : str or object, optional
            Whose it is to be (admin); default: this application's.
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
            If there is no application `application_id`.
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
        """Change what a document is called, how it is turned and how long it lives.

        None leaves a value as it is.

        LEIA operation: `edit_document`.

        Parameters
        ----------
        %(document)s
        filename : str, optional
            Its new name, with extension.
        rotation_angle : int, optional
            Degrees, 0 to 359, by which to turn it for people to read it upright. The
            contents stay as they are.
        ttl : int, optional
            Seconds from now, at least 60, after which it is deleted, and all that was
            made from it. The embedded service takes a negative one as never.
        %(application_id)s
        %(scope)s

        Returns
        -------
        Document
            The document as it is now.

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
            "filename": validators.text("filename", filename, needed=filename is not None),
            "rotation_angle": validators.whole_number(
                "rotation_angle", rotation_angle, least=0, most=359
            ),
            "ttl": _new_ttl(ttl),
        }
        told = self._on(
            "edit_document", document, application_id, scope, **validators.changes(values)
        )
        return Document.from_json(told)

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
            The document as it is now.

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
        told = self._on("tag_document", document, application_id, scope, tag=validators.tag(tag))
        return Document.from_json(told)

    def untag(
        self,
        document: Any,
        tag: str,
        *,
        application_id: Any = None,
        scope: str | None = None,
    ) -> None:
        """Take a tag off a document; one that it does not have may be taken off too.

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
    found = validators.whole_number("ttl", ttl)
    return found if found is None or found < 0 else validators.whole_number("ttl", ttl, least=60)


def _filename(upload: UploadBody, filename: str | None) -> str:
    if filename is None and not upload.name:
        raise InvalidInput(
            "filename is missing, and the bytes have no name. Give filename='page.png'.",
            field="filename",
        )
    name = upload.name if filename is None else filename
    return str(validators.text("filename", name, needed=True))
