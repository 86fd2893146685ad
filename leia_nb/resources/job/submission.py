"""The submission of jobs: apply, train, transform and conditional."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leia_nb.api.operations import OPERATIONS
from leia_nb.errors import InvalidInput
from leia_nb.records.records import JobRecord
from leia_nb.resources.base import Resource, owner_of
from leia_nb.resources.job.handle import Job
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.references import Reference

_MAX_PATH = 60_000


class JobSubmitter(Resource):
    """The part of `Models`, `Documents` and `Jobs` that submits jobs."""

    def _submit(
        self,
        name: str,
        values: dict[str, Any],
        content: dict[str, Any] | None,
        owner: Reference | None = None,
        *,
        application_id: Any,
        scope: str | None,
    ) -> Job:
        """Submit a job; it belongs to the same application as the object `owner`."""
        owners = owner_of(owner or Reference(""), application_id)
        twin, filled = self._twin(name, values, scope=scope, **owners)
        length = len(OPERATIONS[twin].target(filled))
        if length > _MAX_PATH:
            raise InvalidInput(
                f"The ids of {len(values['document_ids'])} documents need a URL of {length:,} "
                f"characters, but services accept at most {_MAX_PATH:,}. Submit several jobs and "
                "wait for all of them with leia.jobs.wait([…]).",
                field="document_ids",
            )
        record = JobRecord.from_json(self._session.call(twin, filled, content=content))
        return Job(self._session, Reference(record.id), record, scope=scope)


def content_of(
    callback_headers: Mapping[str, str] | None, **objects: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return the JSON body of a job: `callback_headers` and free objects by name."""
    body: dict[str, Any] = {
        name: validators.json_object(name, value) for name, value in objects.items()
    }
    body["callback_headers"] = validators.headers("callback_headers", callback_headers)
    return {name: value for name, value in body.items() if value} or None


def one_document(name: str, tag: Any, ids: Sequence[str]) -> str | None:
    """Return a tag that selects documents created from one document; reject it with several."""
    valid = validators.text(name, tag, required=tag is not None)
    if valid is not None and len(ids) != 1:
        raise InvalidInput(
            f"{name} selects documents created from one document, got {len(ids)} documents. "
            f"Pass exactly one, or omit {name}.",
            code="tag_needs_one_document",
            field=name,
        )
    return valid


def common_owner(documents: Sequence[Reference]) -> Reference | None:
    """Return a document with the owner of all of them; None if the owner is not known."""
    owners = {d.application_id: d for d in documents if d.application_id is not None}
    if len(owners) > 1:
        raise InvalidInput(
            f"Expected documents of one application, got those of {len(owners)} "
            f"({', '.join(map(str, owners))}). Submit a job for each application.",
            field="document_ids",
        )
    return next(iter(owners.values()), None)
