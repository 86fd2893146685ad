"""The parameters of the transforms (`transform_params`)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from leia_nb.api import page_range
from leia_nb.service.parameters import InvalidParameters, Parameters


class InvalidTransformParameters(InvalidParameters):
    """A member of `transform_params` that is unknown, of the wrong type, or out of range."""

    code = "invalid_transform_params"
    field = "transform_params"


class TransformParameters(Parameters):
    """Base of the parameters of a transform."""

    _error: ClassVar[type[InvalidParameters]] = InvalidTransformParameters

    skip_unusable: bool = Field(
        False, description="whether to leave out documents that cannot be read, instead of failing"
    )


def _check_slices(text: str) -> str:
    page_range.parse(text)
    return text


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


Slices = Annotated[
    str,
    BeforeValidator(_as_text),
    AfterValidator(_check_slices),
    Field(
        max_length=1_000,
        examples=["0,2:5,-1"],
        json_schema_extra={"pattern": f"^{page_range.PATTERN}$"},
    ),
]
ImageSlice = Annotated[
    Slices | None,
    Field(
        description="which pages or frames, counted from 0, as Python slices separated by commas"
    ),
]
OutputQuality = Annotated[
    int,
    Field(ge=1, le=100, description="quality of JPEG and WebP, in percent; PNG is always lossless"),
]


class ToImagesParameters(TransformParameters):
    """The parameters of `image`."""

    image_slice: ImageSlice = None
    output_quality: OutputQuality = 75


class ToTextParameters(TransformParameters):
    """The parameters of `text` and `text_tree`."""

    image_slice: ImageSlice = None
    ocr: Literal["auto", "never", "always"] = Field(
        "auto",
        description="when to recognize the text of PDF pages: `auto` if a page is mostly a "
        "picture or its characters cannot be read",
    )


class ImageParameters(TransformParameters):
    """The parameters of `trim`, `autorotate` and `transcode`."""

    output_quality: OutputQuality = 75


class SplitParameters(TransformParameters):
    """The parameters of `split`."""

    split_size: int = Field(1_000, ge=1, le=1_000_000_000, description="words in a chunk")
