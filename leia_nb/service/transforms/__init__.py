"""The transforms: documents out of documents, by `output_type`. No HTTP and no SQL here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from leia_nb.service import parameters as reading_parameters
from leia_nb.service.documents import ocr, video
from leia_nb.service.documents.base import InputDocument, MadeFile, UnusableDocuments
from leia_nb.service.documents.kinds import Kind, a, either, told
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.images import Autorotate, ToImages, Trim
from leia_nb.service.transforms.output_files import MOST_FILES, Output
from leia_nb.service.transforms.parameters import InvalidTransformParameters
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
    "makes_several",
    "read_parameters",
    "run",
]


def read_parameters(output_type: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Read `transform_params`; strings, as a query has them, are parsed.

    Parameters
    ----------
    output_type : str
        One of `NAMES`.
    given : mapping
        The members given.

    Returns
    -------
    dict
        Every parameter of the transform, with its value or default.

    Raises
    ------
    InvalidTransformParameters
        If a member is unknown to this transform, of the wrong kind, or out of range.

    Examples
    --------
    >>> read_parameters("image", {"output_quality": "50"})
    {'image_slice': None, 'output_quality': 50}
    """
    known = _TRANSFORMS[output_type].parameters
    owner = f"the transform {output_type}"
    return reading_parameters.read(known, given, owner, InvalidTransformParameters)


def check(output_type: str, documents: Sequence[InputDocument]) -> None:
    """Refuse documents of a kind that the transform does not work on; opens no file.

    Parameters
    ----------
    output_type : str
        One of `NAMES`.
    documents : sequence of InputDocument
        What it is asked to work on; one of untold media type passes.

    Raises
    ------
    UnusableDocuments
        If one is certainly of a wrong kind, or needs what is not installed.
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
    parameters: Mapping[str, Any],
    folder: Path,
) -> list[MadeFile]:
    """Do a transform, in a worker process.

    Parameters
    ----------
    output_type : str
        One of `NAMES`.
    documents : sequence of InputDocument
        What to work on, at least one.
    parameters : mapping
        As `read_parameters` returned them.
    folder : pathlib.Path
        Where the files go; it is made if need be.

    Returns
    -------
    list of MadeFile
        What was made, at most 1,000: in the order of the documents, of each in the order
        of its pages.

    Raises
    ------
    UnusableDocuments
        If a document cannot be read, is of a wrong kind, or too much would be made.
    """
    output = Output(folder)
    _TRANSFORMS[output_type].run(documents, parameters, output)
    return output.files


def makes_several(output_type: str, number_of_inputs: int) -> bool:
    """Tell whether the result is a list of documents, even if only one is made.

    Parameters
    ----------
    output_type : str
        One of `NAMES`.
    number_of_inputs : int
        How many documents it works on.

    Returns
    -------
    bool
        Whether `result_type` is ``"list[document]"`` and not ``"document"``.

    Examples
    --------
    >>> makes_several("image", 1), makes_several("text", 1), makes_several("merge", 9)
    (True, False, False)
    """
    transform = _TRANSFORMS[output_type]
    return transform.makes_several or (number_of_inputs > 1 and not transform.merges)
