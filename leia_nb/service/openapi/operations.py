"""What each operation answers: the object of its success, and its other statuses.

Every operation may also be answered with 500, 503 or 507; one that needs a login
with 401; one that takes parameters or a body with 400, a JSON body with 413; an
admin call for an application with 404. The table holds what is beyond that.
"""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """What one operation answers.

    Parameters
    ----------
    holds : str
        The object of a success, by its name among the schemas: ``"Model"``;
        ``"[Model]"`` for one page of a listing; ``"bytes"`` or ``"zip"`` for a file;
        ``""`` for no body.
    refused : tuple of int
        The other statuses.
    """

    holds: str
    refused: tuple[int, ...] = ()


def _table(text: str) -> dict[str, Answer]:
    table = {}
    for line in text.strip().splitlines():
        names, _, said = line.partition(":")
        holds, *refused = said.split() or [""]
        for name in names.split():
            table[name] = Answer(holds.replace("-", ""), tuple(map(int, refused)))
    return table


ANSWERS = _table("""
health_check: Health
login_application_post: LoginToken 403
login_application: LoginToken 403 404
who_am_i: Application
logout_application: -
get_models admin_get_models: [Model]
get_model admin_get_model admin_edit_model admin_tag_model: Model 404
admin_create_model: Model 404
tag_model: Model 403 404
admin_delete_model admin_untag_model: - 404
untag_model: - 403 404
admin_get_model_contents: bytes 404
apply_model_async admin_apply_model_async: Job 403 404
train_model_async admin_train_model_async: Job 403 404
create_document admin_create_document: Document
get_documents admin_get_documents: [Document] 403 404
get_documents_tags admin_get_documents_tags: Tags 404
get_documents_zip: bytes 403 404
admin_get_documents_zip: zip 403 404
get_document: Document 403 404
admin_get_document: Document 404
edit_document tag_document: Document 403 404
admin_edit_document admin_tag_document: Document 404
get_document_contents: bytes 403 404
admin_get_document_contents: bytes 404
delete_document untag_document: - 403 404
admin_delete_document admin_untag_document: - 404
transform_document_async admin_transform_document_async: Job 403 404
get_annotations: [Annotation] 404
create_annotation: Annotation 403 404
get_annotation update_annotation tag_annotation: Annotation 403 404
delete_annotation untag_annotation: - 403 404
get_jobs admin_get_jobs: [Job] 404
get_job admin_get_job start_job admin_start_job: Job 403 404
get_job_statuses: Statuses 403 404
admin_get_job_statuses: Statuses 404
cancel_job admin_cancel_job: - 403 404
create_conditional_job admin_create_conditional_job: Job 403 404
admin_get_applications: [Application] 404
admin_create_application: Application 409
admin_get_application: Application 404
admin_edit_application: Application 404 409
admin_reset_api_key: Application 403 404
admin_delete_application: - 403 404
admin_delete_always_on_schedule: - 404
get_workers: Workers 400 404
get_worker: Worker 404
kill_worker: - 404
get_trainers: Trainers
""")

TAGS = {
    "application": "Logging in and out, and who is logged in.",
    "application (admin)": "Accounts, for admins.",
    "document": "Files in LEIA.",
    "document (admin)": "Files of any application, for admins.",
    "annotation": "What is said of documents; training learns from it.",
    "model": "Applying and training models.",
    "model (admin)": "Models of any application, for admins; only they create and change them.",
    "job": "Pieces of work: following, starting and canceling them.",
    "job (admin)": "Jobs of any application, for admins.",
    "worker": "The processes that run jobs.",
    "worker (admin)": "Stopping worker processes, for admins.",
    "trainers": "Trainers, transforms and their parameters; not part of LEIA's API.",
    "health": "Whether the service is well.",
}

MEANINGS = {
    400: "The request is wrong in itself.",
    401: "Not logged in, or not an admin on an admin call.",
    403: "Understood, but not allowed.",
    404: "Something that the request names does not exist, or is not the caller's to see.",
    409: "It would be there twice.",
    413: "The body is too long.",
    500: "The service failed on its own account; its log says how.",
    503: "The service is ending, and nothing was done.",
    507: "The service's disk is full, and nothing was kept.",
}
