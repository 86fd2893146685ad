"""LEIA's objects as the service sends them: every field, null or not."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, RootModel, TypeAdapter
from pydantic import WithJsonSchema as JsonSchema

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

Id = Annotated[str, Field(pattern="^[0-9a-f]{24}$")]
Md5 = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
ParametersSchema = Annotated[dict[str, Any], Field(description="A JSON Schema of the parameters.")]
KeyValues = dict[str, Any] | list[dict[str, Any]]
Time = Annotated[
    datetime,
    JsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$",
            "description": "UTC, without a zone, to the second.",
            "examples": ["2026-11-23T16:19:36"],
        }
    ),
]


class WireObject(BaseModel):
    """An object with exactly the declared fields."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())


class Error(WireObject):
    """Why a request was refused or failed."""

    status: int = Field(description="The HTTP status.")
    code: str = Field(
        pattern="^[a-z0-9_]+$", description="A fixed name for programs; it does not change."
    )
    message: str = Field(description="For people: what happened, and what to do next.")
    field: str | None = Field(description="The parameter at fault.")


class Health(WireObject):
    """The state of the service."""

    status: Literal["ok"]
    service: Literal["leia_nb"]
    version: str
    instance: str = Field(description="Changes with each start.")
    model_modules: list[str] = Field(description="The modules that can be trained.")


class AlwaysOnSchedule(WireObject):
    """When workers are kept running for models."""

    id: Id
    number: Count
    start_days: list[int] = Field(description="Days of the week, 1 (Monday) to 7.")
    start_hour: int | None
    start_minute: int | None
    stop_hour: int | None
    stop_minute: int | None
    workers_model_ids: list[str]


class Application(WireObject):
    """An account of LEIA."""

    id: Id
    application_name: str | None
    application_type: ApplicationType
    email: str
    first_name: str
    last_name: str
    creation_time: Time
    default_job_callback_url: str | None
    dedicated_workers: bool
    dedicated_workers_max_models: int | None
    dedicated_workers_ttl: int | None
    reduce_callback_payloads: bool
    always_on_schedules: list[AlwaysOnSchedule]
    job_counts: dict[str, Any] | None
    api_key: str | None = Field(description="Sent once, when it is created; otherwise null.")


class LoginToken(WireObject):
    """The response to a login."""

    token: str = Field(description="Send it with every request, in the header `token`.")
    application: Application


class Model(WireObject):
    """A trained model that can be applied to documents."""

    id: Id
    application_id: Id
    creation_time: Time
    name: str
    short_name: str | None
    description: str | None
    model_type: ModelType
    input_types: list[ModelInputType]
    model_module: str
    model_clazz: str
    documentation: str | None
    output_format: Any
    speed: Speed | None
    ttl: int
    cores: float | None
    memory: float | None = Field(description="GB.")
    always_on_workers: Count | None
    size: Count
    md5sum: Md5
    allow_all_applications: bool
    allowed_application_ids: list[Id]
    tags: list[str]


class Document(WireObject):
    """A file in LEIA."""

    id: Id
    application_id: Id
    creation_time: Time
    expiration_time: Time | None
    filename: str = Field(min_length=1, max_length=255)
    extension: str | None
    mime_type: str | None
    size: Count
    md5sum: Md5
    original_id: Id | None
    page: Count | None
    rotation_angle: int | None
    tags: list[str]


class MadeDocument(Document):
    """A document that a job created; it may have more fields, e.g. a `prediction`."""

    model_config = ConfigDict(extra="allow")


class Annotation(WireObject):
    """A statement about a document."""

    id: Id
    application_id: Id
    document_id: Id
    creation_time: Time
    annotation_type: AnnotationType
    name: str | None
    prediction: Any = Field(description="Free JSON.")
    tags: list[str]


class Classification(WireObject):
    """A classifier's result for one document."""

    category: str
    score: Share
    accuracy: Share


class RuleResult(WireObject):
    """The result of one job of a rule."""

    result_type: ResultType | None
    result: Any


RESULTS: dict[ResultType, Any] = {
    ResultType.DOCUMENT: MadeDocument,
    ResultType.DOCUMENTS: list[MadeDocument],
    ResultType.OBJECT: KeyValues,
    ResultType.CLASSIFICATION: Classification,
    ResultType.OBJECT_BY_DOCUMENT: dict[str, KeyValues],
    ResultType.CLASSIFICATION_BY_DOCUMENT: dict[str, Classification],
    ResultType.MODEL: Model,
    ResultType.CONDITIONAL: dict[str, list[RuleResult]],
}
"""What `Job.result` is, by `Job.result_type`."""


class Job(WireObject):
    """A piece of work in the service; `result_type` says what `result` is."""

    id: Id
    application_id: Id
    creation_time: Time
    starting_time: Time | None
    finished_time: Time | None
    job_type: JobType
    model_id: Id | None
    document_ids: list[str]
    status: JobStatus
    execute_after_id: Id | None
    parent_job_id: Id | None
    callback_url: str | None
    reason: str | None = Field(description="Why it FAILED, or why no rule applied.")
    result_type: ResultType | None
    result: Any

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add what `result` is for each `result_type`."""
        schema = handler(core_schema)
        handler.resolve_ref_schema(schema)["allOf"] = [
            {
                "if": {"properties": {"result_type": {"const": kind}}, "required": ["result"]},
                # Pydantic writes a reference only to what is inside of something, here a list.
                "then": {"properties": {"result": handler(_list_of(result))["items"]}},
            }
            for kind, result in RESULTS.items()
        ]
        return schema


def _list_of(item: Any) -> Any:
    return TypeAdapter(list[item]).core_schema


class Worker(WireObject):
    """The worker processes for one type of job."""

    job_type: str
    number: Count
    statuses: list[str] = Field(description="`IDLE`, or the status of its job.")


class Trainer(WireObject):
    """A module that trains or applies models."""

    model_module: str
    description: str
    model_type: ModelType
    input_types: list[ModelInputType]
    trainable: bool
    training_parameters: ParametersSchema
    apply_parameters: ParametersSchema


class Transform(WireObject):
    """A transform of documents."""

    output_type: TransformType
    parameters: ParametersSchema


class Trainers(WireObject):
    """The trainers and transforms of the service."""

    trainers: list[Trainer]
    transforms: list[Transform]


class Workers(RootModel[list[Worker]]):
    """The worker processes by type of job."""


class Statuses(RootModel[dict[str, JobStatus]]):
    """The status of each job, by its id."""


class Tags(RootModel[list[str]]):
    """The tags that documents have."""
