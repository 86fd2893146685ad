"""Parameters of trainers and transforms: Pydantic models, and how they are read and described."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.json_schema import GenerateJsonSchema

from leia_nb.api.parameter_schema import expected
from leia_nb.service.api_errors import meant


class InvalidParameters(ValueError):
    """A parameter that is unknown, of the wrong type, or out of range."""

    code = "invalid_model_params"
    field = "model_params"

    @property
    def message(self) -> str:
        """The text of the error."""
        return str(self)


class Parameters(BaseModel):
    """Base of all models of parameters; every field has a default and a description."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, protected_namespaces=()
    )

    _error: ClassVar[type[InvalidParameters]] = InvalidParameters

    @field_validator("*", mode="before")
    @classmethod
    def _keep_booleans_apart(cls, value: Any, info: ValidationInfo) -> Any:
        # Pydantic reads True as 1, and does not strip a string that is to be a boolean.
        is_boolean = cls.model_fields[str(info.field_name)].annotation is bool
        if isinstance(value, bool) and not is_boolean:
            raise ValueError("a boolean")
        return value.strip() if is_boolean and isinstance(value, str) else value


_P = TypeVar("_P", bound=Parameters)


def read(model: type[_P], values: Mapping[str, Any], owner: str) -> _P:
    """Read the parameters of `owner`; strings, as in a query, are parsed, None is the default.

    Examples
    --------
    >>> from pydantic import Field
    >>> class Training(Parameters):
    ...     folds: int = Field(5, ge=2, le=20, description="number of parts")
    >>> read(Training, {"folds": "3"}, "training")
    Training(folds=3)
    """
    for name in values:
        if name not in model.model_fields:
            raise _unknown(model, name, owner)
    try:
        return model.model_validate({n: v for n, v in values.items() if v is not None})
    except ValidationError as error:
        name = str(error.errors(include_url=False)[0]["loc"][0])
        schema = json_schema(model)["properties"][name]
        raise model._error(
            f"{model._error.field}: {name} must be {expected(schema)}, got "
            f"{values.get(name)!r:.80} ({_default(schema)}). {name}: {schema['description']}."
        ) from None


def values_of(parameters: Parameters) -> dict[str, Any]:
    """Return parameters as JSON values by name, a subclass's own before the inherited ones."""
    values = parameters.model_dump(mode="json")
    return {name: values[name] for name in _names(type(parameters)) if name in values}


@cache
def json_schema(model: type[Parameters]) -> dict[str, Any]:
    """Return the JSON Schema of parameters, a subclass's own before the inherited ones."""
    schema = model.model_json_schema(schema_generator=_Untitled)
    schema["properties"] = {name: schema["properties"][name] for name in _names(model)}
    return schema


class _Untitled(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


def _names(model: type[Parameters]) -> list[str]:
    # Pydantic has the inherited fields first. A trainer's own parameters are what a reader
    # looks for, and model files list them first.
    declared = (name for base in model.__mro__ for name in inspect.get_annotations(base))
    return [name for name in dict.fromkeys(declared) if name in model.model_fields]


def _unknown(model: type[Parameters], name: str, owner: str) -> InvalidParameters:
    field = model._error.field
    properties = json_schema(model)["properties"]
    lines = (_line(known, schema) for known, schema in properties.items())
    advice = f"{meant(name, properties)}Known parameters: {'; '.join(lines)}."
    return model._error(f"{field}: {owner} has no parameter {name!r:.80}. {advice}")


def _line(name: str, schema: Mapping[str, Any]) -> str:
    return f"{name} ({expected(schema)}; {_default(schema)}): {schema['description']}"


def _default(schema: Mapping[str, Any]) -> str:
    if "default" not in schema:
        return "required"
    default = schema["default"]
    if default is None:
        return "default all"
    return f"default {str(default).lower() if isinstance(default, bool) else default}"
