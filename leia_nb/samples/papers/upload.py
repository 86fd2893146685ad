"""Uploading papers, annotated and tagged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from leia_nb.records.progress import track
from leia_nb.samples.papers.generator import KINDS, Paper, generate
from leia_nb.samples.upload import check_asked, present

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client

_UPLOADS_AT_ONCE = 8
_NAME = "paper"
_Said = tuple[str, dict[str, Any]]


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
    """Upload office papers, with what is on them as annotations.

    A paper gets one ``TYPING`` annotation (its category), one ``TEXT`` annotation (its
    fields) and one ``BOX`` annotation per picture on it. The papers to test with have other
    layouts than those to train with. What is there already is not uploaded or annotated
    again, so a cell may be run twice.

    LEIA operations: `get_documents`, `get_annotations`, `create_document`,
    `create_annotation`.

    Parameters
    ----------
    leia : Client
        Where to upload to.
    train_tag, test_tag : str
        The tags of the papers to train with and to test with.
    train, test : int
        How many of each.
    seed : int
        Start of the random numbers; the same one gives the same papers.
    kinds : str or sequence of str
        Which kinds, in turn: ``"invoice"``, ``"receipt"``, ``"letter"``.
    form : str
        ``"pdf"`` or ``"image"`` (a PNG in colour).
    progress : bool
        Whether to show a bar.

    Returns
    -------
    pandas.DataFrame
        Index ``id`` (the document's); columns ``filename``, ``tag``, ``category`` (string),
        ``fields`` (object: dict), ``boxes`` (object: list of dict).

    Raises
    ------
    InvalidInput
        If the two tags are the same, or a value is wrong or none that
        `leia_nb.samples.papers.generate` knows; nothing was sent.
    MissingExtra
        If fpdf2, or for images pypdfium2, is not installed.

    Examples
    --------
    >>> from leia_nb.samples import load_papers
    >>> samples = load_papers(leia, train=3, test=3, progress=False)
    >>> samples["category"].tolist()
    ['invoice', 'receipt', 'letter', 'invoice', 'receipt', 'letter']
    >>> samples["fields"].iloc[3]["number"]
    '...'
    """
    train, test = check_asked(leia, train_tag, test_tag, train, test)
    wanted = _wanted(train_tag, test_tag, (train, test), seed=seed, kinds=kinds, form=form)
    there = present(leia, (train_tag, test_tag))
    said = _annotated(leia)

    def load(item: tuple[str, Paper]) -> str:
        tag, paper = item
        document_id = there.get((tag, paper.filename))
        if document_id is None:
            document_id = leia.documents.upload(
                paper.content, filename=paper.filename, tags=[tag], progress=False
            ).id
        for kind, prediction in _annotations(paper):
            if _key(kind, prediction) not in said.get(document_id, ()):
                leia.annotations.create(document_id, kind, prediction, name=_NAME)
        return document_id

    with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as threads:
        done = threads.map(load, wanted)
        ids = list(track(done, len(wanted), "uploading papers", progress=progress))
    return _frame(wanted, ids)


def _wanted(
    train_tag: str, test_tag: str, counts: tuple[int, int], **options: Any
) -> list[tuple[str, Paper]]:
    train, test = (
        generate(count, part=part, **options)
        for part, count in zip(("train", "test"), counts, strict=True)
    )
    return [(train_tag, paper) for paper in train] + [(test_tag, paper) for paper in test]


def _annotations(paper: Paper) -> list[_Said]:
    boxes: list[_Said] = [("BOX", box) for box in paper.boxes]
    return [("TYPING", {"category": paper.category}), ("TEXT", dict(paper.fields)), *boxes]


def _key(kind: str, prediction: Any) -> str:
    return f"{kind} {json.dumps(prediction, sort_keys=True)}"


def _annotated(leia: Client) -> dict[str, set[str]]:
    """Return what is said already, by document id."""
    found: dict[str, set[str]] = {}
    rows = leia.annotations.list(name=_NAME, progress=False)
    for document_id, kind, prediction in zip(
        rows["document_id"], rows["annotation_type"], rows["prediction"], strict=True
    ):
        found.setdefault(document_id, set()).add(_key(str(kind), prediction))
    return found


def _frame(wanted: Sequence[tuple[str, Paper]], ids: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    papers = [paper for _, paper in wanted]
    return pd.DataFrame(
        {
            "filename": pd.array([paper.filename for paper in papers], dtype="string"),
            "tag": pd.array([tag for tag, _ in wanted], dtype="string"),
            "category": pd.array([paper.category for paper in papers], dtype="string"),
            "fields": pd.Series([paper.fields for paper in papers], dtype="object").array,
            "boxes": pd.Series([paper.boxes for paper in papers], dtype="object").array,
        },
        index=pd.Index(list(ids), name="id"),
    )
