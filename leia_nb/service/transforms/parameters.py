"""The members of `transform_params`, and which transform takes which."""

from __future__ import annotations

from typing import Any

from leia_nb.api import page_range
from leia_nb.service.parameters import InvalidParameters, Parameter

_LONGEST_SLICE = 1_000


class InvalidTransformParameters(InvalidParameters):
    """A member of `transform_params` that is unknown, of the wrong kind, or out of range."""

    code = "invalid_transform_params"
    field = "transform_params"


class _Slice(Parameter):
    """A parameter in Python slice syntax."""

    @property
    def wanted(self) -> str:
        """What a value must be, in words."""
        return "slices as in Python, separated by commas, e.g. 0,2:5,-1"

    def read(self, value: Any) -> Any:
        """Return the slices as a text; raise ValueError if it is none."""
        if value is None:
            return self.default
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if len(text) > _LONGEST_SLICE:
            raise ValueError(text)
        page_range.parse(text)
        return text


IMAGE_SLICE = _Slice("image_slice", None, "which pages or frames, counted from 0")
OUTPUT_QUALITY = Parameter(
    "output_quality", 75, "quality of JPEG and WebP, in percent; PNG loses nothing", 1, 100
)
SPLIT_SIZE = Parameter("split_size", 1_000, "words in a chunk", 1, 1_000_000_000)
