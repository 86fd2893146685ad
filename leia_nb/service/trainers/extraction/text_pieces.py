"""Where the words of a document stand: pieces of lines, in rows, on pages.

Plain text, PDFs and the JSON of the transform `text_tree` all become the same: pieces
of lines whose places are fractions of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from leia_nb.service.documents.base import InputDocument, UnreadableDocument

MOST_TOKENS = 20_000
_MOST_TOKENS_OF_PIECE = 500
_MOST_PIECES_OF_ROW = 200
_TOKEN = re.compile(r"[^\W_](?:[\w.,'’/@&+\-]*[^\W_])?|[^\w\s]|_+")
_GAP = re.compile(r"\s{2,}|\t")
_LONGEST_LINE = 500
_LONG = re.compile(r".{1,500}(?:\s|$)|.{500}")
_WIDE_GAP = 0.8
_USUAL_COLUMNS = 80


@dataclass(frozen=True)
class Token:
    """A word, or one sign, in a piece's text: from `start` to before `end`."""

    text: str
    start: int
    end: int


@dataclass
class Piece:
    """Part of a line, without wide gaps in it.

    Parameters
    ----------
    text : str
        What it says.
    page : int
        The page, counted from 0.
    left, right, top, bottom : float
        Where it is, fractions of the page from its upper left corner.
    row : int
        In which row of the document, counted from 0.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    row: int = 0
    tokens: list[Token] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the tokens."""
        found = islice(_TOKEN.finditer(self.text), _MOST_TOKENS_OF_PIECE)
        self.tokens = [Token(m.group(), m.start(), m.end()) for m in found]

    @property
    def size(self) -> float:
        """Its height, a fraction of the page's."""
        return self.bottom - self.top

    def place(self, start: int, end: int) -> tuple[float, float]:
        """Return from where to where characters reach, fractions of the page's width."""
        width = (self.right - self.left) / max(len(self.text), 1)
        return self.left + width * start, self.left + width * end


@dataclass(frozen=True)
class Pieces:
    """The pieces of a document.

    Parameters
    ----------
    rows : list of list of Piece
        Rows from the first page's top downwards, each from left to right.
    """

    rows: list[list[Piece]]

    def __iter__(self) -> Iterator[Piece]:
        """Iterate over all pieces, row by row."""
        return (piece for row in self.rows for piece in row)


@dataclass(frozen=True)
class Placed:
    """A word or line and its place.

    Parameters
    ----------
    text : str
        What it says.
    page : int
        The page, counted from 0.
    left, right, top, bottom : float
        Fractions of the page from its upper left corner.
    unit : float
        The size of its letters, as a fraction of the page's width.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    unit: float


def of_text(text: str) -> Pieces:
    r"""Return the pieces of plain text: a line is a row, two blanks part its pieces.

    Examples
    --------
    >>> [[piece.text for piece in row] for row in of_text("Total:   12.50\n\nBye").rows]
    [['Total:', '12.50'], ['Bye']]
    """
    lines = [part for line in text.splitlines() for part in _wrapped(line)]
    wide = max(_USUAL_COLUMNS, min(max(map(len, lines), default=0), 4 * _USUAL_COLUMNS))
    high = max(len(lines), 1)
    rows = [
        [
            Piece(part, 0, start / wide, (start + len(part)) / wide, n / high, (n + 1) / high)
            for start, part in _parts(line)
        ]
        for n, line in enumerate(lines)
    ]
    return _finished([row for row in rows if row])


def of_places(words: Iterable[Placed]) -> Pieces:
    """Return the pieces that words make which are placed on pages."""
    rows: list[list[Placed]] = []
    for word in sorted(words, key=lambda w: (w.page, w.top + w.bottom, w.left)):
        if rows and _same_row(rows[-1][0], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return _finished([list(_joined(sorted(row, key=lambda w: w.left))) for row in rows])


def require_words(document: InputDocument, pieces: Pieces) -> Pieces:
    """Return the pieces, or refuse the document if there are none.

    Raises
    ------
    UnreadableDocument
        If the document carries no text.
    """
    if not pieces.rows:
        advice = "Let the transform text or text_tree read it first (OCR), or leave it out."
        raise UnreadableDocument(document, "carries no text, probably a scan", advice)
    return pieces


def _wrapped(line: str) -> list[str]:
    """Cut an endless line where there are blanks, if there are."""
    return _LONG.findall(line) if len(line) > _LONGEST_LINE else [line]


def _parts(line: str) -> Iterator[tuple[int, str]]:
    start = 0
    for gap in [*_GAP.finditer(line), None]:
        end = gap.start() if gap else len(line)
        part = line[start:end]
        if part.strip():
            yield start + len(part) - len(part.lstrip()), part.strip()
        start = gap.end() if gap else end


def _same_row(first: Placed, word: Placed) -> bool:
    middles = (word.top + word.bottom - first.top - first.bottom) / 2
    height = max(first.bottom - first.top, word.bottom - word.top)
    return first.page == word.page and abs(middles) < 0.4 * height


def _joined(row: Sequence[Placed]) -> Iterator[Piece]:
    some: list[Placed] = []
    for word in row:
        if some and word.left - some[-1].right > _WIDE_GAP * max(some[-1].unit, word.unit):
            yield _piece(some)
            some = []
        some.append(word)
    if some:
        yield _piece(some)


def _piece(words: Sequence[Placed]) -> Piece:
    return Piece(
        " ".join(word.text for word in words),
        words[0].page,
        words[0].left,
        max(word.right for word in words),
        min(word.top for word in words),
        max(word.bottom for word in words),
    )


def _finished(rows: list[list[Piece]]) -> Pieces:
    """Give the rows their numbers; stop where there are too many words."""
    kept: list[list[Piece]] = []
    tokens = 0
    for number, row in enumerate(rows):
        some = row[:_MOST_PIECES_OF_ROW]
        tokens += sum(len(piece.tokens) for piece in some)
        if tokens > MOST_TOKENS and kept:
            break
        for piece in some:
            piece.row = number
        kept.append(some)
    return Pieces(kept)
