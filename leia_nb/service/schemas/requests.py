"""What requests carry that create or change objects, in the query or in the body."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from leia_nb.enums import AnnotationType, ApplicationType
from leia_nb.service.api_errors import invalid
from leia_nb.service.schemas.types import (
    Amount,
    Count,
    Email,
    Filename,
    Int32,
    ModelName,
    Name,
    NewTtl,
    OptionalTag,
    ShortName,
    ShortText,
    Text,
    Ttl,
    Url,
)

DEFAULT_MODEL_TTL = 200
Tags = Annotated[list[OptionalTag], Field(max_length=1000)]
Ids = Annotated[list[ShortText], Field(max_length=1000)]
PositiveCount = Annotated[int, Field(ge=1, le=10**6)]
Hour = Annotated[int, Field(ge=0, le=23)]
Minute = Annotated[int, Field(ge=0, le=59)]


class Options(BaseModel):
    """Fields that several requests share."""

    model_config = ConfigDict(protected_namespaces=())


class Query(Options):
    """Query parameters; an unknown name may be a misspelled parameter."""

    model_config = ConfigDict(extra="forbid")


class Body(Options):
    """A JSON body; it keeps JSON's types: the string "true" is not a boolean."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LoginBody(Options):
    """The body of a login."""

    api_key: Text = Field(min_length=1, repr=False)


class ModelOptions(Options):
    """What can be chosen for a model when it is created, trained or edited."""

    short_name: ShortName | None = Field(
        None, description="A unique name to use in place of the id; empty = none."
    )
    description: Text | None = Field(None, description="Free text; empty = none.")
    ttl: Int32 | None = Field(
        None, description="Seconds that the idle model stays loaded; negative = without limit."
    )
    allowed_application_ids: Ids | None = Field(
        None, description="The applications that may use the model; an empty value = none."
    )
    allow_all_applications: bool | None = Field(
        None, description="Whether every application may use the model."
    )


class ModelResources(ModelOptions):
    """What can be chosen for a model when it is created or edited."""

    cores: Amount | None = Field(None, description="Processor cores that the model needs.")
    memory: Amount | None = Field(None, description="Gigabytes of memory that the model needs.")
    always_on_workers: Count | None = Field(None, description="Workers that keep it loaded.")


class ModelCreate(Query, ModelResources):
    """The parameters of a new model."""

    name: ModelName = Field(description="The name.")
    ttl: Int32 = Field(
        DEFAULT_MODEL_TTL,
        description="Seconds that the idle model stays loaded; negative = without limit.",
    )
    allowed_application_ids: Ids = Field([], description="The applications that may use the model.")
    allow_all_applications: bool = Field(
        False, description="Whether every application may use the model."
    )
    tags: Tags = Field([], description="Its tags.")


class ModelEdit(Query, ModelResources):
    """The changes of a model; what is not given stays."""

    name: ModelName | None = Field(None, description="The new name.")


class DocumentCreate(Query):
    """The parameters of a new document."""

    filename: Filename = Field(description="The file name.")
    ttl: Ttl | None = Field(None, description="Seconds, at least 60, after which it is deleted.")
    tags: Tags = Field([], description="Its tags.")


class PlainDocumentCreate(DocumentCreate):
    """The parameters of a new document of the caller."""

    b64: bool = Field(False, description="Whether the body is Base64.")


class DocumentEdit(Query):
    """The changes of a document; what is not given stays."""

    filename: Filename | None = Field(None, description="The new file name.")
    rotation_angle: Int32 | None = Field(None, description="Degrees; stored as 0 to 359.")
    ttl: NewTtl | None = Field(
        None,
        description="Seconds from now, at least 60, after which it is deleted; negative = never.",
    )


class ContentsQuery(Query):
    """The form in which an image is sent; other files are sent as they are."""

    max_size: PositiveCount | None = Field(None, description="Longest side in pixels.")
    jpeg_compression: int | None = Field(
        None, ge=1, le=100, description="Send as JPEG of this quality, in percent."
    )


class AnnotationCreate(Query):
    """The parameters of a new annotation."""

    annotation_type: AnnotationType = Field(description="The type.")
    name: Text | None = Field(None, description="A name.")
    tags: Tags = Field([], description="Its tags.")


class AnnotationEdit(Query):
    """What an update changes besides the prediction."""

    name: Text | None = Field(None, description="The new name; empty = none.")


class ApplicationOptions(Options):
    """What can be chosen for an application."""

    application_name: Name | None = Field(None, description="The name.")
    email: Email | None = Field(None, description="The e-mail address.")
    first_name: Name | None = Field(None, description="The first name of its contact.")
    last_name: Name | None = Field(None, description="The last name of its contact.")
    default_job_callback_url: Url | None = Field(
        None, description="Where jobs without a callback_url are reported; empty = nowhere."
    )
    dedicated_workers: bool | None = Field(None, description="Whether it wants its own workers.")
    dedicated_workers_ttl: Int32 | None = Field(
        None, description="Seconds that such a worker keeps running when idle."
    )
    dedicated_workers_max_models: PositiveCount | None = Field(
        None, description="Most models that such a worker keeps loaded."
    )
    reduce_callback_payloads: bool | None = Field(
        None, description="Whether callbacks are sent without the job's result."
    )

    def values(self) -> dict[str, Any]:
        """Return what is given, by field; an empty URL is None."""
        fields = self.model_dump(include=set(ApplicationOptions.model_fields), exclude_none=True)
        return {name: None if value == "" else value for name, value in fields.items()}


class ApplicationBody(ApplicationOptions, Body):
    """A new application; the service ignores the fields that it sets itself."""

    application_type: Annotated[ApplicationType, Field(strict=False)]  # JSON lacks enumerations
    email: Email
    first_name: Name
    last_name: Name
    id: Any = Field(None, description="Ignored.")
    creation_time: Any = Field(None, description="Ignored.")
    api_key: Any = Field(None, description="Ignored: the response has the key.", repr=False)
    job_counts: Any = Field(None, description="Ignored.")
    always_on_schedules: Any = Field(None, description="Ignored: an edit adds them.")


def _split_days(value: Any) -> Any:
    """Split days that came as one string, ``1,2,3``."""
    values = value if isinstance(value, list) else [value]
    return [part for v in values for part in (v.split(",") if isinstance(v, str) else [v])]


Days = Annotated[
    list[Annotated[int, Field(ge=1, le=7)]], BeforeValidator(_split_days), Field(max_length=1000)
]


class ApplicationEdit(Query, ApplicationOptions):
    """The changes of an application, and a schedule to add; what is not given stays."""

    always_on_number: PositiveCount | None = Field(
        None, description="Add a schedule: how many workers to keep running,"
    )
    always_on_start_days: Days | None = Field(
        None, description="on which days of the week, 1 (Monday) to 7,"
    )
    always_on_start_hour: Hour | None = Field(None, description="from this hour,")
    always_on_stop_hour: Hour | None = Field(None, description="to this hour,")
    always_on_start_minute: Minute | None = Field(None, description="from this minute,")
    always_on_stop_minute: Minute | None = Field(None, description="to this minute.")
    always_on_workers_model_ids: Ids | None = Field(
        None, description="The models that these workers load when they start."
    )

    def schedule(self) -> dict[str, Any] | None:
        """Return the schedule without its prefix; None if there is none, 400 for a part of it."""
        prefix = "always_on_"
        fields = [name for name in type(self).model_fields if name.startswith(prefix)]
        values = self.model_dump(include=set(fields), exclude_none=True)
        if not values:
            return None
        for name in ("number", "start_days", "start_hour", "stop_hour"):
            if prefix + name not in values:
                message = f"A schedule needs {prefix}{name}. Add it, or leave out all {prefix}…."
                raise invalid(message, prefix + name)
        return {name.removeprefix(prefix): value for name, value in values.items()}
