"""What requests carry that start jobs: optional parameters in the query, the body, or both."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field
from pydantic import WithJsonSchema as JsonSchema

from leia_nb.api.rules import MAX_RULE_ID, MAX_RULES
from leia_nb.enums import FormatType
from leia_nb.service import transforms
from leia_nb.service.parameters import json_schema
from leia_nb.service.schemas.requests import Body, ModelOptions, Options, Tags
from leia_nb.service.schemas.types import (
    NO_NUL,
    Headers,
    Int32,
    ModelName,
    OptionalTag,
    PageRange,
    Text,
    Url,
    without_null,
)
from leia_nb.service.trainers.classifier import ClassifierApplyParameters, ClassifierParameters

_TAG = "Work on the documents with this tag that were created from the one document."


class CallbackOptions(Options):
    """What every job takes."""

    callback_url: Url | None = Field(None, description="Where the finished Job is POSTed.")


class JobOptions(CallbackOptions):
    """What apply, train and transform take."""

    execute_after_id: Text | None = Field(
        None, description="The job that must be PROCESSED before this one starts."
    )


class PagesOptions(JobOptions):
    """What apply and transform take."""

    page_range: PageRange | None = Field(
        None, description="Which pages of the previous job: Python slices, e.g. 0,2:5,-1."
    )
    block_processing: bool | None = Field(
        None, description="Keep the job BLOCKED until it is started."
    )


class ApplyOptions(PagesOptions):
    """What apply takes."""

    tag: OptionalTag | None = Field(None, description=_TAG)
    format_type: Annotated[FormatType, Field(strict=False)] | None = Field(
        None, description="The form of the result."
    )
    save_result: bool | None = Field(None, description="Save the result as a JSON document, too.")
    priority: Int32 | None = Field(
        None, description="Jobs with a higher one start first; 0 if not given."
    )


class TrainOptions(JobOptions, ModelOptions):
    """What train takes."""

    model_name: ModelName | None = Field(None, description="The name of the new model.")
    tags: Tags | None = Field(None, description="Its tags.")


class TransformOptions(PagesOptions):
    """What transform takes."""

    input_tag: OptionalTag | None = Field(None, description=_TAG)
    output_tag: OptionalTag | None = Field(None, description="A tag for the new documents.")


class JobBody(Body):
    """What the body of every job takes besides."""

    callback_headers: Headers | None = Field(
        None, description="HTTP headers to send with the callback."
    )


def _query_object(*schemas: dict[str, Any]) -> JsonSchema:
    """Return how an object is sent in a query: one parameter per member."""
    text = {"type": "string", "pattern": NO_NUL}
    known = {
        name: without_null(member)
        for schema in schemas
        for name, member in schema["properties"].items()
    }
    return JsonSchema({"type": "object", "properties": known, "additionalProperties": text})


_MODEL_PARAMS = _query_object(
    json_schema(ClassifierParameters), json_schema(ClassifierApplyParameters)
)
_TRANSFORM_PARAMS = _query_object(*(item["parameters"] for item in transforms.describe()))


class ParamsQuery(Options):
    """The parameters of a trainer or a transform, as members of one object.

    `PARAMS` names the object; unknown query parameters are members of it.
    """

    PARAMS: ClassVar[str]


class ModelParamsQuery(ParamsQuery):
    """The parameters of a trainer."""

    PARAMS: ClassVar[str] = "model_params"

    model_params: Annotated[str, _MODEL_PARAMS] | None = Field(
        None,
        description="Parameters of the trainer: one query parameter per member "
        "(name=value), or all of them here as a JSON object.",
    )


class ApplyQuery(ApplyOptions, ModelParamsQuery):
    """What apply takes in the query."""


class ApplyBody(ApplyOptions, JobBody):
    """What apply takes in the body."""

    model_params: dict[str, Any] | None = None


class TrainQuery(TrainOptions, ModelParamsQuery):
    """What train takes in the query."""


class TrainBody(TrainOptions, JobBody):
    """What train takes in the body; module and tag must agree with the path."""

    model_module: Text | None = None
    documents_tag: Text | None = None
    model_params: dict[str, Any] | None = None


class TransformQuery(TransformOptions, ParamsQuery):
    """What transform takes in the query."""

    PARAMS: ClassVar[str] = "transform_params"

    transform_params: Annotated[str, _TRANSFORM_PARAMS] | None = Field(
        None,
        description="Parameters of the transform: one query parameter per member "
        "(name=value), or all of them here as a JSON object.",
    )


class TransformBody(TransformOptions, JobBody):
    """What transform takes in the body."""

    transform_params: dict[str, Any] | None = None


class ConditionalQuery(CallbackOptions):
    """What a conditional job takes in the query; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    block_processing: bool | None = Field(
        None, description="Keep the job BLOCKED until it is started."
    )


def _declare_rules(schema: dict[str, Any]) -> None:
    """Declare the rules, which the route itself checks, to name the rule at fault."""
    schema["required"] = ["rules"]
    schema["properties"]["rules"] = {
        "description": "The rules by id. If all conditions of a rule are met, its jobs run in "
        "their order, each on the results of the previous one.",
        "type": "object",
        "additionalProperties": {"$ref": "#/components/schemas/Rule"},
        "propertyNames": {"minLength": 1, "maxLength": MAX_RULE_ID, "pattern": r"\S"},
        "minProperties": 1,
        "maxProperties": MAX_RULES,
    }


class ConditionalBody(CallbackOptions, JobBody):
    """What a conditional job takes in the body."""

    model_config = ConfigDict(json_schema_extra=_declare_rules)

    block_processing: bool | None = None
    rules: dict[str, Any] | None = None
