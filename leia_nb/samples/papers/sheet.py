"""A page to draw on, which remembers where the pictures on it are."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

from leia_nb.errors import MissingExtra

if TYPE_CHECKING:
    from fpdf import FPDF

Box = dict[str, Any]
_COLORS = [(178, 34, 34), (25, 60, 140), (0, 110, 80), (200, 110, 0), (90, 40, 130), (30, 30, 30)]
_MADE = datetime(2024, 1, 1, tzinfo=UTC)


class Sheet:
    """One page of a PDF; lengths in mm, from its upper left corner.

    Parameters
    ----------
    width, height : float
        Of the page.
    font : str
        ``"helvetica"``, ``"times"`` or ``"courier"``.
    size : float
        Of plain text, in points.
    """

    def __init__(self, width: float, height: float, font: str, size: float) -> None:
        self.width, self.height, self.size = width, height, size
        self.boxes: list[Box] = []
        self._font = font
        self.pdf = _new_pdf(width, height)

    def text(
        self, x: float, y: float, text: str, *, scale: float = 1, bold: bool = False, to: str = "L"
    ) -> None:
        """Write a line at a baseline: `to` says whether x is its left, centre or right."""
        self.pdf.set_font(self._font, "B" if bold else "", self.size * scale)
        width = self.pdf.get_string_width(text)
        start = {"L": x, "C": x - width / 2, "R": x - width}[to]
        self.pdf.text(start, y, text)

    def rule(self, y: float, start: float, end: float) -> None:
        """Draw a thin line across."""
        self.pdf.set_line_width(0.2)
        self.pdf.set_draw_color(90, 90, 90)
        self.pdf.line(start, y, end, y)

    def logo(self, random: Random, x: float, y: float, size: float) -> None:
        """Draw a logo of a few coloured shapes."""
        pdf, color = self.pdf, random.choice(_COLORS)
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
        self._remember("logo", x, y, size, size)

    def stamp(self, random: Random, x: float, y: float, text: str) -> None:
        """Draw a framed word, a little turned, as a rubber stamp leaves it."""
        pdf, color = self.pdf, random.choice([(190, 20, 40), (20, 60, 170)])
        width, height = random.uniform(30, 40), random.uniform(11, 15)
        angle = random.uniform(-14, 14)
        with pdf.rotation(angle, x + width / 2, y + height / 2):
            pdf.set_draw_color(*color)
            pdf.set_text_color(*color)
            pdf.set_line_width(0.8)
            pdf.rect(x, y, width, height)
            pdf.rect(x + 1.2, y + 1.2, width - 2.4, height - 2.4)
            pdf.set_font("helvetica", "B", 14)
            pdf.text(x + (width - pdf.get_string_width(text)) / 2, y + height / 2 + 1.8, text)
        pdf.set_text_color(0, 0, 0)
        turn = math.radians(abs(angle))
        wide = width * math.cos(turn) + height * math.sin(turn)
        high = width * math.sin(turn) + height * math.cos(turn)
        middle_x, middle_y = x + width / 2, y + height / 2
        self._remember("stamp", middle_x - wide / 2, middle_y - high / 2, wide, high)

    def signature(self, random: Random, x: float, y: float) -> None:
        """Draw a signature: one line of loops by hand."""
        pdf, width, height = self.pdf, random.uniform(30, 45), random.uniform(9, 14)
        pdf.set_draw_color(*random.choice([(20, 30, 120), (25, 25, 25)]))
        pdf.set_line_width(0.45)
        points = _scribble(random, x, y, width, height)
        pdf.polyline(points)
        across, down = [p[0] for p in points], [p[1] for p in points]
        left, top = min(across), min(down)
        self._remember("signature", left, top, max(across) - left, max(down) - top)

    def content(self) -> bytes:
        """Return the PDF."""
        return bytes(self.pdf.output())

    def _remember(self, label: str, x: float, y: float, width: float, height: float) -> None:
        self.boxes.append(
            {
                "label": label,
                "x": round(x / self.width, 4),
                "y": round(y / self.height, 4),
                "width": round(width / self.width, 4),
                "height": round(height / self.height, 4),
            }
        )


def _new_pdf(width: float, height: float) -> FPDF:
    try:
        from fpdf import FPDF
    except ImportError as error:
        raise MissingExtra(
            "The sample papers are made with fpdf2. Install it with: pip install 'leia_nb[local]'."
        ) from error
    pdf = FPDF(unit="mm", format=(width, height))
    pdf.set_creation_date(_MADE)
    pdf.set_auto_page_break(False)
    pdf.add_page()
    return pdf


def _scribble(
    random: Random, x: float, y: float, width: float, height: float
) -> list[tuple[float, float]]:
    turns = random.randrange(4, 8)
    swing = [random.uniform(0.25, 0.5) for _ in range(turns + 1)]
    loop = random.uniform(0.04, 0.1)
    points = []
    for step in range(turns * 16 + 1):
        way = step / 16
        angle = way * 2 * math.pi
        high = swing[int(way)] * height * (1 - 0.5 * way / turns)
        across = x + width * (way / turns + loop * math.cos(angle))
        points.append((across, y + height / 2 - high * math.sin(angle)))
    return points
