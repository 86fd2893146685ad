"""The transformation of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leia_nb.enums import TransformType
from leia_nb.resources.job.handle import Job
from leia_nb.resources.job.submission import JobSubmitter, common_owner, content_of, one_document
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.checks import checked
from leia_nb.resources.parameters.references import references


class DocumentJobs(JobSubmitter):
    """The part of `Documents` that submits jobs."""

    def transform(
        self,
        documents: Any,
        output_type: TransformType | str,
        *,
        input_tag: str | None = None,
        output_tag: str | None = None,
        execute_after_id: Any = None,
        page_range: str | None = None,
        block_processing: bool | None = None,
        callback_url: str | None = None,
        callback_headers: Mapping[str, str] | None = None,
        transform_params: Mapping[str, Any] | None = None,
        application_id: Any = None,
        scope: str | None = None,
    ) -> Job:
        """Transform documents into other documents; submit a job and return immediately.

        LEIA operation: `transform_document_async`.

        Parameters
        ----------
        %(documents)s
        output_type : TransformType or str
            ``"image"``: one image per page of a PDF, or frames of a video; ``"text"``: the
            text, by OCR or from the PDF; ``"text_tree"``: blocks of text with their
            positions, as JSON; ``"autorotate"``: rotated upright; ``"trim"``: without white
            borders; ``"merge"``: several texts joined; ``"split"``: a text in chunks of
            1,000 words; ``"transcode"``: converted to a common format.
        input_tag : str, optional
            Instead of the one document, process the documents created from it that have
            this tag.
        output_tag : str, optional
            A tag for every created document. It later finds the original of each:
            ``leia.documents.list(tags=[output_tag])["original_id"]``.
        %(execute_after_id)s
        %(page_range)s
        %(block_processing)s
        %(callback)s
        transform_params : mapping, optional
            ``image_slice`` (which frames of a video, a Python slice), ``output_quality``
            (percent, 1 to 100; default 75), ``split_size`` (words; default 1,000).
        application_id : str or object, optional
            The owner of the documents (admin login only); default: the objects' owner, else
            this application.
        %(scope)s

        Returns
        -------
        Job
            The handle; its `result()` is the created Document, or a DataFrame of several, like
            `leia.documents.list()`.

        Raises
        ------
        InvalidInput, InvalidPageRange
            If a value is invalid; nothing was sent.
        UnknownDocument, UnknownJob, UnknownApplication, NoDocuments
            If one of the objects does not exist.
        NotYours
            If one belongs to another application.
        UnusableDocuments
            If the documents cannot be transformed in this way.
        InvalidParameters
            If the `transform_params` are invalid.
        %(OutcomeUnknown)s

        Examples
        --------
        >>> words = leia.documents.upload(b"one two three", filename="w.txt", progress=False)
        >>> job = leia.documents.transform(words, "split", transform_params={"split_size": 2})
        >>> chunks = job.result(progress=False)
        >>> [leia.documents.contents(chunk).split() for chunk in chunks.index]
        [[b'one', b'two'], [b'three']]
        >>> for document in [words.id, *chunks.index]:
        ...     leia.documents.delete(document)
        """
        found = references(documents, "document")
        ids = [document.id for document in found]
        values = {
            "document_ids": ids,
            "input_tag": one_document("input_tag", input_tag, ids),
            **checked(
                output_type=output_type,
                output_tag=output_tag,
                execute_after_id=execute_after_id,
                callback_url=callback_url,
                block_processing=block_processing,
            ),
        }
        values["page_range"] = validators.page_range(page_range, values["execute_after_id"])
        return self._submit(
            "transform_document_async",
            values,
            content_of(callback_headers, transform_params=transform_params),
            None if application_id is not None else common_owner(found),
            application_id=application_id,
            scope=scope,
        )
