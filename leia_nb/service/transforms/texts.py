"""The transforms of texts to texts: `merge` and `split`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
from leia_nb.service.documents.document_types import DocumentType, detect_type
from leia_nb.service.documents.readers import read_plain_text
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.output_files import Output, output_name
from leia_nb.service.transforms.parameters import SplitParameters

_WORD = re.compile(r"\S+")
_ADVICE = "Convert PDFs and images to texts first, with the transform `text`."


class Merge(Transform):
    """Several texts in one, joined by newlines, in the order of the documents."""

    name = TransformType.MERGE
    input_types = (DocumentType.TEXT,)
    merges = True
    advice = _ADVICE

    def run(self, documents: Sequence[InputDocument], parameters: Any, output: Output) -> None:
        """Write one text; only one of the inputs is in memory at a time."""
        source = documents[0] if len(documents) == 1 else None
        errors: list[UnusableDocuments] = []
        parts = self._parts(documents, errors)
        output.text(parts, output_name(documents[0], ".txt", "merged"), source)
        raise_or_skip(errors, skip=parameters.skip_unusable and len(errors) < len(documents))

    def _parts(
        self, documents: Sequence[InputDocument], errors: list[UnusableDocuments]
    ) -> Iterator[str]:
        separator = ""
        for document in documents:
            try:
                with named_in_errors(document):
                    detect_type(document, self.input_types)
                    text = read_plain_text(document)
            except UnreadableDocument as error:
                errors.append(error)
                continue
            yield separator
            yield text
            separator = "\n"

    def convert(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Copy a single text."""
        self.run([document], parameters, output)


class Split(Transform):
    """A text in chunks of a number of words; all whitespace is kept."""

    name = TransformType.SPLIT
    input_types = (DocumentType.TEXT,)
    parameters: ClassVar = SplitParameters
    makes_several = True
    advice = _ADVICE

    def convert(self, document: InputDocument, parameters: SplitParameters, output: Output) -> None:
        """Write one text per chunk; its page is its number, counted from 0."""
        detect_type(document, self.input_types)
        text = read_plain_text(document)
        if not text.strip():
            raise BlankDocument(document, "contains no words")
        for number, chunk in enumerate(chunks(text, parameters.split_size)):
            page = number if document.page is None else document.page
            name = output_name(document, ".txt", f"part-{number}")
            output.text([chunk], name, document, page=page)


def chunks(text: str, words: int) -> Iterator[str]:
    r"""Split a text into chunks of a number of words; the last one may have fewer.

    Examples
    --------
    >>> list(chunks("To be,\nor not  to be", 2))
    ['To be,\n', 'or not  ', 'to be']
    """
    start = 0
    for position, word in enumerate(_WORD.finditer(text)):
        if position and position % words == 0:
            yield text[start : word.start()]
            start = word.start()
    if start < len(text):
        yield text[start:]
