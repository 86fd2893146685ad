"""The call that transforms documents into other documents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from leia_nb.enums import JobType, TransformType
from leia_nb.service import transforms
from leia_nb.service.routes import job_submission
from leia_nb.service.routes.admin_routes import ScopedRoutes
from leia_nb.service.routes.context import caller_of, service_of
from leia_nb.service.routes.jobs import require_job
from leia_nb.service.schemas.job_requests import TransformBody, TransformQuery
from leia_nb.service.schemas.objects import Job
from leia_nb.service.schemas.paths import DocumentIds
from leia_nb.service.schemas.responses import returns
from leia_nb.service.schemas.types import check_tag

routes = ScopedRoutes("document")


@routes.both("POST", "/document/{document_ids}/transform/{output_type}", **returns(Job, 403, 404))
def transform_document_async(
    request: Request,
    document_ids: DocumentIds,
    output_type: Annotated[TransformType, Path(description="What to convert them to.")],
    query: Annotated[TransformQuery, Query()],
    body: TransformBody | None = None,
) -> Response:
    """Transform documents into other documents; return the job that does it."""
    service, caller = service_of(request), caller_of(request)
    options = job_submission.merge_options(query, body)
    params = job_submission.merge_params(request, query, body)
    ids = job_submission.read_ids(document_ids, options, "input_tag")
    check_transform(output_type, params, options["output_tag"])
    with service.database.read() as session:
        if options["execute_after_id"]:
            require_job(session, caller, options["execute_after_id"], "execute_after_id")
        else:
            rows = job_submission.find_documents(
                session, caller, ids, options["input_tag"], "input_tag"
            )
            job_submission.check_transformable(service.blobs, output_type, rows)
    details = {
        "output_type": str(output_type),
        "tag": options["input_tag"] or None,
        "output_tag": options["output_tag"] or None,
        "page_range": options["page_range"] or None,
        "transform_params": params,
    }
    return job_submission.submit(
        service, caller, JobType.TRANSFORM, options, document_ids=ids, request=details
    )


def check_transform(output_type: str, params: dict[str, Any], output_tag: str | None) -> None:
    """Refuse parameters that a transform does not support, and an invalid tag, with 400."""
    if output_tag:
        check_tag(output_tag)
    with job_submission.trainer_errors("transform_params"):
        transforms.read_parameters(output_type, params)
