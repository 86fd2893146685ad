"""The transforms: documents out of documents, by `output_type`. No HTTP and no SQL here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from leia_nb.service.documents import ocr, video
from leia_nb.service.documents.base import InputDocument, MadeFile, UnusableDocuments
from leia_nb.service.documents.kinds import Kind, a, either, told
from leia_nb.service.parameters import json_schema, read
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.images import Autorotate, ToImages, Trim
from leia_nb.service.transforms.output_files import MOST_FILES, Output
from leia_nb.service.transforms.parameters import (
    InvalidTransformParameters,
    TransformParameters,
)
from leia_nb.service.transforms.texts import Merge, Split
from leia_nb.service.transforms.to_text import ToText, ToTextTree
from leia_nb.service.transforms.transcode import Transcode

_ALL = (ToText, ToTextTree, ToImages, Autorotate, Trim, Merge, Split, Transcode)
_TRANSFORMS: dict[str, Transform] = {kind.name: kind() for kind in _ALL}
NAMES = tuple(str(name) for name in _TRANSFORMS)

__all__ = [
    "MOST_FILES",
    "NAMES",
    "InvalidTransformParameters",
    "check",
    "describe",
    "makes_several",
    "read_parameters",
    "run",
]


def read_parameters(output_type: str, values: Mapping[str, Any]) -> TransformParameters:
    """Validate `transform_params`; raise `InvalidTransformParameters`.

    Examples
    --------
    >>> read_parameters("image", {"output_quality": "50"})
    ToImagesParameters(image_slice=None, output_quality=50)
    """
    model = _TRANSFORMS[output_type].parameters
    return read(model, values, f"the transform {output_type}")


def describe() -> list[dict[str, Any]]:
    """Return the transforms as ``GET /trainers`` lists them."""
    return [
        {"output_type": name, "parameters": json_schema(_TRANSFORMS[name].parameters)}
        for name in NAMES
    ]


def check(output_type: str, documents: Sequence[InputDocument]) -> None:
    """Raise `UnusableDocuments` if the transform does not work on the type of a document.

    No file is opened; a document of unknown type passes.
    """
    transform = _TRANSFORMS[output_type]
    for document in documents:
        kind = told(document.mime_type)
        if kind is not None and kind not in transform.reads:
            raise UnusableDocuments(
                f"{document.label} is {a(kind)}; the transform {output_type} works on "
                f"{either(transform.reads)}. {transform.advice}".rstrip()
            )
        if kind is Kind.VIDEO:
            video.check_installed(document.label)
        if kind in transform.needs_ocr and not ocr.is_installed():
            raise ocr.OcrMissing(f"The transform {output_type} of {document.label}")


def run(
    output_type: str,
    documents: Sequence[InputDocument],
    parameters: TransformParameters,
    folder: Path,
) -> list[MadeFile]:
    """Transform documents in a worker process; return the files written to `folder`.

    They are in the order of the documents, of each in the order of its pages. Raises
    `UnusableDocuments` if a document cannot be read, or if there would be too many files.
    """
    output = Output(folder)
    _TRANSFORMS[output_type].run(documents, parameters, output)
    return output.files


def makes_several(output_type: str, number_of_inputs: int) -> bool:
    """Return whether the result is a list of documents, even if it has only one.

    Examples
    --------
    >>> makes_several("image", 1), makes_several("text", 1), makes_several("merge", 9)
    (True, False, False)
    """
    transform = _TRANSFORMS[output_type]
    return transform.makes_several or (number_of_inputs > 1 and not transform.merges)
