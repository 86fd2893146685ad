"""Pieces of text that may be a value, and what can be said of each.

What is said are words (`kind=money`, `left=invoice no`), so that a vectorizer of texts
learns which of them tell a key's value from everything else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from leia_nb.service.trainers.extraction.text_pieces import Piece, Pieces

Shape = tuple[str, str, int]
_AMOUNT = re.compile(r"(?:\d{1,3}(?:[.,'’ ]\d{3})+|\d+)[.,]\d{2}")
_DATE = re.compile(
    r"\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-](?:\d{4}|\d\d)"
    r"|\d\d?\.? (?:de )?[^\W\d]{3,12}\.? (?:de )?\d{4}|[^\W\d]{3,12}\.? \d\d?,? \d{4}"
)
_SIGN = re.compile(r"[$€£¥]")
_FARTHEST_ROW = 3
MOST_LENGTH = 12


@dataclass(frozen=True)
class Span:
    """Some neighbouring tokens of a piece: from `first` to before `last`."""

    piece: Piece
    first: int
    last: int

    @cached_property
    def text(self) -> str:
        """What it says."""
        tokens = self.piece.tokens
        return self.piece.text[tokens[self.first].start : tokens[self.last - 1].end]

    @property
    def shape(self) -> Shape:
        """Of what kind its first and last token are, and how many there are."""
        tokens = self.piece.tokens
        ends = _kind_of_token(tokens[self.first].text), _kind_of_token(tokens[self.last - 1].text)
        return (*ends, self.last - self.first)


def amount(text: str) -> float | None:
    """Read an amount as people write it; None if it is none.

    Examples
    --------
    >>> amount("1.234,50"), amount("$1,234.50"), amount("12"), amount("a")
    (1234.5, 1234.5, 12.0, None)
    """
    digits = re.sub(r"[\s'’]", "", _SIGN.sub("", text))
    if not re.fullmatch(r"-?\d[\d.,]{0,20}", digits):
        return None
    whole, _, cents = re.sub(r"[.,](\d{1,2})$", r"!\1", digits).partition("!")
    return float(f"{re.sub('[.,]', '', whole)}.{cents or 0}")


def candidates(pieces: Pieces, shapes: Collection[Shape]) -> Iterator[Span]:
    """Yield every span whose ends are of a known shape and that is not longer than those.

    None is longer than 12 words and signs.

    Parameters
    ----------
    pieces : Pieces
        The document.
    shapes : collection of Shape
        Those of the values to look for.
    """
    longest: dict[tuple[str, str], int] = {}
    for start, end, length in shapes:
        longest[start, end] = max(length, longest.get((start, end), 0))
    most = min(max(longest.values(), default=0), MOST_LENGTH)
    for piece in pieces:
        kinds = [_kind_of_token(token.text) for token in piece.tokens]
        for first in range(len(kinds)):
            for last in range(first + 1, min(first + most, len(kinds)) + 1):
                if longest.get((kinds[first], kinds[last - 1]), 0) >= last - first:
                    yield Span(piece, first, last)


def describe(pieces: Pieces, spans: Sequence[Span]) -> list[str]:
    """Return what can be said of spans, as words with blanks between them."""
    around = _Around(pieces, spans)
    return [" ".join(_said(span, around)) for span in spans]


class _Around:
    """What the features of all spans of a document share."""

    def __init__(self, pieces: Pieces, spans: Sequence[Span]) -> None:
        self.pieces = pieces
        self.kinds = {span.text: kind_of_text(span.text) for span in spans}
        sizes = sorted(piece.size for piece in pieces)
        self.usual, self.largest = sizes[len(sizes) // 2], sizes[-1]
        amounts = {amount(t) or 0.0 for t, kind in self.kinds.items() if kind == "amount"}
        self.amounts = sorted(amounts, reverse=True)
        self.order: dict[str, int] = {}
        seen: Counter[str] = Counter()
        for text, kind in self.kinds.items():
            self.order[text] = seen[kind]
            seen[kind] += 1
        self._first_row = {row[0].page: row[0].row for row in reversed(pieces.rows)}
        self._last_row = {row[0].page: row[0].row for row in pieces.rows}

    def from_top(self, piece: Piece) -> int:
        return piece.row - self._first_row[piece.page]

    def from_bottom(self, piece: Piece) -> int:
        return self._last_row[piece.page] - piece.row

    def before(self, piece: Piece) -> Piece | None:
        """Return the piece to the left."""
        row = self.pieces.rows[piece.row]
        place = next(i for i, other in enumerate(row) if other is piece)
        return row[place - 1] if place else None

    def above(self, piece: Piece, left: float, right: float) -> Iterator[Piece]:
        """Yield the pieces above, the nearest first, a few rows up."""
        for number in range(piece.row - 1, max(piece.row - _FARTHEST_ROW, 0) - 1, -1):
            for other in self.pieces.rows[number]:
                overlaps = other.left < right and other.right > left
                if other.page == piece.page and overlaps:
                    yield other


def kind_of_text(text: str) -> str:
    """Tell what kind of text something is.

    Examples
    --------
    >>> [kind_of_text(text) for text in ("1,234.50", "5 March 2026", "RE-17", "Acme Ltd")]
    ['amount', 'date', 'code', 'Words']
    """
    if _AMOUNT.fullmatch(_SIGN.sub("", text)):
        return "amount"
    if _DATE.fullmatch(text):
        return "date"
    if text.isdigit():
        return "number"
    if any(c.isdigit() for c in text):
        return "code" if " " not in text else "mixed"
    words = [word for word in text.split() if word[:1].isalpha()]
    if not words:
        return "signs"
    return "Words" if all(word[0].isupper() for word in words) else "words"


def _said(span: Span, around: _Around) -> Iterator[str]:
    kind = around.kinds[span.text]
    yield f"kind={kind}"
    yield f"shape={_outline(span.text)}"
    yield f"length={span.last - span.first}"
    yield f"digits={min(sum(c.isdigit() for c in span.text), 9) // 2}&{kind}"
    yield from _own(span, kind)
    yield from _order(span, kind, around)
    yield from _position(span, kind, around)
    yield from _context(span, kind, around)


def _own(span: Span, kind: str) -> Iterator[str]:
    tokens, piece = span.piece.tokens, span.piece
    starts, ends = span.first == 0, span.last == len(tokens)
    yield f"whole={int(starts)}{int(ends)}&{kind}"
    if kind in ("Words", "words"):
        yield f"first={_plain(tokens[span.first].text)}"
        yield f"last={_plain(tokens[span.last - 1].text)}"
        if span.last - span.first > 1 and not tokens[span.last - 1].text.isalnum():
            yield f"last2={_plain(tokens[span.last - 2].text)}"
    after = piece.text[tokens[span.last - 1].end :][:60].split()
    yield f"after={_plain(after[0]) if after else ''}"
    glued = not ends and tokens[span.last].start == tokens[span.last - 1].end
    yield f"glued={tokens[span.last].text if glued else ''}"


def _order(span: Span, kind: str, around: _Around) -> Iterator[str]:
    yield f"order={min(around.order[span.text], 3)}&{kind}"
    if kind == "amount":
        place = around.amounts.index(amount(span.text) or 0.0)
        yield f"amount={min(place, 2)}"


def _position(span: Span, kind: str, around: _Around) -> Iterator[str]:
    piece, tokens = span.piece, span.piece.tokens
    left, right = piece.place(tokens[span.first].start, tokens[span.last - 1].end)
    top = min(int(piece.top * 8), 7)
    yield f"top={top}&{kind}"
    yield f"x={min(int((left + right) * 2), 3)}&{kind}"
    rows = min(around.from_top(piece), 4)
    yield f"row={rows}&{kind}"
    yield f"row={rows}&{int(span.first == 0 and span.last == len(tokens))}&{kind}"
    yield f"bottom={min(around.from_bottom(piece) // 2, 4)}&{kind}"
    ratio = piece.size / max(around.usual, 1e-9)
    yield f"size={min(int(ratio * 4), 10)}&{kind}"
    yield f"largest={int(piece.size >= around.largest * 0.98)}&{kind}"
    yield f"page={min(piece.page, 2)}"


def _context(span: Span, kind: str, around: _Around) -> Iterator[str]:
    piece, tokens = span.piece, span.piece.tokens
    inside = piece.text[: tokens[span.first].start]
    beside = around.before(piece)
    yield from _label("left", inside or (beside.text if beside else ""), kind)
    if inside and beside:
        yield from _label("beside", beside.text, kind)
    row = around.pieces.rows[piece.row]
    if row[0] is not piece:
        yield from _label("start", row[0].text, kind)
    left, right = piece.place(tokens[span.first].start, tokens[span.last - 1].end)
    found = list(around.above(piece, left, right))[:2]
    for name, other in zip(("above", "higher"), found, strict=False):
        yield from _label(name, other.text, kind)
    if not found:
        yield f"above=nothing&{kind}"


def _label(name: str, text: str, kind: str) -> Iterator[str]:
    """Say which words a label has, and the label as a whole; digits are all alike."""
    words = [_plain(word) for word in text[-120:].split()[-4:]]
    words = [word for word in words if word]
    whole = "_".join(words[-3:])
    yield f"{name}={whole}"
    yield f"{name}={whole}&{kind}"
    for word in words[-3:]:
        yield f"{name}~{word}"
        yield f"{name}~{word}&{kind}"
    if name == "left":
        yield f"colon={int(text.rstrip().endswith(':'))}&{kind}"


@lru_cache(4096)
def _plain(text: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[^\w]+", "", text.lower()))


@lru_cache(4096)
def _outline(text: str) -> str:
    """Return a text's outline: capitals A, letters a, digits 9, each run once."""
    drawn = re.sub(r"[^\W\d_]", lambda m: "A" if m.group().isupper() else "a", text)
    drawn = re.sub(r"\s+", "_", re.sub(r"\d", "9", drawn))
    return re.sub(r"(.)\1+", r"\1", drawn)[:16]


def _kind_of_token(text: str) -> str:
    if any(c.isdigit() for c in text):
        return "9"
    return "a" if any(c.isalpha() for c in text) else text[:1]
