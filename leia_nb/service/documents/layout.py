"""Text with its place on a page: words, lines, blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SAME_ROW = 0.5
_WIDE_GAP = 1.5
_NEXT_LINE = 1.0
_SAME_FONT = 1.6


@dataclass(frozen=True)
class Box:
    """A rectangle, in fractions of the page's width and height, as an annotation `BOX` has it.

    Parameters
    ----------
    x, y : float
        Its left upper corner, from the page's left upper corner, 0 to 1.
    width, height : float
        Its size, 0 to 1.
    """

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends on the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height


@dataclass(frozen=True)
class Word:
    """A word.

    Parameters
    ----------
    text : str
        What it reads.
    box : Box
        Where it is.
    score : float or None
        How sure OCR is of it, 0 to 1; None if the document itself says it.
    """

    text: str
    box: Box
    score: float | None = None


@dataclass(frozen=True)
class Line:
    """Words next to each other.

    Parameters
    ----------
    text : str
        What it reads, with its spaces.
    box : Box
        Where it is.
    words : tuple of Word
        From left to right.
    score : float or None
        How sure OCR is of it, 0 to 1.
    """

    text: str
    box: Box
    words: tuple[Word, ...]
    score: float | None = None


@dataclass(frozen=True)
class Block:
    """Lines below each other that belong together.

    Parameters
    ----------
    lines : tuple of Line
        From top to bottom.
    """

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """What it reads, a line per line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def box(self) -> Box:
        """Where it is."""
        return around(line.box for line in self.lines)


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around others, of which there is at least one.

    Examples
    --------
    >>> around([Box(0.25, 0.25, 0.25, 0.25), Box(0.5, 0.5, 0.25, 0.25)])
    Box(x=0.25, y=0.25, width=0.5, height=0.5)
    """
    all_ = list(boxes)
    x, y = min(box.x for box in all_), min(box.y for box in all_)
    right, bottom = max(box.right for box in all_), max(box.bottom for box in all_)
    return Box(x, y, right - x, bottom - y)


def lines_of(words: Sequence[Word], aspect: float) -> list[Line]:
    """Cut a row of words into lines where a gap is wide, as between columns.

    Parameters
    ----------
    words : sequence of Word
        Words of one row, in reading order.
    aspect : float
        The page's width divided by its height.

    Returns
    -------
    list of Line
        A gap of more than one and a half times the words' height ends a line.
    """
    parts: list[list[Word]] = []
    for word in words:
        last = parts[-1][-1].box if parts else None
        if last is None or not _is_near(last, word.box, aspect):
            parts.append([])
        parts[-1].append(word)
    return [
        Line(" ".join(w.text for w in part), around(w.box for w in part), tuple(part))
        for part in parts
    ]


def blocks_of(lines: Iterable[Line]) -> list[Block]:
    """Put lines together that stand below each other, closely and in like height.

    Parameters
    ----------
    lines : iterable of Line
        The lines of a page, in any order.

    Returns
    -------
    list of Block
        From top to bottom, then from left to right.
    """
    done: list[list[Line]] = []
    growing: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.box.y, one.box.x)):
        near = [b for b in growing if line.box.y - b[-1].box.bottom <= 2 * b[-1].box.height]
        fitting = next((block for block in near if _continues(block[-1].box, line.box)), None)
        if fitting is None:
            fitting = []
            done.append(fitting)
            near.append(fitting)
        fitting.append(line)
        growing = near
    blocks = [Block(tuple(block)) for block in done]
    return sorted(blocks, key=lambda block: (block.box.y, block.box.x))


def rows_text(lines: Iterable[Line]) -> str:
    """Return the text of a page row by row.

    Parameters
    ----------
    lines : iterable of Line
        The lines of a page, in any order.

    Returns
    -------
    str
        Lines at the same height are joined by a space, rows by a newline.
    """
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box.y + one.box.height / 2):
        if rows and all(_shares_row(other.box, line.box) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    in_order = (sorted(row, key=lambda one: one.box.x) for row in rows)
    return "\n".join(" ".join(line.text for line in row) for row in in_order)


def _is_near(left: Box, right: Box, aspect: float) -> bool:
    gap = (right.x - left.right) * aspect
    return gap <= _WIDE_GAP * max(left.height, right.height) and _is_beside(left, right)


def _shares_row(one: Box, other: Box) -> bool:
    """Tell whether boxes are at one height, and not above each other as in a skewed scan."""
    overlap = min(one.right, other.right) - max(one.x, other.x)
    return _is_beside(one, other) and overlap < _SAME_ROW * min(one.width, other.width)


def _is_beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.y, other.y)
    return shared >= _SAME_ROW * min(one.height, other.height)


def _continues(last: Box, line: Box) -> bool:
    small, large = sorted((last.height, line.height))
    gap = line.y - last.bottom
    overlaps = min(last.right, line.right) > max(last.x, line.x)
    return (
        overlaps and -_SAME_ROW * small <= gap <= _NEXT_LINE * small and large <= _SAME_FONT * small
    )
