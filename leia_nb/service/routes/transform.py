"""The call that makes documents out of documents."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from fastapi import Path, Query, Request, Response
from pydantic import Field

from leia_nb.enums import JobType, TransformType
from leia_nb.service import transforms
from leia_nb.service.api_errors import bad
from leia_nb.service.routes import job_documents, job_parameters, job_submission
from leia_nb.service.routes.admin_routes import RoutePair
from leia_nb.service.routes.context import caller_of, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.routes.parameter_types import split_ids
from leia_nb.service.storage.tags import check_tag
from leia_nb.service.trainers import InvalidParameters

pair = RoutePair("document")


class TransformQuery(job_parameters.PagesAskingQuery):
    """What a transform may be asked in the query."""

    MEMBERS: ClassVar[str] = "transform_params"

    input_tag: str | None = Field(
        None,
        description="Work on the documents made from the one document that carry this tag.",
    )
    output_tag: str | None = Field(None, description="A tag for the documents to come.")
    transform_params: str | None = Field(
        None,
        description="Parameters of the transform: one query parameter per member "
        "(name=value), or all of them here as a JSON object.",
    )


class TransformBody(job_parameters.PagesAskingBody):
    """What a transform may be asked in the body."""

    input_tag: str | None = None
    output_tag: str | None = None
    transform_params: dict[str, Any] | None = None


@pair.both("POST", "/document/{document_ids}/transform/{output_type}", "transform_document_async")
def transform_document(
    request: Request,
    document_ids: Annotated[str, Path(description="Ids separated by commas.")],
    output_type: Annotated[TransformType, Path(description="What to make of them.")],
    query: Annotated[TransformQuery, Query()],
    body: TransformBody | None = None,
) -> Response:
    """Make documents out of documents; return the job that does it."""
    service, caller = service_of(request), caller_of(request)
    asked = job_parameters.merged(query, body)
    params = job_parameters.members(request, query, body)
    ids = split_ids(document_ids)
    job_documents.check_ids(ids)
    job_documents.check_tag_of_one(ids, asked["input_tag"], "input_tag")
    job_documents.check_page_range(asked["page_range"], asked["execute_after_id"])
    check_transform(output_type, params, asked["output_tag"])
    with service.database.read() as session:
        if asked["execute_after_id"]:
            require_job(session, caller, asked["execute_after_id"], "execute_after_id")
        else:
            found = job_documents.find(session, caller, ids, asked["input_tag"], "input_tag")
            job_documents.check_transformable(service.blobs, output_type, found)
    kept = {
        "output_type": str(output_type),
        "tag": asked["input_tag"] or None,
        "output_tag": asked["output_tag"] or None,
        "page_range": asked["page_range"] or None,
        "transform_params": params,
    }
    return job_submission.submit(
        service, caller, JobType.TRANSFORM, asked, document_ids=ids, request=kept
    )


def check_transform(output_type: str, params: dict[str, Any], output_tag: str | None) -> None:
    """Refuse with 400 what a transform cannot be asked."""
    if output_tag:
        check_tag(output_tag, "output_tag")
    try:
        transforms.read_parameters(output_type, params)
    except InvalidParameters as error:
        raise bad(error.code, error.message, "transform_params") from None
