"""The layouts of papers: the arrangement of their blocks; test papers have their own layouts."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from leia_nb.samples.papers import blocks
from leia_nb.samples.papers.content import Content
from leia_nb.samples.papers.sheet import Sheet


@dataclass(frozen=True)
class Layout:
    """The styles of the blocks of a paper, see `blocks`."""

    header: str
    details: str
    totals: str
    columns: str
    font: str
    size: float  # of normal text, in points
    two_columns: bool = False  # the details are to the right of the recipient


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
    """Draw a paper in a layout."""
    return {"invoice": _invoice, "receipt": _receipt, "letter": _letter}[content.kind](
        content, layout, random
    )


def _invoice(content: Content, layout: Layout, random: Random) -> Sheet:
    sheet = Sheet(210, 297, layout.font, layout.size)
    step = sheet.line_height
    y = blocks.header(sheet, content, layout.header, random if random.random() < 0.85 else None)
    below = blocks.recipient(sheet, content, y, labelled=random.random() < 0.5)
    pairs = _invoice_details(content, random)
    two_columns = layout.two_columns and layout.details != "line"
    if two_columns:
        below = max(below, blocks.details(sheet, pairs, layout.details, 115, y))
    sheet.text(18, below + step, content.title, scale=1.6, bold=True)
    y = below + step * 3
    if not two_columns:
        y = blocks.details(sheet, pairs, layout.details, 18, y)
    y = blocks.table(sheet, content, layout.columns.split(), 18, y + step)
    y = blocks.totals(sheet, content, layout.totals, 18, y)
    if random.random() < 0.5:
        x, top = random.uniform(25, 130), y + random.uniform(8, 40)
        sheet.stamp(random, x, top, content.labels["stamp"])
    elif random.random() < 0.4:
        sheet.signature(random, random.uniform(25, 120), y + 20)
    footer = f"{content.sender_address[0]} · {content.phone}"
    sheet.text(105, 285, footer, scale=0.75, align="C")
    return sheet


def _invoice_details(content: Content, random: Random) -> list[blocks.Pair]:
    labels, date = content.labels, content.format.date
    pairs = [(labels["invoice"], content.number), (labels["date"], date(content.day))]
    if random.random() < 0.7:
        pairs.append((labels["due"], date(content.due)))
    if random.random() < 0.6:
        pairs.append((labels["customer"], content.customer))
    if random.random() < 0.5:
        pairs[0], pairs[1] = pairs[1], pairs[0]
    return pairs


def _receipt(content: Content, layout: Layout, random: Random) -> Sheet:
    sheet = Sheet(100, 170, layout.font, layout.size * 0.8)
    step, labels, left, y = sheet.line_height, content.labels, 8, 14.0
    if random.random() < 0.5:
        size = random.uniform(10, 14)
        sheet.logo(random, 50 - size / 2, 5, size)
        y += size
    centered = layout.header in ("center", "band", "right")
    x, align = (50, "C") if centered else (left, "L")
    sheet.text(x, y, content.sender, scale=1.3, bold=True, align=align)
    sheet.lines(x, y + step * 1.2, [*content.sender_address, content.phone], align=align)
    y += step * 5.5
    day = content.format.date(content.day)
    pairs = [(labels["receipt"], content.number), (labels["day"], day)]
    style = layout.details if layout.details in ("inline", "columns", "stacked") else "inline"
    if not layout.two_columns:
        y = blocks.details(sheet, pairs, style, left, y)
    columns = [name for name in layout.columns.split() if name not in ("pos", "price")]
    y = blocks.table(sheet, content, columns, left, y + step)
    y = blocks.totals(sheet, content, layout.totals, left, y)
    sheet.text(left, y, labels["paid"])
    y += step * 2
    if layout.two_columns:
        y = blocks.details(sheet, pairs[::-1], style, left, y)
    if random.random() < 0.4:
        sheet.stamp(random, random.uniform(10, 50), min(y + 5, 148), labels["stamp"])
    return sheet


def _letter(content: Content, layout: Layout, random: Random) -> Sheet:
    sheet = Sheet(210, 297, layout.font, layout.size * 1.1)
    step, labels = sheet.line_height, content.labels
    y = blocks.header(sheet, content, layout.header, random if random.random() < 0.8 else None)
    below = blocks.recipient(sheet, content, y, labelled=False)
    day = content.format.date(content.day)
    if layout.details in ("inline", "line"):
        town = content.sender_address[1].split(" ", 1)[1]
        sheet.text(192, below, f"{town}, {day}", align="R")
        sheet.text(18, below + step, f"{labels['letter']}: {content.number}")
    else:
        pairs = [(labels["letter"], content.number), (labels["date"], day)]
        x = 115 if layout.two_columns else 18
        below = blocks.details(sheet, pairs, layout.details, x, below)
    y = below + step * 3
    sheet.text(18, y, content.subject, bold=True)
    sheet.lines(18, y + step * 2, content.paragraphs, spacing=1.6)
    y += step * (len(content.paragraphs) * 1.6 + 1)
    if random.random() < 0.85:
        sheet.signature(random, random.uniform(18, 40), y)
    sheet.text(18, y + 22, content.person)
    if random.random() < 0.3:
        sheet.stamp(random, random.uniform(110, 150), y + random.uniform(0, 20), labels["stamp"])
    return sheet
