"""Making papers: PDFs or pictures, the same for the same seed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from leia_nb.errors import InvalidInput, MissingExtra
from leia_nb.samples.papers import layouts
from leia_nb.samples.papers.content import Content

KINDS = ("invoice", "receipt", "letter")
_PARTS = {"train": layouts.TRAIN, "test": layouts.TEST}
_FORMS = ("pdf", "image")


@dataclass(frozen=True)
class Paper:
    """One office paper, with what is really on it.

    Parameters
    ----------
    filename : str
        E.g. ``paper-train-0-0003.pdf``; it does not give the category away.
    content : bytes
        A PDF of one page, or a PNG.
    category : str
        ``"invoice"``, ``"receipt"`` or ``"letter"``.
    fields : dict of str to str
        What it says, as it is printed: ``date``, ``number``, ``sender``, and ``total``
        (without its currency) unless it is a letter.
    boxes : list of dict
        The pictures on it: ``{"label", "x", "y", "width", "height"}``; the label is
        ``logo``, ``stamp`` or ``signature``, the rest fractions of the page from its upper
        left corner.
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
    """Make papers: invoices, receipts and letters in four languages.

    Parameters
    ----------
    count : int
        How many.
    seed : int
        Start of the random numbers; the same one gives the same bytes.
    kinds : str or sequence of str
        Which kinds, in turn: ``"invoice"``, ``"receipt"``, ``"letter"``.
    part : str
        ``"train"`` or ``"test"``: papers of the one have other layouts than those of
        the other.
    form : str
        ``"pdf"`` or ``"image"`` (a PNG in colour).
    resolution : int
        Of images, in pixels per inch, from 20 to 600.

    Returns
    -------
    list of Paper
        So many papers.

    Raises
    ------
    InvalidInput
        If a parameter is none of these.
    MissingExtra
        If fpdf2, or for images pypdfium2, is not installed.

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
    if count < 0:
        raise InvalidInput(f"count is {count}; ask for 0 or more papers.", field="count")
    if not kinds or set(kinds) - set(KINDS):
        said = f"kinds is {list(kinds)}; choose among {', '.join(KINDS)}."
        raise InvalidInput(said, field="kinds")
    if part not in _PARTS:
        raise InvalidInput(f"part is {part!r}; it is train or test.", field="part")
    if form not in _FORMS:
        raise InvalidInput(f"form is {form!r}; it is pdf or image.", field="form")
    if not 20 <= resolution <= 600:
        said = f"resolution is {resolution}; it is 20 to 600 pixels per inch."
        raise InvalidInput(said, field="resolution")


def _paper(number: int, seed: int, kind: str, part: str, resolution: int) -> Paper:
    random = Random(f"{part} {seed} {number} {kind}")  # noqa: S311 -- papers, not secrets
    content = Content(random, kind)
    sheet = layouts.draw(content, random.choice(_PARTS[part]), random)
    data = sheet.content()
    ending = "png" if resolution else "pdf"
    return Paper(
        f"paper-{part}-{seed}-{number:04}.{ending}",
        _picture(data, resolution) if resolution else data,
        kind,
        content.fields,
        sheet.boxes,
    )


def _picture(pdf: bytes, resolution: int) -> bytes:
    try:
        import pypdfium2
    except ImportError as error:
        raise MissingExtra(
            "Pictures of papers are drawn with pypdfium2. "
            "Install it with: pip install 'leia_nb[local]'."
        ) from error
    opened = pypdfium2.PdfDocument(pdf)
    try:
        buffer = io.BytesIO()
        opened[0].render(scale=resolution / 72).to_pil().convert("RGB").save(buffer, "PNG")
    finally:
        opened.close()
    return buffer.getvalue()
