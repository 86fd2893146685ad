"""A page to draw on, which records the boxes of the pictures on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

from leia_nb.errors import MissingExtra

if TYPE_CHECKING:
    from fpdf import FPDF

Box = dict[str, Any]
_COLORS = [(178, 34, 34), (25, 60, 140), (0, 110, 80), (200, 110, 0), (90, 40, 130), (30, 30, 30)]
_CREATION_DATE = datetime(2024, 1, 1, tzinfo=UTC)


class Sheet:
    """One page of a PDF; lengths are in mm, from its upper left corner."""

    def __init__(self, width: float, height: float, font: str, size: float) -> None:
        """Create a page; `font` is a core font of PDF, `size` is that of its text, in points."""
        self.width, self.height, self.size = width, height, size
        self.line_height = size * 0.5
        self.boxes: list[Box] = []
        self._font = font
        self._pdf = _new_pdf(width, height)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        scale: float = 1,
        bold: bool = False,
        align: str = "L",
    ) -> None:
        """Write a line on a baseline; `x` is its left (L), center (C) or right end (R)."""
        self._pdf.set_font(self._font, "B" if bold else "", self.size * scale)
        width = self._pdf.get_string_width(text)
        start = {"L": x, "C": x - width / 2, "R": x - width}[align]
        self._pdf.text(start, y, text)

    def lines(
        self, x: float, y: float, texts: Sequence[str], *, spacing: float = 1, align: str = "L"
    ) -> float:
        """Write several lines; return the baseline of the next one."""
        for number, text in enumerate(texts):
            self.text(x, y + self.line_height * spacing * number, text, align=align)
        return y + self.line_height * spacing * len(texts)

    def rule(self, y: float, start: float, end: float) -> None:
        """Draw a thin horizontal line."""
        self._pdf.set_line_width(0.2)
        self._pdf.set_draw_color(90, 90, 90)
        self._pdf.line(start, y, end, y)

    def logo(self, random: Random, x: float, y: float, size: float) -> None:
        """Draw a logo of a few colored shapes."""
        pdf, color = self._pdf, random.choice(_COLORS)
        pdf.set_fill_color(*color)
        shape = random.choice(["disc", "square", "bars", "diamond"])
        if shape == "disc":
            pdf.ellipse(x, y, size, size, "F")
        elif shape == "square":
            pdf.rect(x, y, size, size, "F")
        elif shape == "bars":
            for number in range(3):
                pdf.rect(x + number * size * 0.36, y, size * 0.28, size, "F")
        else:
            half = size / 2
            corners = [(x + half, y), (x + size, y + half), (x + half, y + size), (x, y + half)]
            pdf.polygon(corners, style="F")
        pdf.set_fill_color(255, 255, 255)
        if shape != "bars":
            pdf.ellipse(x + size * 0.36, y + size * 0.36, size * 0.28, size * 0.28, "F")
        self._add_box("logo", x, y, size, size)

    def stamp(self, random: Random, x: float, y: float, text: str) -> None:
        """Draw a slightly rotated word in a frame, like a rubber stamp."""
        pdf, color = self._pdf, random.choice([(190, 20, 40), (20, 60, 170)])
        width, height = random.uniform(30, 40), random.uniform(11, 15)
        angle = random.uniform(-14, 14)
        center_x, center_y = x + width / 2, y + height / 2
        with pdf.rotation(angle, center_x, center_y):
            pdf.set_draw_color(*color)
            pdf.set_text_color(*color)
            pdf.set_line_width(0.8)
            pdf.rect(x, y, width, height)
            pdf.rect(x + 1.2, y + 1.2, width - 2.4, height - 2.4)
            pdf.set_font("helvetica", "B", 14)
            pdf.text(x + (width - pdf.get_string_width(text)) / 2, center_y + 1.8, text)
        pdf.set_text_color(0, 0, 0)
        cos, sin = math.cos(math.radians(angle)), abs(math.sin(math.radians(angle)))
        box_width, box_height = width * cos + height * sin, width * sin + height * cos
        left, top = center_x - box_width / 2, center_y - box_height / 2
        self._add_box("stamp", left, top, box_width, box_height)

    def signature(self, random: Random, x: float, y: float) -> None:
        """Draw a signature: one handwritten line of loops."""
        pdf, width, height = self._pdf, random.uniform(30, 45), random.uniform(9, 14)
        pdf.set_draw_color(*random.choice([(20, 30, 120), (25, 25, 25)]))
        pdf.set_line_width(0.45)
        points = _scribble(random, x, y, width, height)
        pdf.polyline(points)
        xs, ys = zip(*points, strict=True)
        left, top = min(xs), min(ys)
        self._add_box("signature", left, top, max(xs) - left, max(ys) - top)

    def content(self) -> bytes:
        """Return the PDF."""
        return bytes(self._pdf.output())

    def _add_box(self, label: str, x: float, y: float, width: float, height: float) -> None:
        box = {
            "x": x / self.width,
            "y": y / self.height,
            "width": width / self.width,
            "height": height / self.height,
        }
        self.boxes.append({"label": label} | {name: round(box[name], 4) for name in box})


def _new_pdf(width: float, height: float) -> FPDF:
    try:
        from fpdf import FPDF
    except ImportError as error:
        raise MissingExtra(
            "The sample papers require fpdf2. Install it with: pip install 'leia_nb[local]'."
        ) from error
    pdf = FPDF(unit="mm", format=(width, height))
    pdf.set_creation_date(_CREATION_DATE)
    pdf.set_auto_page_break(False)
    pdf.add_page()
    return pdf


def _scribble(
    random: Random, x: float, y: float, width: float, height: float
) -> list[tuple[float, float]]:
    turns = random.randrange(4, 8)
    amplitudes = [random.uniform(0.25, 0.5) for _ in range(turns + 1)]
    loop = random.uniform(0.04, 0.1)
    points = []
    for step in range(turns * 16 + 1):
        turn = step / 16
        angle = turn * 2 * math.pi
        amplitude = amplitudes[int(turn)] * height * (1 - 0.5 * turn / turns)
        point_x = x + width * (turn / turns + loop * math.cos(angle))
        points.append((point_x, y + height / 2 - amplitude * math.sin(angle)))
    return points
