"""What the service answers, as JSON schemas: LEIA's objects with every field they have."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from leia_nb.enums import (
    AnnotationType,
    ApplicationType,
    JobStatus,
    JobType,
    ModelInputType,
    ModelType,
    ResultType,
    Speed,
    TransformType,
)

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TRUTH: Schema = {"type": "boolean"}
ANYTHING: Schema = {}
SIZE: Schema = {"type": "integer", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{24}$"}
MD5: Schema = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
TIME: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$",
    "description": "UTC, without zone, to the second.",
    "examples": ["2026-11-23T16:19:36"],
}

_JSON_SCHEMA: Schema = {"type": "object", "description": "A JSON Schema of the parameters."}


def ref(name: str) -> Schema:
    """Return the reference to an object.

    Examples
    --------
    >>> ref("Model")
    {'$ref': '#/components/schemas/Model'}
    """
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(enumeration: type[StrEnum]) -> Schema:
    """Return the schema of an enumeration's wire values."""
    return {"type": "string", "enum": [member.value for member in enumeration]}


def maybe(schema: Schema) -> Schema:
    """Return the schema of a value that may be null.

    Examples
    --------
    >>> maybe(TEXT)
    {'type': ['string', 'null']}
    >>> maybe(ref("Model"))
    {'anyOf': [{'$ref': '#/components/schemas/Model'}, {'type': 'null'}]}
    """
    if "type" not in schema or "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def many(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def by_name(schema: Schema) -> Schema:
    """Return the schema of an object that has such a value under each of its names."""
    return {"type": "object", "additionalProperties": schema}


def record(told: str, /, **fields: Schema) -> Schema:
    """Return the schema of an object that has exactly these fields."""
    return {
        "type": "object",
        "description": told,
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _results() -> list[Schema]:
    """Return what `result` is for each `result_type`."""
    key_values = {"anyOf": [{"type": "object"}, many({"type": "object"})]}
    kinds = {
        ResultType.DOCUMENT: ref("MadeDocument"),
        ResultType.DOCUMENTS: many(ref("MadeDocument")),
        ResultType.OBJECT: key_values,
        ResultType.CLASSIFICATION: ref("Classification"),
        ResultType.OBJECT_BY_DOCUMENT: by_name(key_values),
        ResultType.CLASSIFICATION_BY_DOCUMENT: by_name(ref("Classification")),
        ResultType.MODEL: ref("Model"),
        ResultType.CONDITIONAL: by_name(many(ref("RuleResult"))),
    }
    return [
        {
            "if": {"properties": {"result_type": {"const": kind.value}}, "required": ["result"]},
            "then": {"properties": {"result": schema}},
        }
        for kind, schema in kinds.items()
    ]


_DOCUMENT: dict[str, Schema] = {
    "id": ID,
    "application_id": ID,
    "creation_time": TIME,
    "expiration_time": maybe(TIME),
    "filename": {"type": "string", "minLength": 1, "maxLength": 255},
    "extension": maybe(TEXT),
    "mime_type": maybe(TEXT),
    "size": SIZE,
    "md5sum": MD5,
    "original_id": maybe(ID),
    "page": maybe(SIZE),
    "rotation_angle": maybe(WHOLE),
    "tags": many(TEXT),
}

OBJECTS: dict[str, Schema] = {
    "Error": record(
        "Why something was not done.",
        status={**WHOLE, "description": "The HTTP status."},
        code={
            "type": "string",
            "pattern": "^[a-z0-9_]+$",
            "description": "A fixed name for programs; it does not change.",
        },
        message={**TEXT, "description": "For people: what happened, and what to do next."},
        field={**maybe(TEXT), "description": "The parameter at fault."},
    ),
    "Health": record(
        "How the service is.",
        status={"const": "ok"},
        service={"const": "leia_nb"},
        version=TEXT,
        instance={**TEXT, "description": "Another one after each start."},
        model_modules={**many(TEXT), "description": "What can be trained."},
    ),
    "Application": record(
        "An account of LEIA.",
        id=ID,
        application_name=maybe(TEXT),
        application_type=one_of(ApplicationType),
        email=TEXT,
        first_name=TEXT,
        last_name=TEXT,
        creation_time=TIME,
        default_job_callback_url=maybe(TEXT),
        dedicated_workers=TRUTH,
        dedicated_workers_max_models=maybe(WHOLE),
        dedicated_workers_ttl=maybe(WHOLE),
        reduce_callback_payloads=TRUTH,
        always_on_schedules=many(ref("Schedule")),
        job_counts=maybe({"type": "object"}),
        api_key={**maybe(TEXT), "description": "Given once, when it is made; else null."},
    ),
    "Schedule": record(
        "When workers are kept on for models.",
        id=ID,
        number=SIZE,
        start_days={**many(WHOLE), "description": "Days of the week."},
        start_hour=maybe(WHOLE),
        start_minute=maybe(WHOLE),
        stop_hour=maybe(WHOLE),
        stop_minute=maybe(WHOLE),
        workers_model_ids=many(TEXT),
    ),
    "LoginToken": record(
        "What a login answers.",
        token={**TEXT, "description": "Goes along with every call, in the header `token`."},
        application=ref("Application"),
    ),
    "Model": record(
        "Something that was trained and can be applied.",
        id=ID,
        application_id=ID,
        creation_time=TIME,
        name=TEXT,
        short_name=maybe(TEXT),
        description=maybe(TEXT),
        model_type=one_of(ModelType),
        input_types=many(one_of(ModelInputType)),
        model_module=TEXT,
        model_clazz=TEXT,
        documentation=maybe(TEXT),
        output_format=ANYTHING,
        speed=maybe(one_of(Speed)),
        ttl=WHOLE,
        cores=maybe(NUMBER),
        memory={**maybe(NUMBER), "description": "GB."},
        always_on_workers=maybe(SIZE),
        size=SIZE,
        md5sum=MD5,
        allow_all_applications=TRUTH,
        allowed_application_ids=many(ID),
        tags=many(TEXT),
    ),
    "Document": record("A file in LEIA.", **_DOCUMENT),
    "MadeDocument": {
        **record("A document that a job made; it may say more, e.g. a `prediction`.", **_DOCUMENT),
        "additionalProperties": True,
    },
    "Annotation": record(
        "What somebody says of a document.",
        id=ID,
        application_id=ID,
        document_id=ID,
        creation_time=TIME,
        annotation_type=one_of(AnnotationType),
        name=maybe(TEXT),
        prediction={"description": "Free JSON."},
        tags=many(TEXT),
    ),
    "Classification": record(
        "What a classifier says of one document.", category=TEXT, score=SHARE, accuracy=SHARE
    ),
    "RuleResult": record(
        "What one job of a rule found.",
        result_type=maybe(one_of(ResultType)),
        result=ANYTHING,
    ),
    "Job": {
        **record(
            "A piece of work in the service; `result_type` says what `result` holds.",
            id=ID,
            application_id=ID,
            creation_time=TIME,
            starting_time=maybe(TIME),
            finished_time=maybe(TIME),
            job_type=one_of(JobType),
            model_id=maybe(ID),
            document_ids=many(TEXT),
            status=one_of(JobStatus),
            execute_after_id=maybe(ID),
            parent_job_id=maybe(ID),
            callback_url=maybe(TEXT),
            reason={**maybe(TEXT), "description": "Why it FAILED, or why no rule held."},
            result_type=maybe(one_of(ResultType)),
            result=ANYTHING,
        ),
        "allOf": _results(),
    },
    "Worker": record(
        "The worker processes for one type of job.",
        job_type=TEXT,
        number=SIZE,
        statuses={**many(TEXT), "description": "`IDLE`, or the status of its job."},
    ),
    "Statuses": by_name(one_of(JobStatus)),
    "Tags": many(TEXT),
    "Trainers": record(
        "The trainers and transforms of the service.",
        trainers=many(ref("Trainer")),
        transforms=many(ref("Transform")),
    ),
    "Trainer": record(
        "A module that trains or applies models.",
        model_module=TEXT,
        description=TEXT,
        model_type=one_of(ModelType),
        input_types=many(one_of(ModelInputType)),
        trainable=TRUTH,
        training_parameters=_JSON_SCHEMA,
        apply_parameters=_JSON_SCHEMA,
    ),
    "Transform": record(
        "A transform of documents.", output_type=one_of(TransformType), parameters=_JSON_SCHEMA
    ),
    "Workers": many(ref("Worker")),
}
