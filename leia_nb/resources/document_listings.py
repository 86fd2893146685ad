"""The listing of documents, their tags, and their contents as one zip."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.api.paths import target_path
from leia_nb.errors import UnexpectedAnswer
from leia_nb.records import frames
from leia_nb.resources.base import Resource
from leia_nb.resources.parameters.references import optional_id
from leia_nb.transport.downloads import Download, download_to, zip_defect

if TYPE_CHECKING:
    import pandas as pd

Names = list[str]


class DocumentListings(Resource):
    """The part of `Documents` that selects documents by filters."""

    def list(
        self,
        *,
        document_id: Any = None,
        application_id: Any = None,
        filename: str | None = None,
        extension: str | None = None,
        mime_type: str | None = None,
        original_id: Any = None,
        tags: Sequence[str] | None = None,
        created_after: date | str | None = None,
        created_before: date | str | None = None,
        tag_result: str | None = None,
        sort: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        progress: bool = True,
        scope: str | None = None,
    ) -> pd.DataFrame:
        """List documents, from all pages.

        LEIA operation: `get_documents`.

        Parameters
        ----------
        document_id, original_id : str or object, optional
            Only the document with this id; only those created from this one.
        %(application_id_filter)s
        filename, extension, mime_type : str, optional
            Only those with exactly this value.
        %(tags_filter)s
        %(created)s
        tag_result : str, optional
            A tag to add to all matching documents.
        sort : str, optional
            Fields separated by commas, ``-`` in front for descending:
            ``application_id``, ``filename``, ``extension``, ``mime_type``,
            ``original_id``, ``page``, ``creation_time``; default: ``"creation_time"``.
        %(paging)s
        %(scope)s

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
        %(InvalidInput)s
        NotYours
            If `document_id` or `original_id` belongs to another application.

        Examples
        --------
        >>> documents = leia.documents.list(tags=["digits-test"], sort="filename")
        >>> len(documents), documents["mime_type"].unique().tolist()
        (20, ['image/png'])
        """
        return self._list("get_documents", frames.DOCUMENTS, locals())

    def tags(self, application_id: Any = None, *, scope: str | None = None) -> Names:
        """List the tags of all documents.

        LEIA operation: `get_documents_tags`.

        Parameters
        ----------
        application_id : str or object, optional
            Only those of this application's documents (admin login only).
        %(scope)s

        Returns
        -------
        list of str
            Each tag once, in LEIA's order.

        Raises
        ------
        InvalidInput
            If `application_id` is another application and this is not an admin login;
            nothing was sent.

        Examples
        --------
        >>> "digits-train" in leia.documents.tags()
        True
        """
        values = {"application_id": optional_id(application_id, "application")}
        twin, filled = self._twin("get_documents_tags", values, scope=scope)
        tags = self._session.request(twin, filled, empty_on_404=True).content
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise UnexpectedAnswer("get_documents_tags: expected a JSON list of tags.")
        return tags

    def download_zip(
        self,
        path: str | os.PathLike[str],
        *,
        document_id: Any = None,
        application_id: Any = None,
        filename: str | None = None,
        extension: str | None = None,
        mime_type: str | None = None,
        original_id: Any = None,
        tags: Sequence[str] | None = None,
        created_after: date | str | None = None,
        created_before: date | str | None = None,
        progress: bool = True,
        scope: str | None = None,
    ) -> Path:
        """Download the contents of all matching documents as one zip.

        The zip is received in blocks, the checksums of its members are checked, and it
        appears at its path only when it is complete.

        LEIA operation: `get_documents_zip`.

        Parameters
        ----------
        path : path
            The file to write, or a folder, in which the file is named ``documents.zip``. An
            existing file is replaced when the download is complete.
        document_id, original_id : str or object, optional
            Only the document with this id; only those created from this one.
        %(application_id_filter)s
        filename, extension, mime_type : str, optional
            Only those with exactly this value.
        %(tags_filter)s
        %(created)s
        %(progress)s
        %(scope)s

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        %(InvalidInput)s
        NoDocuments, UnknownDocument
            If no document matches, or `document_id` does not exist.
        NotYours
            If `document_id` or `original_id` belongs to another application.
        %(DamagedDownload)s

        Examples
        --------
        >>> import zipfile
        >>> path = leia.documents.download_zip(tmp_path, tags=["digits-test"], progress=False)
        >>> path.name, len(zipfile.ZipFile(path).namelist())
        ('documents.zip', 20)
        """
        filters = self._filters(locals())
        target = target_path(path, "documents.zip")
        twin, filled = self._twin("get_documents_zip", filters, scope=scope)
        download = Download(twin, filled, target.name, check=zip_defect)
        return download_to(self._session, download, target, progress=progress)
