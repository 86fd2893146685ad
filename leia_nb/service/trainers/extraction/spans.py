"""Spans of text that may be a value, and their features.

Features are words such as `kind=amount` or `left=invoice`, the input of a text vectorizer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count

from leia_nb.service.trainers.extraction.text_segments import Segment, SegmentedText

Shape = tuple[str, str, int]
_AMOUNT = re.compile(r"(?:\d{1,3}(?:[.,'’ ]\d{3})+|\d+)[.,]\d{2}")
_DATE = re.compile(
    r"\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-](?:\d{4}|\d\d)"
    r"|\d\d?\.? (?:de )?[^\W\d]{3,12}\.? (?:de )?\d{4}|[^\W\d]{3,12}\.? \d\d?,? \d{4}"
)
_CURRENCY = re.compile(r"[$€£¥]")
_FARTHEST_ROW = 3
MOST_LENGTH = 12


@dataclass(frozen=True)
class Span:
    """Adjacent tokens of a segment, from `first` to before `last`."""

    segment: Segment
    first: int
    last: int

    @cached_property
    def text(self) -> str:
        """The text."""
        tokens = self.segment.tokens
        return self.segment.text[tokens[self.first].start : tokens[self.last - 1].end]

    @property
    def shape(self) -> Shape:
        """The kinds of the first and the last token, and the number of tokens."""
        tokens = self.segment.tokens
        ends = _token_kind(tokens[self.first].text), _token_kind(tokens[self.last - 1].text)
        return (*ends, self.last - self.first)


def amount(text: str) -> float | None:
    """Parse an amount in any usual notation; None if it is something else.

    Examples
    --------
    >>> amount("1.234,50"), amount("$1,234.50"), amount("12"), amount("a")
    (1234.5, 1234.5, 12.0, None)
    """
    digits = re.sub(r"[\s'’]", "", _CURRENCY.sub("", text))
    if not re.fullmatch(r"-?\d[\d.,]{0,20}", digits):
        return None
    whole, _, cents = re.sub(r"[.,](\d{1,2})$", r"!\1", digits).partition("!")
    return float(f"{re.sub('[.,]', '', whole)}.{cents or 0}")


def candidates(segments: SegmentedText, shapes: Collection[Shape]) -> Iterator[Span]:
    """Yield the spans that have the shape of a known value, of at most 12 tokens."""
    longest: dict[tuple[str, str], int] = {}
    for start, end, length in shapes:
        longest[start, end] = max(length, longest.get((start, end), 0))
    most = min(max(longest.values(), default=0), MOST_LENGTH)
    for segment in segments:
        kinds = [_token_kind(token.text) for token in segment.tokens]
        for first in range(len(kinds)):
            for last in range(first + 1, min(first + most, len(kinds)) + 1):
                if longest.get((kinds[first], kinds[last - 1]), 0) >= last - first:
                    yield Span(segment, first, last)


def features(segments: SegmentedText, spans: Sequence[Span]) -> list[str]:
    """Return the features of spans, separated by blanks; empty without spans."""
    if not spans:
        return []
    context = _Context(segments, spans)
    return [" ".join(_features(span, context)) for span in spans]


class _Context:
    """What the features of all spans of a document have in common."""

    def __init__(self, segments: SegmentedText, spans: Sequence[Span]) -> None:
        self.segments = segments
        self.kinds = {span.text: text_kind(span.text) for span in spans}
        sizes = sorted(segment.size for segment in segments)
        self.usual, self.largest = sizes[len(sizes) // 2], sizes[-1]
        amounts = {amount(t) or 0.0 for t, kind in self.kinds.items() if kind == "amount"}
        self.amounts = sorted(amounts, reverse=True)
        numbers: defaultdict[str, Iterator[int]] = defaultdict(count)
        self.order = {text: next(numbers[kind]) for text, kind in self.kinds.items()}
        self.first_row = {row[0].page: row[0].row for row in reversed(segments.rows)}
        self.last_row = {row[0].page: row[0].row for row in segments.rows}

    def above(self, segment: Segment, left: float, right: float) -> Iterator[Segment]:
        """Yield the segments up to three rows above, the nearest first."""
        for number in range(segment.row - 1, max(segment.row - _FARTHEST_ROW, 0) - 1, -1):
            for other in self.segments.rows[number]:
                overlaps = other.left < right and other.right > left
                if other.page == segment.page and overlaps:
                    yield other


def text_kind(text: str) -> str:
    """Classify a text by its characters.

    Examples
    --------
    >>> [text_kind(text) for text in ("1,234.50", "5 March 2026", "RE-17", "Acme Ltd")]
    ['amount', 'date', 'code', 'Words']
    """
    if _AMOUNT.fullmatch(_CURRENCY.sub("", text)):
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


def _features(span: Span, context: _Context) -> Iterator[str]:
    kind = context.kinds[span.text]
    yield f"kind={kind}"
    yield f"shape={_outline(span.text)}"
    yield f"length={span.last - span.first}"
    yield f"digits={min(sum(c.isdigit() for c in span.text), 9) // 2}&{kind}"
    yield from _own(span, kind)
    yield f"order={min(context.order[span.text], 3)}&{kind}"
    if kind == "amount":
        yield f"amount={min(context.amounts.index(amount(span.text) or 0.0), 2)}"
    yield from _position(span, kind, context)
    yield from _neighbors(span, kind, context)


def _own(span: Span, kind: str) -> Iterator[str]:
    tokens, segment = span.segment.tokens, span.segment
    starts, ends = span.first == 0, span.last == len(tokens)
    yield f"whole={int(starts)}{int(ends)}&{kind}"
    if kind in ("Words", "words"):
        yield f"first={_plain(tokens[span.first].text)}"
        yield f"last={_plain(tokens[span.last - 1].text)}"
        if span.last - span.first > 1 and not tokens[span.last - 1].text.isalnum():
            yield f"last2={_plain(tokens[span.last - 2].text)}"
    after = segment.text[tokens[span.last - 1].end :][:60].split()
    yield f"after={_plain(after[0]) if after else ''}"
    glued = not ends and tokens[span.last].start == tokens[span.last - 1].end
    yield f"glued={tokens[span.last].text if glued else ''}"


def _position(span: Span, kind: str, context: _Context) -> Iterator[str]:
    segment, tokens = span.segment, span.segment.tokens
    left, right = segment.position(tokens[span.first].start, tokens[span.last - 1].end)
    top = min(int(segment.top * 8), 7)
    yield f"top={top}&{kind}"
    yield f"x={min(int((left + right) * 2), 3)}&{kind}"
    rows = min(segment.row - context.first_row[segment.page], 4)
    yield f"row={rows}&{kind}"
    yield f"row={rows}&{int(span.first == 0 and span.last == len(tokens))}&{kind}"
    yield f"bottom={min((context.last_row[segment.page] - segment.row) // 2, 4)}&{kind}"
    ratio = segment.size / max(context.usual, 1e-9)
    yield f"size={min(int(ratio * 4), 10)}&{kind}"
    yield f"largest={int(segment.size >= context.largest * 0.98)}&{kind}"
    yield f"page={min(segment.page, 2)}"


def _neighbors(span: Span, kind: str, context: _Context) -> Iterator[str]:
    segment, tokens = span.segment, span.segment.tokens
    row = context.segments.rows[segment.row]
    index = next(i for i, other in enumerate(row) if other is segment)
    inside = segment.text[: tokens[span.first].start]
    beside = row[index - 1].text if index else ""
    yield from _label("left", inside or beside, kind)
    if inside and index:
        yield from _label("beside", beside, kind)
    if index:
        yield from _label("start", row[0].text, kind)
    left, right = segment.position(tokens[span.first].start, tokens[span.last - 1].end)
    above = list(context.above(segment, left, right))[:2]
    for name, other in zip(("above", "higher"), above, strict=False):
        yield from _label(name, other.text, kind)
    if not above:
        yield f"above=nothing&{kind}"


def _label(name: str, text: str, kind: str) -> Iterator[str]:
    """Yield each word of a label and the whole label, with every digit replaced by the same one."""
    plain = [_plain(word) for word in text[-120:].split()[-4:]]
    words = [word for word in plain if word][-3:]
    for feature in (f"{name}={'_'.join(words)}", *(f"{name}~{word}" for word in words)):
        yield feature
        yield f"{feature}&{kind}"
    if name == "left":
        yield f"colon={int(text.rstrip().endswith(':'))}&{kind}"


@lru_cache(4096)
def _plain(text: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[^\w]+", "", text.lower()))


@lru_cache(4096)
def _outline(text: str) -> str:
    """Return an outline of a text: A, a or 9 for each run of capitals, letters or digits."""
    outline = re.sub(r"[^\W\d_]", lambda m: "A" if m.group().isupper() else "a", text)
    outline = re.sub(r"\s+", "_", re.sub(r"\d", "9", outline))
    return re.sub(r"(.)\1+", r"\1", outline)[:16]


def _token_kind(text: str) -> str:
    if any(c.isdigit() for c in text):
        return "9"
    return "a" if any(c.isalpha() for c in text) else text[:1]
