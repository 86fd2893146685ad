"""Text with its position in a document: segments of lines, in rows, on pages.

Plain text, PDFs and text trees all become this, with positions in fractions of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

MOST_TOKENS = 20_000
_MOST_TOKENS_PER_SEGMENT = 500
_MOST_SEGMENTS_PER_ROW = 200
_TOKEN = re.compile(r"[^\W_](?:[\w.,'’/@&+\-]*[^\W_])?|[^\w\s]|_+")
_PART = re.compile(r"\S+(?:[^\S\t]\S+)*")  # two blanks or a tab separate parts
_LONGEST_LINE = 500
_LONG = re.compile(r".{1,500}(?:\s|$)|.{500}")
_WIDE_GAP = 0.8
_USUAL_COLUMNS = 80


@dataclass(frozen=True)
class Token:
    """A word or a single sign of a segment's text, from `start` to before `end`."""

    text: str
    start: int
    end: int


@dataclass
class Segment:
    """Part of a line without wide gaps, on a page and in a row of the document, from 0."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    row: int = 0
    tokens: list[Token] = field(default_factory=list)

    def __post_init__(self) -> None:
        matches = islice(_TOKEN.finditer(self.text), _MOST_TOKENS_PER_SEGMENT)
        self.tokens = [Token(m.group(), m.start(), m.end()) for m in matches]

    @property
    def size(self) -> float:
        """The height, as a fraction of the page's."""
        return self.bottom - self.top

    def position(self, start: int, end: int) -> tuple[float, float]:
        """Return the left and right edge of characters, in fractions of the page's width."""
        width = (self.right - self.left) / max(len(self.text), 1)
        return self.left + width * start, self.left + width * end


@dataclass(frozen=True)
class SegmentedText:
    """The rows of a document from top to bottom, with their segments from left to right."""

    rows: list[list[Segment]]

    def __iter__(self) -> Iterator[Segment]:
        return (segment for row in self.rows for segment in row)


@dataclass(frozen=True)
class PositionedText:
    """A word or a line with its position; `unit` is the size of a letter."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    unit: float


def segment_text(text: str) -> SegmentedText:
    r"""Segment plain text: a line is a row, two blanks separate its segments.

    Examples
    --------
    >>> [[segment.text for segment in row] for row in segment_text("Total:   12.50\n\nBye").rows]
    [['Total:', '12.50'], ['Bye']]
    """
    lines = [part for line in text.splitlines() for part in _wrapped(line)]
    columns = max(_USUAL_COLUMNS, min(max(map(len, lines), default=0), 4 * _USUAL_COLUMNS))
    height = max(len(lines), 1)
    rows = [
        [
            Segment(
                m.group(), 0, m.start() / columns, m.end() / columns, n / height, (n + 1) / height
            )
            for m in _PART.finditer(line)
        ]
        for n, line in enumerate(lines)
    ]
    return _numbered([row for row in rows if row])


def segment_words(words: Iterable[PositionedText]) -> SegmentedText:
    """Segment words that have positions on pages."""
    rows: list[list[PositionedText]] = []
    for word in sorted(words, key=lambda w: (w.page, w.top + w.bottom, w.left)):
        if rows and _is_same_row(rows[-1][0], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return _numbered([list(_joined(sorted(row, key=lambda w: w.left))) for row in rows])


def _wrapped(line: str) -> list[str]:
    return _LONG.findall(line) if len(line) > _LONGEST_LINE else [line]


def _is_same_row(first: PositionedText, word: PositionedText) -> bool:
    distance = (word.top + word.bottom - first.top - first.bottom) / 2
    height = max(first.bottom - first.top, word.bottom - word.top)
    return first.page == word.page and abs(distance) < 0.4 * height


def _joined(row: Sequence[PositionedText]) -> Iterator[Segment]:
    words: list[PositionedText] = []
    for word in row:
        if words and word.left - words[-1].right > _WIDE_GAP * max(words[-1].unit, word.unit):
            yield _segment(words)
            words = []
        words.append(word)
    if words:
        yield _segment(words)


def _segment(words: Sequence[PositionedText]) -> Segment:
    return Segment(
        " ".join(word.text for word in words),
        words[0].page,
        words[0].left,
        max(word.right for word in words),
        min(word.top for word in words),
        max(word.bottom for word in words),
    )


def _numbered(rows: list[list[Segment]]) -> SegmentedText:
    """Return the numbered rows up to the limit of tokens."""
    kept: list[list[Segment]] = []
    tokens = 0
    for number, row in enumerate(rows):
        segments = row[:_MOST_SEGMENTS_PER_ROW]
        tokens += sum(len(segment.tokens) for segment in segments)
        if tokens > MOST_TOKENS and kept:
            break
        for segment in segments:
            segment.row = number
        kept.append(segments)
    return SegmentedText(kept)
