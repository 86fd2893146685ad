"""Generate papers, PDFs or images; the same seed generates the same papers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from typing import Any

from leia_nb.errors import InvalidInput, MissingExtra
from leia_nb.samples.papers import layouts
from leia_nb.samples.papers.content import Content

KINDS = ("invoice", "receipt", "letter")
_PARTS = {"train": layouts.TRAIN, "test": layouts.TEST}


@dataclass(frozen=True)
class Paper:
    """One office paper and its true annotations.

    Parameters
    ----------
    filename : str
        E.g. ``paper-train-0-0003.pdf``; it does not reveal the category.
    content : bytes
        A PDF of one page, or a PNG.
    category : str
        ``"invoice"``, ``"receipt"`` or ``"letter"``.
    fields : dict of str to str
        Its values as they are printed: ``date``, ``number``, ``sender``, and ``total``
        (without the currency) unless it is a letter.
    boxes : list of dict
        The pictures on it: ``{"label", "x", "y", "width", "height"}``. The label is
        ``logo``, ``stamp`` or ``signature``; the numbers are fractions of the page, measured
        from its upper left corner.
    """

    filename: str
    content: bytes
    category: str
    fields: dict[str, str] = field(default_factory=dict)
    boxes: list[dict[str, Any]] = field(default_factory=list)


def generate(
    count: int,
    seed: int = 0,
    *,
    kinds: str | Sequence[str] = KINDS,
    part: str = "train",
    form: str = "pdf",
    resolution: int = 72,
) -> list[Paper]:
    """Generate papers: invoices, receipts and letters in four languages.

    Parameters
    ----------
    count : int
        Number of papers.
    seed : int
        Random seed; the same seed generates the same bytes.
    kinds : str or sequence of str
        The kinds, in turn: ``"invoice"``, ``"receipt"``, ``"letter"``.
    part : str
        ``"train"`` or ``"test"``; the two parts have different layouts.
    form : str
        ``"pdf"`` or ``"image"`` (a color PNG).
    resolution : int
        Resolution of images, in pixels per inch, from 20 to 600.

    Returns
    -------
    list of Paper
        The papers, in order of their numbers.

    Raises
    ------
    InvalidInput
        If an argument is not one of these values.
    MissingExtra
        If fpdf2, or pypdfium2 for images, is not installed.

    Examples
    --------
    >>> from leia_nb.samples import papers
    >>> invoice, receipt, letter = papers.generate(3)
    >>> invoice.category, sorted(invoice.fields), letter.content[:5]
    ('invoice', ['date', 'number', 'sender', 'total'], b'%PDF-')
    """
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    _check(count, kinds, part, form, resolution)
    return [
        _paper(number, seed, kinds[number % len(kinds)], part, resolution if form != "pdf" else 0)
        for number in range(count)
    ]


def _check(count: int, kinds: Sequence[str], part: str, form: str, resolution: int) -> None:
    checks = (
        ("count", count, count >= 0, "at least 0"),
        ("kinds", list(kinds), kinds and not set(kinds) - set(KINDS), f"among {', '.join(KINDS)}"),
        ("part", part, part in _PARTS, "train or test"),
        ("form", form, form in ("pdf", "image"), "pdf or image"),
        ("resolution", resolution, 20 <= resolution <= 600, "from 20 to 600 pixels per inch"),
    )
    for name, value, valid, expected in checks:
        if not valid:
            raise InvalidInput(f"{name} must be {expected}, got {value!r}.", field=name)


def _paper(number: int, seed: int, kind: str, part: str, resolution: int) -> Paper:
    random = Random(f"{part} {seed} {number} {kind}")  # noqa: S311 - not a secret
    content = Content(random, kind)
    sheet = layouts.draw(content, random.choice(_PARTS[part]), random)
    data, suffix = sheet.content(), "pdf"
    if resolution:
        data, suffix = _image(data, resolution), "png"
    filename = f"paper-{part}-{seed}-{number:04}.{suffix}"
    return Paper(filename, data, kind, content.fields, sheet.boxes)


def _image(pdf: bytes, resolution: int) -> bytes:
    try:
        import pypdfium2
    except ImportError as error:
        raise MissingExtra(
            "Images of the sample papers require pypdfium2. "
            "Install it with: pip install 'leia_nb[local]'."
        ) from error
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        buffer = io.BytesIO()
        document[0].render(scale=resolution / 72).to_pil().convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()
