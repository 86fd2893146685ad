"""Calls that trigger every error in the API: (operation, status) -> call."""

from .error_services import UNKNOWN
from .operation_lookup import OPERATIONS

WITHOUT_LOGIN = {"login_application_post", "login_application", "health_check"}
_JOBS = [{"job_type": "transform", "output_type": "text"}]
_RULES = {"rules": {"all": {"conditions": {"category": "a"}, "jobs": _JOBS}}}
_WRONG_RULES = {"rules": {"all": {"conditions": {"category": {"$like": "a"}}, "jobs": _JOBS}}}

# 404: the parameter with an unknown id.
_UNKNOWN = {
    "application_id": """admin_get_applications admin_delete_application admin_get_application
        admin_edit_application admin_reset_api_key admin_get_documents_tags admin_create_model""",
    "always_on_schedule_id": "admin_delete_always_on_schedule",
    "document_id": """admin_get_documents admin_get_documents_zip admin_delete_document
        admin_get_document admin_edit_document admin_get_document_contents admin_untag_document
        admin_tag_document create_annotation get_documents get_documents_zip delete_document
        get_document edit_document get_document_contents untag_document tag_document""",
    "document_ids": "admin_transform_document_async transform_document_async",
    "execute_after_id": "admin_create_conditional_job create_conditional_job",
    "model_id": """admin_delete_model admin_get_model admin_edit_model admin_apply_model_async
        admin_get_model_contents admin_untag_model admin_tag_model get_model apply_model_async
        untag_model tag_model""",
    "documents_tag": "admin_train_model_async train_model_async",
    "job_ids": "admin_get_job_statuses get_job_statuses",
    "job_id": """admin_get_jobs admin_cancel_job admin_get_job admin_start_job get_jobs cancel_job
        get_job start_job""",
    "annotation_id": """get_annotations delete_annotation get_annotation update_annotation
        untag_annotation tag_annotation""",
    "job_type": "get_worker kill_worker",
}

# 403: the parameter with the id of another application's object.
_OTHERS = {
    "document_id": """admin_get_documents admin_get_documents_zip get_documents get_documents_zip
        delete_document get_document get_document_contents""",
    "document_ids": "admin_transform_document_async transform_document_async",
    "execute_after_id": """admin_create_conditional_job create_conditional_job
        admin_train_model_async train_model_async""",
    "job_ids": "get_job_statuses",
    "job_id": "admin_cancel_job admin_get_job admin_start_job cancel_job get_job start_job",
    "annotation_id": "delete_annotation",
}


def caller(services, operation):
    """Return the login that calls an operation: the admin for admin operations, otherwise Ada."""
    admins = operation.startswith("admin_") or operation == "kill_worker"
    return services.admin if admins else services.ada


def body(operation):
    """Return keyword arguments with a valid body, if the operation has one."""
    kind = (OPERATIONS[operation]["body"] or {}).get("content_type")
    content = _RULES if operation.endswith("conditional_job") else {}
    bodies = {"application/json": {"json": content}, "application/octet-stream": {"data": b"x"}}
    return bodies.get(kind, {})


def required(operation):
    """Return values for the required query parameters of an operation."""
    values = {"filename": "a.txt", "name": "A name", "annotation_type": "TYPING"}
    parameters = OPERATIONS[operation]["parameters"]
    return {
        p["name"]: values[p["name"]] for p in parameters if p["required"] and p["in"] == "query"
    }


def _unknown(operation, parameter):
    values = required(operation) | {parameter: UNKNOWN}
    return lambda services: caller(services, operation)(operation, **values, **body(operation))


def _others(operation, parameter):
    def call(services):
        values = required(operation) | {parameter: services.bobs[parameter]}
        if operation in ("admin_get_documents", "admin_get_documents_zip"):
            values["application_id"] = services.ada.id
        return caller(services, operation)(operation, **values, **body(operation))

    return call


def _nobody(operation):
    return lambda services: services.nobody(operation, **required(operation), **body(operation))


def _call(operation, **values):
    return lambda services: caller(services, operation)(operation, **values)


def _apply(operation):
    return {
        (operation, 400): _call(operation, page_range="0"),
        (operation, 403): lambda services: caller(services, operation)(
            operation, model_id=services.extractor, format_type="classification"
        ),
    }


ERROR_CASES = {
    **{
        (name, 401): _nobody(name)
        for name, facts in OPERATIONS.items()
        if "401" in facts["responses"]
    },
    **{
        (name, 404): _unknown(name, parameter)
        for parameter, names in _UNKNOWN.items()
        for name in names.split()
    },
    **{
        (name, 403): _others(name, parameter)
        for parameter, names in _OTHERS.items()
        for name in names.split()
    },
    **_apply("apply_model_async"),
    **_apply("admin_apply_model_async"),
    ("login_application_post", 403): _call("login_application_post", json={"api_key": "wrong"}),
    ("login_application", 403): _call("login_application", api_key="wrong"),
    ("admin_create_application", 400): _call("admin_create_application", json={}),
    ("admin_create_application", 409): _call(
        "admin_create_application",
        json={
            "email": "ada@example.org",
            "first_name": "Another",
            "last_name": "Ada",
            "application_type": "developer",
        },
    ),
    ("admin_delete_application", 403): lambda services: services.admin(
        "admin_delete_application", application_id=services.admin.id
    ),
    ("admin_reset_api_key", 400): _call("admin_reset_api_key", application_id="no id"),
    ("admin_reset_api_key", 403): lambda services: services.admin(
        "admin_reset_api_key", application_id=services.admin.id
    ),
    ("admin_create_model", 400): _call("admin_create_model", name="A name", data=b"no model"),
    ("admin_edit_model", 400): _call("admin_edit_model", short_name="no short name"),
    ("admin_create_conditional_job", 400): _call("admin_create_conditional_job", json=_WRONG_RULES),
    ("create_conditional_job", 400): _call("create_conditional_job", json=_WRONG_RULES),
    ("admin_train_model_async", 400): _call("admin_train_model_async"),
    ("train_model_async", 400): _call("train_model_async"),
    ("get_documents_tags", 404): lambda services: services.new("get_documents_tags"),
    **{
        (name, 400): lambda services, name=name: services.idle(name)
        for name in ("get_workers", "get_worker", "kill_worker")
    },
    ("get_workers", 404): lambda services: services.stopped("get_workers"),
    ("health_check", 500): lambda services: services.broken("health_check"),
}
