"""Upload papers with their annotations and tags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from leia_nb.samples.papers.generator import KINDS, Paper, generate
from leia_nb.samples.upload import Sample, check_arguments, upload_samples

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client


def load_papers(
    leia: Client,
    *,
    train_tag: str = "papers-train",
    test_tag: str = "papers-test",
    train: int = 60,
    test: int = 30,
    seed: int = 0,
    kinds: str | Sequence[str] = KINDS,
    form: str = "pdf",
    progress: bool = True,
) -> pd.DataFrame:
    """Upload office papers with their true annotations.

    A paper gets one ``TYPING`` annotation (its category), one ``TEXT`` annotation (its
    fields) and one ``BOX`` annotation per picture on it. Training papers and test papers have
    different layouts. Documents and annotations that exist are not created again, so a cell
    may be run twice.

    LEIA operations: `get_documents`, `get_annotations`, `create_document`,
    `create_annotation`.

    Parameters
    ----------
    leia : Client
        The client to upload with.
    train_tag, test_tag : str
        The tags of the training papers and of the test papers.
    train, test : int
        The numbers of papers.
    seed : int
        Random seed; the same seed generates the same papers.
    kinds : str or sequence of str
        The kinds, in turn: ``"invoice"``, ``"receipt"``, ``"letter"``.
    form : str
        ``"pdf"`` or ``"image"`` (a color PNG).
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        Index ``id`` (of the document); columns ``filename``, ``tag``, ``category`` (string),
        ``fields`` (object: dict), ``boxes`` (object: list of dict).

    Raises
    ------
    InvalidInput
        If the two tags are the same, or another argument is invalid, see
        `leia_nb.samples.papers.generate`; nothing was sent.
    MissingExtra
        If fpdf2, or pypdfium2 for images, is not installed.

    Examples
    --------
    >>> from leia_nb.samples import load_papers
    >>> samples = load_papers(leia, train=3, test=3, progress=False)
    >>> samples["category"].tolist()
    ['invoice', 'receipt', 'letter', 'invoice', 'receipt', 'letter']
    >>> samples["fields"].iloc[3]["number"]
    '...'
    """
    import pandas as pd

    train, test = check_arguments(leia, train_tag, test_tag, train, test)
    parts = {"train": (train_tag, train), "test": (test_tag, test)}
    papers = [
        (tag, paper)
        for part, (tag, count) in parts.items()
        for paper in generate(count, seed, kinds=kinds, part=part, form=form)
    ]
    samples = [
        Sample(tag, paper.filename, paper.content, paper.category, _annotations(paper))
        for tag, paper in papers
    ]
    frame = upload_samples(leia, samples, "paper", progress=progress)
    for column in ("fields", "boxes"):
        values = [getattr(paper, column) for _, paper in papers]
        frame[column] = pd.Series(values, index=frame.index, dtype="object")
    return frame


def _annotations(paper: Paper) -> list[tuple[str, dict[str, Any]]]:
    return [("TEXT", dict(paper.fields)), *(("BOX", box) for box in paper.boxes)]
