"""What applying, training, transforming and conditional jobs have in common: their sending."""

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

_LONGEST_PATH = 60_000


class JobSubmitter(Resource):
    """Submits jobs: the part that `Models`, `Documents` and `Jobs` share."""

    def _submit(
        self,
        name: str,
        values: dict[str, Any],
        content: dict[str, Any] | None,
        whose: Reference | None = None,
        *,
        application_id: Any,
        scope: str | None,
    ) -> Job:
        """Submit a job; `whose` is the object that says to which application it belongs."""
        owner = owner_of(whose or Reference(""), application_id)
        twin, filled = self._twin(name, values, scope=scope, **owner)
        length = len(OPERATIONS[twin].target(filled))
        if length > _LONGEST_PATH:
            raise InvalidInput(
                f"The ids of {len(values['document_ids'])} documents make an address of {length:,} "
                f"characters, but services take {_LONGEST_PATH:,} at most. Submit them in several "
                "jobs and wait for all of them with leia.jobs.wait([…]).",
                field="document_ids",
            )
        record = JobRecord.from_json(self._session.call(twin, filled, content=content))
        return Job(self._session, Reference(record.id), record, scope=scope)


def content_of(
    callback_headers: Mapping[str, str] | None, **objects: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return the JSON body of a job; a free object has a place of its own there."""
    body: dict[str, Any] = {
        name: validators.json_object(name, value) for name, value in objects.items()
    }
    body["callback_headers"] = validators.headers("callback_headers", callback_headers)
    return {name: value for name, value in body.items() if value} or None


def one_document(name: str, tag: Any, ids: Sequence[str]) -> str | None:
    """Return a tag that picks among the documents made from one; refuse it with several."""
    found = validators.text(name, tag, needed=tag is not None)
    if found is not None and len(ids) != 1:
        raise InvalidInput(
            f"{name} {found!r} picks documents made from one document, but {len(ids)} are given. "
            f"Give exactly one, or leave out {name}.",
            code="tag_needs_one_document",
            field=name,
        )
    return found


def whose(found: Sequence[Reference]) -> Reference | None:
    """Return a document that says whose all of them are; None if none of them says it."""
    owners = {one.application_id: one for one in found if one.application_id is not None}
    if len(owners) > 1:
        raise InvalidInput(
            f"The documents belong to {len(owners)} applications ({', '.join(map(str, owners))}); "
            "a job works on those of one. Submit a job for each.",
            field="document_ids",
        )
    return next(iter(owners.values()), None)
