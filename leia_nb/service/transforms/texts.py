"""The transforms that make texts of texts: `merge` and `split`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from leia_nb.enums import TransformType
from leia_nb.service.documents.base import BlankDocument, InputDocument
from leia_nb.service.documents.kinds import Kind, found
from leia_nb.service.documents.readers import read_plain_text
from leia_nb.service.transforms.base import Transform
from leia_nb.service.transforms.output_files import Output, named
from leia_nb.service.transforms.parameters import SplitParameters

_WORD = re.compile(r"\S+")
_ADVICE = "Make texts of PDFs and images first, with the transform `text`."


class Merge(Transform):
    """Several texts in one, joined by a newline, in the order of the documents."""

    name = TransformType.MERGE
    reads = (Kind.TEXT,)
    merges = True
    advice = _ADVICE

    def run(self, documents: Sequence[InputDocument], parameters: Any, output: Output) -> None:
        """Keep one text; one of the given ones is in memory at a time."""
        del parameters
        source = documents[0] if len(documents) == 1 else None
        output.text(self._parts(documents), named(documents[0], ".txt", "merged"), source)

    def _parts(self, documents: Sequence[InputDocument]) -> Iterator[str]:
        for position, document in enumerate(documents):
            found(document, self.reads)
            yield "\n" * (position > 0)
            yield read_plain_text(document)

    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Merge a single text: it stays what it is."""
        self.run([document], parameters, output)


class Split(Transform):
    """A text in chunks of so many words; all whitespace is kept."""

    name = TransformType.SPLIT
    reads = (Kind.TEXT,)
    parameters: ClassVar = SplitParameters
    makes_several = True
    advice = _ADVICE

    def make(self, document: InputDocument, parameters: Any, output: Output) -> None:
        """Keep one text per chunk; their pages are their numbers, counted from 0."""
        found(document, self.reads)
        text = read_plain_text(document)
        if not text.strip():
            raise BlankDocument(document, "carries no words", "Leave it out.")
        for number, chunk in enumerate(chunks(text, parameters.split_size)):
            page = number if document.page is None else document.page
            output.text([chunk], named(document, ".txt", f"part-{number}"), document, page=page)


def chunks(text: str, words: int) -> Iterator[str]:
    r"""Cut a text into chunks of so many words.

    Parameters
    ----------
    text : str
        The text; a word is what stands between whitespace.
    words : int
        Words in a chunk; the last one may have fewer.

    Yields
    ------
    str
        The chunks; joined, they are the text.

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
