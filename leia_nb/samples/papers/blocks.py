"""The blocks of a paper, each in several styles; every function returns where the block ends."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from leia_nb.samples.papers.content import Content
from leia_nb.samples.papers.sheet import Sheet

Pair = tuple[str, str]
_MARGIN = 18.0
_COLUMN_WIDTHS = {"pos": 0.1, "text": 0.4, "quantity": 0.12, "price": 0.19, "amount": 0.19}
_NARROW_BLOCK = 78  # mm


def header(sheet: Sheet, content: Content, style: str, logo: Random | None) -> float:
    """Draw the sender, and a logo if `logo` is given.

    `style` is ``left``, ``right``, ``center``, ``band`` or ``label``.
    """
    step, width = sheet.line_height, sheet.width
    x, align = {"right": (width - _MARGIN, "R"), "center": (width / 2, "C")}.get(
        style, (_MARGIN, "L")
    )
    y = 22.0
    if logo is not None:
        size = logo.uniform(14, 24)
        left = {"right": _MARGIN, "center": width - 20 - size, "band": width - 20 - size}
        sheet.logo(logo, left.get(style, width - 22 - size), 10, size)
    if style == "label":
        sheet.text(x, y, f"{content.labels['from']}:", bold=True)
        y += step
        sheet.text(x, y, content.sender, align=align)
    else:
        sheet.text(x, y, content.sender, scale=1.5, bold=True, align=align)
    address = content.sender_address
    if style == "band":
        sheet.text(x, y + step * 1.3, " · ".join(address), scale=0.8)
        sheet.rule(y + step * 2, _MARGIN, width - _MARGIN)
        return y + step * 3.5
    phone = f"{content.labels['phone']} {content.phone}"
    sheet.lines(x, y + step * 1.3, [*address, phone], align=align)
    return y + step * 6


def recipient(sheet: Sheet, content: Content, y: float, *, labelled: bool) -> float:
    """Draw the recipient."""
    if labelled:
        sheet.text(_MARGIN, y, f"{content.labels['to']}:", bold=True)
        y += sheet.line_height
    lines = [content.recipient, *content.recipient_address]
    return sheet.lines(_MARGIN, y, lines) + sheet.line_height


def details(sheet: Sheet, pairs: Sequence[Pair], style: str, x: float, y: float) -> float:
    """Draw labels and values.

    `style` is ``inline`` (label: value), ``columns`` (labels at the left, values at the right),
    ``across`` (labels in one row, values in the next), ``stacked`` (each value below its label)
    or ``line`` (everything in one line).
    """
    step = sheet.line_height
    if style == "inline":
        return sheet.lines(x, y, [f"{label}: {value}" for label, value in pairs]) + step
    if style == "columns":
        right = min(x + _NARROW_BLOCK, sheet.width - 10)
        for number, (label, value) in enumerate(pairs):
            sheet.text(x, y + step * number, label)
            sheet.text(right, y + step * number, value, align="R")
        return y + step * (len(pairs) + 1)
    if style == "across":
        width = (sheet.width - 2 * _MARGIN) / len(pairs)
        for number, (label, value) in enumerate(pairs):
            sheet.text(_MARGIN + width * number, y, label, scale=0.85, bold=True)
            sheet.text(_MARGIN + width * number, y + step, value)
        return y + step * 3
    if style == "stacked":
        for number, (label, value) in enumerate(pairs):
            sheet.text(x, y + step * 2.2 * number, label, scale=0.8)
            sheet.text(x, y + step * (2.2 * number + 0.95), value, bold=True)
        return y + step * (2.2 * len(pairs) + 1)
    line = "   ".join(f"{label} {value}" for label, value in pairs)
    sheet.text(_MARGIN, y, line, scale=0.9)
    return y + step * 2


def table(sheet: Sheet, content: Content, columns: Sequence[str], left: float, y: float) -> float:
    """Draw the items below the names of their columns."""
    step, right, number = sheet.line_height, sheet.width - left, content.format.number
    rows = [content.columns]
    for position, item in enumerate(content.items, 1):
        amounts = {"price": number(item.price), "amount": number(item.amount)}
        texts = {"pos": str(position), "text": item.text, "quantity": str(item.quantity)}
        rows.append(amounts | texts)
    scale = (right - left) / sum(_COLUMN_WIDTHS[name] for name in columns)
    for row, cells in enumerate(rows):
        x = left
        for name in columns:
            width = _COLUMN_WIDTHS[name] * scale
            start, align = (x + width - 2, "R") if name in ("price", "amount") else (x, "L")
            sheet.text(start, y + step * row * 1.2, cells[name], bold=row == 0, align=align)
            x += width
    sheet.rule(y + 1.5, left, right)
    end = y + step * 1.2 * len(rows)
    sheet.rule(end - step * 0.6, left, right)
    return end + step * 0.6


def totals(sheet: Sheet, content: Content, style: str, left: float, y: float) -> float:
    """Draw net amount, tax and total.

    `style` is ``right`` or ``left`` (a column at that margin), ``above`` (at the right, the
    total first), ``boxed`` (the total large, below its label) or ``plain`` (the total only).
    """
    step, right, labels = sheet.line_height, sheet.width - left, content.labels
    money = content.format.money
    total = (labels["total"], money(content.total))
    if style == "plain":
        sheet.text(left, y, ": ".join(total), bold=True)
        return y + step * 2
    rows = [
        (labels["net"], money(content.net)),
        (f"{labels['tax']} {content.tax_rate} %", money(content.tax)),
    ]
    if style == "boxed":
        y = details(sheet, rows, "columns", right - _NARROW_BLOCK, y)
        sheet.text(right, y, total[0], scale=0.85, align="R")
        sheet.text(right, y + step * 1.3, total[1], scale=1.4, bold=True, align="R")
        return y + step * 3
    rows = [total, *rows] if style == "above" else [*rows, total]
    width = min(_NARROW_BLOCK, right - left)
    start = left if style == "left" else right - width
    for number, row in enumerate(rows):
        row_y, bold = y + step * 1.1 * number, row is total
        sheet.text(start, row_y, row[0], bold=bold)
        sheet.text(start + width, row_y, row[1], bold=bold, align="R")
    return y + step * (1.1 * len(rows) + 1)
