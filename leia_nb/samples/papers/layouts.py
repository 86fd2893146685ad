"""The layouts of papers: which block stands where; those to test on are others."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from leia_nb.samples.papers import blocks, vocabulary
from leia_nb.samples.papers.content import Content
from leia_nb.samples.papers.sheet import Sheet


@dataclass(frozen=True)
class Layout:
    """How the blocks of a paper are arranged; the words are those of `blocks`.

    Parameters
    ----------
    head, facts, totals : str
        The arrangements of these blocks.
    columns : str
        The columns of the goods' table, in their order.
    font : str
        The font.
    size : float
        Size of plain text, in points.
    beside : bool
        Whether the facts stand beside the receiver, or below.
    """

    head: str
    facts: str
    totals: str
    columns: str
    font: str
    size: float
    beside: bool = False


_ALL = "text quantity price amount"
TRAIN = (
    Layout("left", "inline", "right", _ALL, "helvetica", 10),
    Layout("right", "columns", "right", "pos text quantity price amount", "helvetica", 9, True),
    Layout("center", "across", "boxed", "quantity text price amount", "times", 11),
    Layout("band", "stacked", "right", "text price quantity amount", "helvetica", 9.5, True),
    Layout("left", "columns", "left", "pos quantity text amount", "courier", 9, True),
    Layout("label", "inline", "above", _ALL, "times", 11, True),
    Layout("right", "line", "plain", "text quantity amount", "courier", 9),
    Layout("band", "across", "left", "quantity text amount", "helvetica", 10),
    Layout("center", "inline", "boxed", "pos text price amount", "times", 10),
    Layout("label", "stacked", "plain", "text amount", "helvetica", 10),
)
TEST = (
    Layout("left", "stacked", "boxed", "quantity price text amount", "times", 10.5, True),
    Layout("right", "across", "above", "text amount quantity", "helvetica", 9),
    Layout("center", "columns", "right", "pos amount text", "courier", 8.5),
    Layout("band", "inline", "plain", "pos quantity price text amount", "times", 11.5, True),
    Layout("label", "across", "left", "text price amount", "courier", 9),
    Layout("band", "line", "right", _ALL, "helvetica", 9),
)


def draw(content: Content, layout: Layout, random: Random) -> Sheet:
    """Lay a paper out."""
    return {"invoice": _invoice, "receipt": _receipt, "letter": _letter}[content.kind](
        content, layout, random
    )


def _invoice(content: Content, layout: Layout, random: Random) -> Sheet:
    sheet = Sheet(210, 297, layout.font, layout.size)
    step = blocks.line_height(sheet)
    y = blocks.head(sheet, content, layout.head, random if random.random() < 0.85 else None)
    below = blocks.receiver(sheet, content, 18, y, labelled=random.random() < 0.5)
    pairs = _facts(content, random)
    if layout.beside and layout.facts != "line":
        below = max(below, blocks.facts(sheet, pairs, layout.facts, 115, y))
    sheet.text(18, below + step, content.title, scale=1.6, bold=True)
    y = below + step * 3
    if not layout.beside or layout.facts == "line":
        y = blocks.facts(sheet, pairs, layout.facts, 18, y)
    y = blocks.table(sheet, content, layout.columns.split(), 18, y + step)
    y = blocks.totals(sheet, content, layout.totals, 18, y)
    if random.random() < 0.5:
        sheet.stamp(
            random, random.uniform(25, 130), y + random.uniform(8, 40), content.label["stamp"]
        )
    elif random.random() < 0.4:
        sheet.signature(random, random.uniform(25, 120), y + 20)
    sheet.text(105, 285, f"{content.sender_address[0]} · {content.phone}", scale=0.75, to="C")
    return sheet


def _facts(content: Content, random: Random) -> list[blocks.Pair]:
    said, writer = content.label, content.writer
    pairs = [(said["invoice"], content.number), (said["date"], writer.date(content.day))]
    if random.random() < 0.7:
        pairs.append((said["due"], writer.date(content.due)))
    if random.random() < 0.6:
        pairs.append((said["customer"], content.customer))
    if random.random() < 0.5:
        pairs[0], pairs[1] = pairs[1], pairs[0]
    return pairs


def _receipt(content: Content, layout: Layout, random: Random) -> Sheet:
    sheet = Sheet(100, 170, layout.font, layout.size * 0.8)
    step, left = blocks.line_height(sheet), 8
    y = 14.0
    if random.random() < 0.5:
        size = random.uniform(10, 14)
        sheet.logo(random, 50 - size / 2, 5, size)
        y += size
    centred = layout.head in ("center", "band", "right")
    x, to = (50, "C") if centred else (left, "L")
    sheet.text(x, y, content.sender, scale=1.3, bold=True, to=to)
    for number, text in enumerate([*content.sender_address, content.phone]):
        sheet.text(x, y + step * (number + 1.2), text, to=to)
    y += step * 5.5
    said = content.label
    pairs = [(said["receipt"], content.number), (said["day"], content.writer.date(content.day))]
    style = layout.facts if layout.facts in ("inline", "columns", "stacked") else "inline"
    if not layout.beside:
        y = blocks.facts(sheet, pairs, style, left, y)
    columns = [name for name in layout.columns.split() if name not in ("pos", "price")]
    y = blocks.table(sheet, content, columns, left, y + step)
    y = blocks.totals(sheet, content, layout.totals, left, y)
    sheet.text(left, y, f"{said['paid']}")
    y += step * 2
    if layout.beside:
        y = blocks.facts(sheet, pairs[::-1], style, left, y)
    if random.random() < 0.4:
        sheet.stamp(random, random.uniform(10, 50), min(y + 5, 148), said["stamp"])
    return sheet


def _letter(content: Content, layout: Layout, random: Random) -> Sheet:
    sheet = Sheet(210, 297, layout.font, layout.size * 1.1)
    step, said = blocks.line_height(sheet), content.label
    y = blocks.head(sheet, content, layout.head, random if random.random() < 0.8 else None)
    below = blocks.receiver(sheet, content, 18, y, labelled=False)
    day = content.writer.date(content.day)
    town = content.sender_address[1].split(" ", 1)[1]
    if layout.facts in ("inline", "line"):
        sheet.text(192, below, f"{town}, {day}", to="R")
        sheet.text(18, below + step, f"{said['letter']}: {content.number}")
    else:
        pairs = [(said["letter"], content.number), (said["date"], day)]
        below = blocks.facts(sheet, pairs, layout.facts, 18 if not layout.beside else 115, below)
    greeting, close = vocabulary.GREETINGS[content.language]
    y = below + step * 3
    sheet.text(18, y, content.subject, bold=True)
    for number, text in enumerate([greeting, *content.sentences, close]):
        sheet.text(18, y + step * (number * 1.6 + 2), text)
    y += step * ((len(content.sentences) + 2) * 1.6 + 1)
    if random.random() < 0.85:
        sheet.signature(random, random.uniform(18, 40), y)
    sheet.text(18, y + 22, content.person)
    if random.random() < 0.3:
        sheet.stamp(random, random.uniform(110, 150), y + random.uniform(0, 20), said["stamp"])
    return sheet
