"""The blocks of a paper, each in several arrangements."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from leia_nb.samples.papers.content import Content, Line
from leia_nb.samples.papers.sheet import Sheet

Pair = tuple[str, str]
_STEP = 0.5
_WIDTHS = {"pos": 0.1, "text": 0.4, "quantity": 0.12, "price": 0.19, "amount": 0.19}
_COLUMNS = {"text": 0, "quantity": 1, "price": 2, "amount": 3, "pos": 4}


def line_height(sheet: Sheet) -> float:
    """Return the distance of two lines, in mm."""
    return sheet.size * _STEP


def head(sheet: Sheet, content: Content, style: str, logo: Random | None) -> float:
    """Write who sends the paper; return where to go on, in mm.

    `style` is ``left``, ``right``, ``center``, ``band`` or ``label``; with `logo` a logo
    stands beside it.
    """
    step, width = line_height(sheet), sheet.width
    x, to = {"right": (width - 18, "R"), "center": (width / 2, "C")}.get(style, (18.0, "L"))
    y = 22.0
    if logo is not None:
        size = logo.uniform(14, 24)
        place = {"right": 18.0, "center": width - 20 - size, "band": width - 20 - size}
        sheet.logo(logo, place.get(style, width - 22 - size), 10, size)
    if style == "label":
        sheet.text(x, y, f"{content.label['from']}:", bold=True)
        y += step
    large = 1.0 if style == "label" else 1.5
    sheet.text(x, y, content.sender, scale=large, bold=style != "label", to=to)
    address = content.sender_address
    if style == "band":
        sheet.text(x, y + step * 1.3, " · ".join(address), scale=0.8)
        sheet.rule(y + step * 2, 18, width - 18)
        return y + step * 3.5
    for number, text in enumerate([*address, f"{content.label['phone']} {content.phone}"]):
        sheet.text(x, y + step * (number + 1.3), text, to=to)
    return y + step * 6


def receiver(sheet: Sheet, content: Content, x: float, y: float, *, labelled: bool) -> float:
    """Write whom the paper is for; return where to go on."""
    step = line_height(sheet)
    first = [f"{content.label['to']}:"] if labelled else []
    texts = [*first, content.receiver, *content.receiver_address]
    for number, text in enumerate(texts):
        sheet.text(x, y + step * number, text, bold=labelled and number == 0)
    return y + step * (len(texts) + 1)


def facts(sheet: Sheet, pairs: Sequence[Pair], style: str, x: float, y: float) -> float:
    """Write labels and values; return where to go on.

    `style` is ``inline`` (Label: value), ``columns`` (labels left, values in a column of
    their own), ``across`` (labels in one row, values in the next), ``stacked`` (each value
    below its label) or ``line`` (all in one line).
    """
    step = line_height(sheet)
    if style == "inline":
        for number, (label, value) in enumerate(pairs):
            sheet.text(x, y + step * number, f"{label}: {value}")
        return y + step * (len(pairs) + 1)
    if style == "columns":
        for number, (label, value) in enumerate(pairs):
            sheet.text(x, y + step * number, label)
            sheet.text(min(x + 78, sheet.width - 10), y + step * number, value, to="R")
        return y + step * (len(pairs) + 1)
    if style == "across":
        wide = (sheet.width - 36) / len(pairs)
        for number, (label, value) in enumerate(pairs):
            sheet.text(18 + wide * number, y, label, scale=0.85, bold=True)
            sheet.text(18 + wide * number, y + step, value)
        return y + step * 3
    if style == "stacked":
        for number, (label, value) in enumerate(pairs):
            sheet.text(x, y + step * 2.2 * number, label, scale=0.8)
            sheet.text(x, y + step * (2.2 * number + 0.95), value, bold=True)
        return y + step * (2.2 * len(pairs) + 1)
    sheet.text(18, y, "   ".join(f"{label} {value}" for label, value in pairs), scale=0.9)
    return y + step * 2


def table(sheet: Sheet, content: Content, columns: Sequence[str], left: float, y: float) -> float:
    """Write the lines of goods below the names of their columns; return where to go on."""
    step, right = line_height(sheet), sheet.width - left
    share = sum(_WIDTHS[name] for name in columns)
    rows = [[content.columns[_COLUMNS[name]] for name in columns]]
    for number, line in enumerate(content.lines):
        rows.append([_cell(content, line, number, name) for name in columns])
    for number, cells in enumerate(rows):
        x = left
        for name, cell in zip(columns, cells, strict=True):
            wide = (right - left) * _WIDTHS[name] / share
            numeric = name in ("price", "amount")
            place, to = (x + wide - 2, "R") if numeric else (x, "L")
            sheet.text(place, y + step * number * 1.2, cell, bold=number == 0, to=to)
            x += wide
    sheet.rule(y + 1.5, left, right)
    end = y + step * 1.2 * len(rows)
    sheet.rule(end - step * 0.6, left, right)
    return end + step * 0.6


def totals(sheet: Sheet, content: Content, style: str, left: float, y: float) -> float:
    """Write net amount, tax and total; return where to go on.

    `style` is ``right`` (a column at the right), ``left`` (labels at the left margin),
    ``boxed`` (the total below its label), ``above`` (the total first) or ``plain`` (the
    total only, in a sentence's place).
    """
    step, right, money = line_height(sheet), sheet.width - left, content.writer.money
    said, label = content.label, content.label["total"]
    rows = [
        (said["net"], money(content.net)),
        (f"{said['tax']} {content.rate} %", money(content.tax)),
    ]
    total = (label, money(content.total))
    if style == "boxed":
        y = facts(sheet, rows, "columns", right - 78, y)
        sheet.text(right, y, label, scale=0.85, to="R")
        sheet.text(right, y + step * 1.3, total[1], scale=1.4, bold=True, to="R")
        return y + step * 3
    if style == "plain":
        sheet.text(left, y, f"{label}: {total[1]}", bold=True)
        return y + step * 2
    rows = [total, *rows] if style == "above" else [*rows, total]
    start = left if style == "left" else right - min(78, right - left)
    for number, (name, amount) in enumerate(rows):
        strong = name == label
        sheet.text(start, y + step * 1.1 * number, name, bold=strong)
        end = start + min(78, right - left)
        sheet.text(end, y + step * 1.1 * number, amount, bold=strong, to="R")
    return y + step * (1.1 * len(rows) + 1)


def _cell(content: Content, line: Line, number: int, column: str) -> str:
    return {
        "pos": str(number + 1),
        "text": line.text,
        "quantity": str(line.quantity),
        "price": content.writer.number(line.price),
        "amount": content.writer.number(line.amount),
    }[column]
