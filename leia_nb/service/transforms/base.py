"""The base class of all transforms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from leia_nb.enums import TransformType
from leia_nb.service.documents.base import (
    BlankDocument,
    InputDocument,
    UnreadableDocument,
    UnusableDocuments,
    named_in_errors,
    raise_or_skip,
)
from leia_nb.service.documents.document_types import DocumentType
from leia_nb.service.transforms.output_files import Output
from leia_nb.service.transforms.parameters import TransformParameters


class Transform(ABC):
    """A transform; `advice` is a sentence on documents of other types than `input_types`."""

    name: ClassVar[TransformType]
    input_types: ClassVar[tuple[DocumentType, ...]]
    parameters: ClassVar[type[TransformParameters]] = TransformParameters
    makes_several: ClassVar[bool] = False
    merges: ClassVar[bool] = False
    requires_ocr: ClassVar[tuple[DocumentType, ...]] = ()
    advice: ClassVar[str] = ""

    def run(self, documents: Sequence[InputDocument], parameters: Any, output: Output) -> None:
        """Transform documents in their order; blank texts are skipped if there are others.

        Unusable documents are skipped with a note if `skip_unusable` is set; otherwise all of
        them are named in one error.
        """
        errors: list[UnusableDocuments] = []
        blank = None
        for document in documents:
            complete = len(output.documents)
            try:
                with named_in_errors(document):
                    self.convert(document, parameters, output)
            except BlankDocument as error:
                blank = blank or error
            except UnreadableDocument as error:
                errors.append(error)
                del output.documents[complete:]  # the pages before the unreadable one
        raise_or_skip(errors, skip=parameters.skip_unusable and bool(output.documents))
        if blank is not None and not output.documents:
            raise blank

    @abstractmethod
    def convert(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Transform one document; raise `UnusableDocuments` if that is impossible."""
