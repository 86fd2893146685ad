"""What a transform is: what it reads, what it takes, what it makes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from leia_nb.enums import TransformType
from leia_nb.service.documents.base import BlankDocument, InputDocument
from leia_nb.service.documents.kinds import Kind
from leia_nb.service.transforms.output_files import Output
from leia_nb.service.transforms.parameters import TransformParameters


class Transform(ABC):
    """One `output_type`.

    Attributes
    ----------
    name : TransformType
        Its wire value.
    reads : tuple of Kind
        The kinds of documents that it works on.
    parameters : type of TransformParameters
        What it takes of `transform_params`.
    makes_several : bool
        Whether it may make several documents of one.
    merges : bool
        Whether it makes one document of several.
    needs_ocr : tuple of Kind
        The kinds of documents that it cannot work on without OCR.
    advice : str
        What to do with documents that it does not work on, a sentence; may be empty.
    """

    name: ClassVar[TransformType]
    reads: ClassVar[tuple[Kind, ...]]
    parameters: ClassVar[type[TransformParameters]] = TransformParameters
    makes_several: ClassVar[bool] = False
    merges: ClassVar[bool] = False
    needs_ocr: ClassVar[tuple[Kind, ...]] = ()
    advice: ClassVar[str] = ""

    def run(self, documents: Sequence[InputDocument], parameters: Any, output: Output) -> None:
        """Make something of each document, in their order; blank texts among them are passed."""
        blank = None
        for document in documents:
            try:
                self.make(document, parameters, output)
            except BlankDocument as told:
                blank = blank or told
        if blank is not None and not output.files:
            raise blank

    @abstractmethod
    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Make something of one document; raise `UnusableDocuments` if it cannot be."""
