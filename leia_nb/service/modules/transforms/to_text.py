"""The transform `text`: the text of a PDF, an image or a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leia_nb.service.modules.base import InputDocument
from leia_nb.service.modules.reading import read_plain_text, read_text
from leia_nb.service.modules.transforms.base import Transform
from leia_nb.service.modules.transforms.kinds import Kind, found
from leia_nb.service.modules.transforms.output import Output, named


class ToText(Transform):
    """The text of a document as UTF-8."""

    name = "text"
    reads = (Kind.PDF, Kind.TEXT)

    def make(self, document: InputDocument, parameters: Mapping[str, Any], output: Output) -> None:
        """Keep one text."""
        del parameters
        is_text = found(document, self.reads) is Kind.TEXT
        text = read_plain_text(document) if is_text else read_text(document)
        output.text(text, named(document, ".txt"), document)
