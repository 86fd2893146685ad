"""`leia.annotations`: what is said of documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leia_nb import frames
from leia_nb.enums import AnnotationType
from leia_nb.records import Annotation
from leia_nb.resources import checks
from leia_nb.resources.base import Resource
from leia_nb.resources.identifiers import optional_id, reference

if TYPE_CHECKING:
    import pandas as pd


class Annotations(Resource):
    """The annotations of this application's documents. Training learns from them."""

    def create(
        self,
        document: Any,
        annotation_type: AnnotationType | str,
        prediction: Any,
        *,
        name: str | None = None,
        tags: Sequence[str] = (),
    ) -> Annotation:
        """Say something of a document.

        LEIA operation: `create_annotation`.

        Parameters
        ----------
        document : str or object
            The document.
        annotation_type : AnnotationType or str
            ``"BOX"``, ``"TEXT"``, ``"TYPING"`` or ``"REF"``.
        prediction : JSON
            What is said. The embedded trainers read ``TYPING`` as
            ``{"category": "invoice"}``, ``TEXT`` as ``{"total": "12.50"}``, ``BOX`` as
            ``{"label": "logo", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.1}``
            (fractions of the page).
        name : str, optional
            A name for it.
        tags : sequence of str
            Its tags.

        Returns
        -------
        Annotation
            The new annotation.

        Raises
        ------
        InvalidInput
            If a value is wrong; nothing was sent.
        UnknownDocument
            If there is no such document.

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> annotation = leia.annotations.create(document, "TYPING", {"category": "letter"})
        >>> annotation.prediction
        {'category': 'letter'}
        >>> leia.documents.delete(document)
        """
        values = {
            "document_id": reference(document, "document").id,
            "annotation_type": checks.one_of("annotation_type", annotation_type, AnnotationType),
            "name": checks.text("name", name),
            "tags": checks.texts("tags", tags) or None,
        }
        if values["annotation_type"] is None:
            checks.text("annotation_type", "", needed=True)
        if prediction is None:
            checks.text("prediction", "", needed=True)
        content = checks.json_value("prediction", prediction)
        return Annotation.from_json(self._call("create_annotation", values, content=content))

    def list(
        self,
        *,
        annotation_id: Any = None,
        annotation_type: AnnotationType | str | None = None,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        document_id: Any = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        progress: bool = True,
    ) -> pd.DataFrame:
        """List annotations, all pages of them.

        LEIA operation: `get_annotations`.

        Parameters
        ----------
        annotation_id, document_id : str or object, optional
            Only the annotation with this id, those of this document.
        annotation_type : AnnotationType or str, optional
            Only those of this type.
        name : str, optional
            Only those with exactly this name.
        tags : sequence of str, optional
            Only those that carry all of these tags.
        created_after, created_before : datetime or str, optional
            Only those from / before this time; without a zone it is UTC.
        offset : int, optional
            The first annotation, counted from 0.
        limit : int, optional
            Most annotations; default: all.
        progress : bool
            Whether to show a bar if there is more than one page.

        Returns
        -------
        pandas.DataFrame
            Index ``id``; columns and dtypes as in `leia_nb.frames.ANNOTATIONS`.

        Raises
        ------
        InvalidInput
            If a value is wrong; nothing was sent.

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.annotations.list(document_id=first)["prediction"].tolist()
        [{'category': '0'}]
        """
        values = {
            "annotation_id": optional_id(annotation_id, "annotation"),
            "annotation_type": checks.one_of("annotation_type", annotation_type, AnnotationType),
            "name": checks.text("name", name),
            "tags": checks.texts("tags", tags) or None,
            "document_id": optional_id(document_id, "document"),
            "created_after": checks.moment("created_after", created_after),
            "created_before": checks.moment("created_before", created_before),
        }
        rows = self._rows("get_annotations", values, offset=offset, limit=limit, progress=progress)
        return frames.listing(rows, frames.ANNOTATIONS)
