"""Jobs that depend on the result of another job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leia_nb.api import rules as grammar
from leia_nb.errors import InvalidRules
from leia_nb.resources.job.handle import Job
from leia_nb.resources.job.submission import JobSubmitter, content_of
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.checks import checked
from leia_nb.resources.parameters.references import reference, references


class ConditionalJobs(JobSubmitter):
    """The part of `Jobs` that submits conditional jobs."""

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
        """Run jobs depending on the result of another job; return immediately.

        When that job is PROCESSED, the conditions of each rule are checked against its
        result. If they hold, the jobs of the rule run in order, each on the results of the
        previous one.

        LEIA operation: `create_conditional_job`.

        Parameters
        ----------
        execute_after : str or job
            The job whose result the rules are checked against.
        rules : mapping
            Rules by an id of your choice: ``{"conditions": {…}, "jobs": […]}``.

            *conditions*, by field of the result (``category``, ``score`` and ``accuracy``
            of a model that was applied with ``format_type="classification"``, else a
            category or key; a field of a document; ``a.b`` for a nested field): a value; or
            operators with values, ``{"$gte": 0.9}``; or a list of operators and at most
            one value, which must all hold. ``{"$in": ["bill", "reminder"]}`` matches any of
            several values. The operators are ``$eq``, ``$ne``, ``$gt``, ``$gte``, ``$lt``,
            ``$lte``, ``$in`` and ``$nin``. ``{}`` always holds.

            If the job has several documents, all of them must meet the conditions. To decide
            for each document, submit one job and one conditional job per document.

            *jobs*: ``{"job_type": "apply_model", "model_id": …}``, with ``format_type``
            and ``model_params`` as options; or ``{"job_type": "transform", "output_type":
            …}``, with ``transform_params`` as an option. Both take ``document_ids`` (default:
            the output or the documents of the previous job), ``tag`` and ``page_range``; the
            embedded service also takes ``priority``, and ``save_result`` or
            ``output_tag``. An object can replace its id everywhere.
        %(callback)s
        %(block_processing)s
        application_id : str or object, optional
            The owner of the job (admin login only); default: the owner of the other job if
            known, else this application.
        %(scope)s

        Returns
        -------
        Job
            The handle; its `result()` is a dict with, for each rule that ran, the list of its
            jobs' results: frames, or records of single documents. If no rule ran because
            the result does not have the fields, the embedded service reports it as the
            job's ``reason``, and `result()` emits a warning.

        Raises
        ------
        InvalidRules
            If the rules are malformed; nothing was sent.
        UnknownJob, UnknownModel, UnknownDocument
            If one of the objects does not exist.
        NotYours
            If one belongs to another application, or the documents' owner may not use a model.
        InvalidParameters
            If the `model_params` or `transform_params` of a job are invalid.
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
            **checked(callback_url=callback_url, block_processing=block_processing),
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
            return validators.text(name, value, required=True)
        case "$in" | "$nin" if not isinstance(value, str | bytes | Mapping):
            value = list(value) if isinstance(value, Iterable) else value
    return validators.json_value(name, value)
