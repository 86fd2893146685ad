"""`leia.annotations`: the labels of documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from leia_nb.enums import AnnotationType
from leia_nb.errors import InvalidInput
from leia_nb.records import frames
from leia_nb.records.records import Annotation
from leia_nb.resources.base import Resource
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import reference

if TYPE_CHECKING:
    import pandas as pd


class Annotations(Resource):
    """The annotations of this application's documents, from which models are trained."""

    _kind = "annotation"

    def create(
        self,
        document: Any,
        annotation_type: AnnotationType | str,
        prediction: Any,
        *,
        name: str | None = None,
        tags: Sequence[str] = (),
    ) -> Annotation:
        """Annotate a document.

        LEIA operation: `create_annotation`.

        Parameters
        ----------
        %(document)s
        annotation_type : AnnotationType or str
            ``"BOX"``, ``"TEXT"``, ``"TYPING"`` or ``"REF"``.
        prediction : JSON
            The label: any JSON. The embedded service's trainers learn from
            ``TYPING`` with ``{"category": "invoice"}`` (if a document has several, from the
            newest with a category), from ``TEXT`` with ``{"total": "12.50"}``,
            and from ``BOX`` with ``{"label": "logo", "x": 0.1, "y": 0.2, "width": 0.3,
            "height": 0.1}`` (fractions of the page). By convention ``REF`` refers to
            another document or annotation.
        name : str, optional
            Its name.
        %(tags)s

        Returns
        -------
        Annotation
            The new annotation.

        Raises
        ------
        %(InvalidInput)s
        %(UnknownDocument)s

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
            "annotation_type": validators.one_of(
                "annotation_type", annotation_type, AnnotationType, required=True
            ),
            "name": validators.text("name", name),
            "tags": validators.texts("tags", tags) or None,
        }
        if prediction is None:
            raise InvalidInput("prediction must not be None.", field="prediction")
        content = validators.json_value("prediction", prediction)
        return Annotation.from_json(self._call("create_annotation", values, content=content))

    def get(self, annotation: Any) -> Annotation:
        """Get an annotation.

        LEIA operation: `get_annotation`.

        Parameters
        ----------
        %(annotation)s

        Returns
        -------
        Annotation
            The record.

        Raises
        ------
        %(UnknownAnnotation)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.annotations.get(leia.annotations.list(document_id=first)).prediction
        {'category': '0'}
        """
        return Annotation.from_json(self._on("get_annotation", annotation))

    def update(
        self, annotation: Any, prediction: Any = None, *, name: str | None = None
    ) -> Annotation:
        """Change an annotation; None keeps a value.

        LEIA operation: `update_annotation`. LEIA requires the prediction: if only the name
        changes, the current one is read first (`get_annotation`) and sent again.

        Parameters
        ----------
        %(annotation)s
        prediction : JSON, optional
            The new label.
        name : str, optional
            Its new name.

        Returns
        -------
        Annotation
            The updated annotation.

        Raises
        ------
        %(InvalidInput)s
        %(UnknownAnnotation)s

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> annotation = leia.annotations.create(document, "TYPING", {"category": "letter"})
        >>> leia.annotations.update(annotation, {"category": "invoice"}).prediction
        {'category': 'invoice'}
        >>> leia.documents.delete(document)
        """
        if prediction is None and name is None:
            raise InvalidInput("No changes given. Pass prediction or name.", field="prediction")
        content = validators.json_value("prediction", prediction)
        if content is None:
            content = self.get(annotation).prediction
        return Annotation.from_json(
            self._on(
                "update_annotation",
                annotation,
                name=validators.text("name", name),
                content=content,
            )
        )

    def delete(self, annotation: Any) -> None:
        """Delete an annotation.

        LEIA operation: `delete_annotation`.

        Parameters
        ----------
        %(annotation)s

        Raises
        ------
        %(UnknownAnnotation)s
        NotYours
            If it belongs to another application.

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> annotation = leia.annotations.create(document, "TYPING", {"category": "letter"})
        >>> leia.annotations.delete(annotation)
        >>> len(leia.annotations.list(document_id=document))
        0
        >>> leia.documents.delete(document)
        """
        self._on("delete_annotation", annotation)

    def tag(self, annotation: Any, tag: str) -> Annotation:
        """Add a tag to an annotation.

        LEIA operation: `tag_annotation`.

        Parameters
        ----------
        %(annotation)s
        %(tag)s

        Returns
        -------
        Annotation
            The updated annotation.

        Raises
        ------
        %(UnknownAnnotation)s

        Examples
        --------
        >>> document = leia.documents.upload(b"a page", filename="page.txt", progress=False)
        >>> annotation = leia.annotations.create(document, "TYPING", {"category": "letter"})
        >>> leia.annotations.tag(annotation, "checked").tags
        ('checked',)
        >>> leia.annotations.untag(annotation, "checked")
        >>> leia.documents.delete(document)
        """
        return Annotation.from_json(self._on("tag_annotation", annotation, tag=validators.tag(tag)))

    def untag(self, annotation: Any, tag: str) -> None:
        """Remove a tag from an annotation; a tag that it does not have is ignored.

        LEIA operation: `untag_annotation`.

        Parameters
        ----------
        %(annotation)s
        %(tag)s

        Raises
        ------
        %(UnknownAnnotation)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> annotation = leia.annotations.list(document_id=first)
        >>> leia.annotations.tag(annotation, "checked").tags
        ('checked',)
        >>> leia.annotations.untag(annotation, "checked")
        """
        self._on("untag_annotation", annotation, tag=validators.tag(tag))

    def list(
        self,
        *,
        annotation_id: Any = None,
        annotation_type: AnnotationType | str | None = None,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        document_id: Any = None,
        created_after: date | str | None = None,
        created_before: date | str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        progress: bool = True,
    ) -> pd.DataFrame:
        """List annotations, from all pages.

        LEIA operation: `get_annotations`.

        Parameters
        ----------
        annotation_id, document_id : str or object, optional
            Only the annotation with this id; only those of this document.
        annotation_type : AnnotationType or str, optional
            Only those of this type.
        name : str, optional
            Only those with exactly this name.
        %(tags_filter)s
        %(created)s
        %(paging)s

        Returns
        -------
        pandas.DataFrame
            Index ``id`` (string); columns ``document_id`` (string), ``annotation_type``
            (category), ``name`` (string), ``prediction`` (object), ``tags`` (tuple),
            ``creation_time`` (datetime64[ns, UTC]), ``application_id`` (string).

        Raises
        ------
        %(InvalidInput)s

        Examples
        --------
        >>> first = leia.documents.list(filename="digit-0000.png")
        >>> leia.annotations.list(document_id=first)["prediction"].tolist()
        [{'category': '0'}]
        """
        return self._list("get_annotations", frames.ANNOTATIONS, locals())
