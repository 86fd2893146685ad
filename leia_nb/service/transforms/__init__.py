"""The transforms of documents to documents, by `output_type`; neither HTTP nor SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from leia_nb.service.documents import ocr, video
from leia_nb.service.documents.base import InputDocument, OutputDocument, UnusableDocuments
from leia_nb.service.documents.document_types import (
    DocumentType,
    alternatives,
    type_of,
    with_article,
)
from leia_nb.service.parameters import json_schema, read
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.images import Autorotate, ToImages, Transcode, Trim
from leia_nb.service.transforms.output_files import MOST_FILES, Output
from leia_nb.service.transforms.parameters import InvalidTransformParameters, TransformParameters
from leia_nb.service.transforms.texts import Merge, Split
from leia_nb.service.transforms.to_text import ToText, ToTextTree

_ALL = (ToText, ToTextTree, ToImages, Autorotate, Trim, Merge, Split, Transcode)
_TRANSFORMS: dict[str, Transform] = {cls.name: cls() for cls in _ALL}
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
    ToImagesParameters(skip_unusable=False, image_slice=None, output_quality=50)
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
        document_type = type_of(document.mime_type)
        if document_type is not None and document_type not in transform.input_types:
            raise UnusableDocuments(
                f"{document.label} is {with_article(document_type)}, but the transform "
                f"{output_type} requires {alternatives(transform.input_types)}. {transform.advice}"
            )
        if document_type is DocumentType.VIDEO:
            video.check_installed(document.label)
        if document_type in transform.requires_ocr and not ocr.is_installed():
            raise ocr.OcrMissing(f"The transform {output_type} of {document.label}")


def run(
    output_type: str,
    documents: Sequence[InputDocument],
    parameters: TransformParameters,
    folder: Path,
) -> list[OutputDocument]:
    """Transform documents in a worker process; the new ones are written to `folder`.

    They are in the order of the documents, of each in the order of its pages. Raises
    `UnusableDocuments` if a document cannot be read, or if there would be too many files.
    """
    output = Output(folder)
    _TRANSFORMS[output_type].run(documents, parameters, output)
    return output.documents


def makes_several(output_type: str, number_of_inputs: int) -> bool:
    """Return whether the result is a list of documents, even if it has only one.

    Examples
    --------
    >>> makes_several("image", 1), makes_several("text", 1), makes_several("merge", 9)
    (True, False, False)
    """
    transform = _TRANSFORMS[output_type]
    return transform.makes_several or (number_of_inputs > 1 and not transform.merges)
