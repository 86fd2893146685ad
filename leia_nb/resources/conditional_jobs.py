"""Jobs that depend on what another job found out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leia_nb.api import rules as grammar
from leia_nb.errors import InvalidRules
from leia_nb.resources.job.handle import Job
from leia_nb.resources.job.submission import JobSubmitter, content_of
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import reference, references


class ConditionalJobs(JobSubmitter):
    """Submits jobs: the part of `Jobs` that goes by rules."""

    def conditional(
        self,
        execute_after: Any,
        rules: Mapping[str, Mapping[str, Any]],
        *,
        callback_url: str | None = None,
        callback_headers: Mapping[str, str] | None = None,
        block_processing: bool | None = None,
        application_id: Any = None,
        scope: str | None = None,
    ) -> Job:
        """Let the result of a job decide which jobs come next; returns at once.

        When the job waited for is PROCESSED, each rule is compared with its result. A
        rule whose conditions hold runs its jobs in order, each on the results of the one
        before.

        LEIA operation: `create_conditional_job`.

        Parameters
        ----------
        execute_after : str or job
            The job whose result decides.
        rules : mapping
            Rules by an id of your own: ``{"conditions": {…}, "jobs": […]}``.

            *conditions*, by field of the result (``category``, ``score`` and ``accuracy``
            of a model that was applied with ``format_type="classification"``, else a
            category or key; a field of a document; ``a.b`` goes into objects): a value; or
            operators with values, ``{"$gte": 0.9}``; or a list of operators and at most
            one value, which must all hold. Any one of several values is ``{"$in": ["bill",
            "reminder"]}``. The operators are ``$eq``, ``$ne``, ``$gt``, ``$gte``, ``$lt``,
            ``$lte``, ``$in`` and ``$nin``. ``{}`` always holds.

            Of several documents, every one must meet the conditions: to send each its own
            way, apply to one document a job, with a conditional job for each.

            *jobs*: ``{"job_type": "apply_model", "model_id": …}``, with ``format_type``
            and ``model_params`` if wanted; or ``{"job_type": "transform", "output_type":
            …}``, with ``transform_params`` if wanted. Both take ``document_ids`` (default:
            what the job before made or worked on), ``tag`` and ``page_range``; the
            embedded service also takes ``priority``, and ``save_result`` or
            ``output_tag``. Wherever an id goes, its object goes too.
        %(callback)s
        %(block_processing)s
        application_id : str or object, optional
            Whose the job is to be (admin); default: the other job's owner if that is
            known, else this application.
        %(scope)s

        Returns
        -------
        Job
            The handle; its `result()` is a dict, by rule that ran, of the list of its
            jobs' results: frames, or records of single documents. If no rule held because
            the result does not have their fields, the embedded service says so in the
            job's ``reason``, and `result()` warns of it.

        Raises
        ------
        InvalidRules
            If something in the rules is wrong; nothing was sent.
        UnknownJob, UnknownModel, UnknownDocument
            If something that is named does not exist.
        NotYours
            If it is another application's, or a model is not open to the documents' owner.
        InvalidParameters
            If a rule's `model_params` or `transform_params` are not known there.
        %(OutcomeUnknown)s

        Examples
        --------
        >>> page = leia.documents.list(tags=["digits-test"], limit=1)
        >>> seen = leia.models.apply("digits-v1", page, format_type="classification")
        >>> again = {"job_type": "apply_model", "model_id": "digits-v1", "document_ids": page}
        >>> job = leia.jobs.conditional(seen, {
        ...     "sure": {"conditions": {"score": {"$gte": 0}}, "jobs": [again]},
        ...     "odd": {"conditions": {"category": {"$in": ["cat", "dog"]}}, "jobs": [again]},
        ... })
        >>> list(job.result(progress=False))
        ['sure']
        """
        found = reference(execute_after, "job")
        content = content_of(callback_headers) or {}
        values = {
            "execute_after_id": found.id,
            "callback_url": validators.web_address("callback_url", callback_url),
            "block_processing": validators.yes_no("block_processing", block_processing),
        }
        return self._submit(
            "create_conditional_job",
            values,
            {"rules": parse_rules(rules), **content},
            found,
            application_id=application_id,
            scope=scope,
        )


def parse_rules(rules: Any) -> dict[str, Any]:
    """Return rules as JSON, with ids in place of objects; raise `InvalidRules` if malformed."""
    try:
        return dict(validators.json_value("rules", grammar.parse(rules, _convert)))
    except ValueError as error:
        raise InvalidRules(str(error), code="rules_malformed", field="rules") from None


def _convert(name: str, value: Any) -> Any:
    match name:
        case "model_id":
            return reference(value, "model").id
        case "document_ids":
            return [document.id for document in references(value, "document")]
        case "tag" | "input_tag" | "output_tag":
            return validators.tag(value, name)
        case "page_range" | "field":
            return validators.text(name, value, needed=True)
        case "$in" | "$nin" if not isinstance(value, str | bytes | Mapping):
            value = list(value) if isinstance(value, Iterable) else value
    return validators.json_value(name, value)
