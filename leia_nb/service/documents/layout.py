"""Text with its position on a page: words, lines and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SAME_ROW = 0.5
_WIDE_GAP = 1.5
_NEXT_LINE = 1.0
_SAME_FONT = 1.6


@dataclass(frozen=True)
class Box:
    """A rectangle in fractions of the page, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height

    def intersection(self, other: Box) -> float:
        """Return the area that two boxes share.

        Examples
        --------
        >>> Box(0, 0, 0.5, 1).intersection(Box(0.25, 0.5, 1, 1))
        0.125
        """
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(across, 0.0) * max(down, 0.0)

    def rounded(self, digits: int) -> dict[str, float]:
        """Return the rounded fields by name."""
        return {name: round(value, digits) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Word:
    """A word; `score` is the confidence of the OCR, None if the text is the document's own."""

    text: str
    box: Box
    score: float | None = None


@dataclass(frozen=True)
class Line(Word):
    """Words side by side, from left to right."""

    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Block:
    """Lines below each other that belong together."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The text, with a newline after every line but the last."""
        return "\n".join(line.text for line in self.lines)

    @property
    def box(self) -> Box:
        """The smallest box around the lines."""
        return bounding_box(line.box for line in self.lines)


def bounding_box(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around at least one other.

    Examples
    --------
    >>> bounding_box([Box(0.25, 0.25, 0.25, 0.25), Box(0.5, 0.5, 0.25, 0.25)])
    Box(x=0.25, y=0.25, width=0.5, height=0.5)
    """
    all_ = list(boxes)
    x, y = min(box.x for box in all_), min(box.y for box in all_)
    right, bottom = max(box.right for box in all_), max(box.bottom for box in all_)
    return Box(x, y, right - x, bottom - y)


def split_row(words: Sequence[Word], aspect: float) -> list[Line]:
    """Split a row of words into lines at wide gaps, as between columns.

    `aspect` is the width of the page divided by its height.
    """
    parts: list[list[Word]] = []
    for word in words:
        if not parts or not _is_near(parts[-1][-1].box, word.box, aspect):
            parts.append([])
        parts[-1].append(word)
    return [
        Line(
            " ".join(word.text for word in part),
            bounding_box(word.box for word in part),
            words=tuple(part),
        )
        for part in parts
    ]


def group_blocks(lines: Iterable[Line]) -> list[Block]:
    """Group the lines of a page, in any order, that are close below each other and equally high.

    The blocks are ordered from top to bottom, then from left to right.
    """
    groups: list[list[Line]] = []
    open_groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box.y, line.box.x)):
        near = [g for g in open_groups if line.box.y - g[-1].box.bottom <= 2 * g[-1].box.height]
        group = next((group for group in near if _continues(group[-1].box, line.box)), None)
        if group is None:
            group = []
            groups.append(group)
            near.append(group)
        group.append(line)
        open_groups = near
    blocks = [Block(tuple(group)) for group in groups]
    return sorted(blocks, key=lambda block: (block.box.y, block.box.x))


def rows_text(lines: Iterable[Line]) -> str:
    """Return the text of a page row by row: a space between lines at equal height."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.y + line.box.height / 2):
        if rows and all(_is_same_row(other.box, line.box) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered = (sorted(row, key=lambda line: line.box.x) for row in rows)
    return "\n".join(" ".join(line.text for line in row) for row in ordered)


def _is_near(left: Box, right: Box, aspect: float) -> bool:
    gap = (right.x - left.right) * aspect
    return gap <= _WIDE_GAP * max(left.height, right.height) and _is_beside(left, right)


def _is_same_row(box: Box, other: Box) -> bool:
    # In a skewed scan, lines at almost equal height may be above each other.
    overlap = min(box.right, other.right) - max(box.x, other.x)
    return _is_beside(box, other) and overlap < _SAME_ROW * min(box.width, other.width)


def _is_beside(box: Box, other: Box) -> bool:
    shared = min(box.bottom, other.bottom) - max(box.y, other.y)
    return shared >= _SAME_ROW * min(box.height, other.height)


def _continues(last: Box, line: Box) -> bool:
    small, large = sorted((last.height, line.height))
    gap = line.y - last.bottom
    overlaps = min(last.right, line.right) > max(last.x, line.x)
    return (
        overlaps and -_SAME_ROW * small <= gap <= _NEXT_LINE * small and large <= _SAME_FONT * small
    )
