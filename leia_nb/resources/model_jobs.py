"""Applying and training models; each returns the handle of a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leia_nb.enums import FormatType
from leia_nb.errors import InvalidInput
from leia_nb.records.records import with_article
from leia_nb.resources.job.handle import Job
from leia_nb.resources.job.submission import JobSubmitter, common_owner, content_of, one_document
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.checks import checked
from leia_nb.resources.parameters.references import (
    Reference,
    optional_id,
    reference,
    references,
)


class ModelJobs(JobSubmitter):
    """The part of `Models` that submits jobs."""

    def apply(
        self,
        model: Any,
        documents: Any,
        *,
        application_id: Any = None,
        tag: str | None = None,
        format_type: FormatType | str | None = None,
        execute_after_id: Any = None,
        page_range: str | None = None,
        callback_url: str | None = None,
        callback_headers: Mapping[str, str] | None = None,
        model_params: Mapping[str, Any] | None = None,
        block_processing: bool | None = None,
        save_result: bool | None = None,
        priority: int | None = None,
        scope: str | None = None,
    ) -> Job:
        """Apply a model to documents; submit a job and return immediately.

        LEIA operation: `apply_model_async`.

        Parameters
        ----------
        %(model)s
        %(documents)s
        application_id : str or object, optional
            The owner of the documents (admin login only); default: the documents' owner, else
            the model's, else this application. That application must be allowed to use the
            model: ``leia.models.edit(model, allowed_application_ids=[…])``.
        tag : str, optional
            Instead of the one document, process the documents created from it that have
            this tag.
        format_type : FormatType or str, optional
            ``"classification"``: category, score and accuracy; default: the model's
            key-values.
        %(execute_after_id)s
        %(page_range)s
        %(callback)s
        model_params : mapping, optional
            Further parameters, passed to the model unchanged.
        %(block_processing)s
        save_result : bool, optional
            Also keep the result as a JSON document; default: no.
        priority : int, optional
            Jobs with a higher priority start first; default: 0.
        scope : "admin" or "plain", optional
            Which of LEIA's two calls to use; default: the one that matches the login. The
            admin call has neither `save_result` nor `priority`; with one of them, the default
            is the plain call, which accepts only documents of this application.

        Returns
        -------
        Job
            The handle; its `result()` is a DataFrame with one row per processed document, or,
            for an image extraction, per extracted document. In a chain, the processed
            documents are those between two jobs, e.g. pages; their originals are
            ``leia.documents.list(tags=[output_tag])["original_id"]``, with the `output_tag` of
            the transform.

        Raises
        ------
        InvalidInput, InvalidPageRange
            If a value is invalid; nothing was sent.
        UnknownModel, UnknownDocument, UnknownJob, UnknownApplication, NoDocuments
            If one of the objects does not exist.
        NotAClassifier
            If `format_type` is given and the model is not a classifier.
        NotYours
            If the documents or the preceding job belong to another application, or that
            application may not use the model.
        InvalidParameters
            If the `model_params` are invalid.
        UnusableDocuments
            If the model cannot process the documents.
        %(OutcomeUnknown)s

        Examples
        --------
        >>> test = leia.documents.list(tags=["digits-test"])
        >>> job = leia.models.apply("digits-v1", test, format_type="classification")
        >>> len(job.result(progress=False))
        20
        """
        found = reference(model, "model")
        found_documents = references(documents, "document")
        ids = [document.id for document in found_documents]
        owner = Reference("", optional_id(application_id, "application"))
        if owner.application_id is None:
            owner = common_owner(found_documents) or owner
        values = {
            "model_id": found.id,
            "document_ids": ids,
            "tag": one_document("tag", tag, ids),
            **checked(
                format_type=format_type,
                execute_after_id=execute_after_id,
                callback_url=callback_url,
                block_processing=block_processing,
            ),
        }
        values["page_range"] = validators.page_range(page_range, values["execute_after_id"])
        only_plain = checked(save_result=save_result, priority=priority)
        if given := {name: value for name, value in only_plain.items() if value is not None}:
            self._check_own(list(given), owner.application_id)
            scope = _plain(scope, given)
        return self._submit(
            "apply_model_async",
            values | given,
            content_of(callback_headers, model_params=model_params),
            found if owner.application_id is None else owner,
            application_id=application_id,
            scope=scope,
        )

    def _check_own(self, names: list[str], owner: str | None) -> None:
        """Reject parameters of the plain call for documents of another application."""
        own = self._session.application
        if owner in (None, own.id) or not own.is_admin:
            return
        raise InvalidInput(
            f"LEIA's admin call, which documents of another application ({owner}) require, does "
            f"not accept {' and '.join(names)}. Omit it, or log in as that application.",
            field=names[0],
        )

    def train(
        self,
        model_module: str,
        documents_tag: str,
        *,
        application_id: Any = None,
        model_name: str | None = None,
        short_name: str | None = None,
        description: str | None = None,
        ttl: int | None = None,
        allowed_application_ids: Any = None,
        allow_all_applications: bool | None = None,
        tags: Sequence[str] = (),
        execute_after_id: Any = None,
        callback_url: str | None = None,
        callback_headers: Mapping[str, str] | None = None,
        model_params: Mapping[str, Any] | None = None,
        scope: str | None = None,
    ) -> Job:
        """Train a model on the documents with a tag; submit a job and return immediately.

        LEIA operation: `train_model_async`.

        Parameters
        ----------
        model_module : str
            The trainer, e.g. ``"image_classifier"`` or ``"text_classifier"``.
        documents_tag : str
            The tag of the training documents, whose annotations are the labels.
        application_id : str or object, optional
            The owner of the model (admin login only); default: this application.
        model_name : str, optional
            The new model's name; default: LEIA's choice.
        %(short_name)s
        description : str, optional
            Its description.
        %(model_ttl)s
        %(access)s
        %(tags)s
        %(execute_after_id)s
        %(callback)s
        model_params : mapping, optional
            Further parameters, passed to the trainer unchanged.
        %(scope)s

        Returns
        -------
        Job
            The handle; its `result()` is the new Model.

        Raises
        ------
        %(InvalidInput)s
        UnknownModelModule, NotTrainable
            If the model module does not exist or cannot be trained.
        NoDocuments
            If no document has the tag.
        UnusableDocuments
            If the documents cannot be used (no annotations, only one category …).
        InvalidParameters
            If the `model_params` are invalid.
        %(ShortNameTaken)s
        UnknownJob, NotYours
            If the preceding job does not exist or belongs to another application.
        %(NoOwner)s
        %(OutcomeUnknown)s

        Examples
        --------
        >>> job = leia.models.train("image_classifier", "digits-train", model_name="Digits")
        >>> model = job.result(progress=False)
        >>> model.name, model.model_type
        ('Digits', <ModelType.CLASSIFICATION: 'classification'>)
        >>> leia.models.delete(model)
        """
        values = {
            "model_module": validators.tag(model_module, "model_module"),
            "documents_tag": _training_tag(documents_tag),
            **checked(
                model_name=model_name,
                short_name=short_name,
                description=description,
                ttl=ttl,
                allowed_application_ids=allowed_application_ids,
                allow_all_applications=allow_all_applications,
                tags=tags,
                execute_after_id=execute_after_id,
                callback_url=callback_url,
            ),
        }
        content = content_of(callback_headers, model_params=model_params)
        return self._submit(
            "train_model_async", values, content, application_id=application_id, scope=scope
        )


def _training_tag(value: Any) -> str:
    if isinstance(value, str):
        return validators.tag(value, "documents_tag")
    raise InvalidInput(
        f"documents_tag must be a tag, got {with_article(type(value).__name__)}. Tag the documents "
        'first, e.g. with leia.documents.list(…, tag_result="train"), and pass "train".',
        field="documents_tag",
    )


def _plain(scope: str | None, given: Mapping[str, Any]) -> str:
    """Return the scope of a call with parameters that the admin call does not have."""
    if scope != "admin":
        return scope or "plain"
    names = " and ".join(given)
    raise InvalidInput(
        f"LEIA's admin call does not accept {names}. Omit scope, or {names}.",
        field=next(iter(given)),
    )
