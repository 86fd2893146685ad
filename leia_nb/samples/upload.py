"""Upload samples with their annotations; what a previous call uploaded is not uploaded again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leia_nb.client import Client
from leia_nb.errors import InvalidInput
from leia_nb.records.progress import track
from leia_nb.resources.parameters import validators

if TYPE_CHECKING:
    import pandas as pd

_PARALLEL_UPLOADS = 8


@dataclass(frozen=True)
class Sample:
    """A document to upload, its true category and further annotations (type, prediction)."""

    tag: str
    filename: str
    content: bytes
    category: str
    annotations: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def check_arguments(
    leia: Client, train_tag: str, test_tag: str, train: int, test: int
) -> tuple[int, int]:
    """Return the checked numbers of samples, `train` and `test`; nothing is sent."""
    if not isinstance(leia, Client):
        raise InvalidInput(
            f"leia must be a client, got {validators.shown(leia)}. "
            "Connect first: leia = leia_nb.connect().",
            field="leia",
        )
    for name, tag in (("train_tag", train_tag), ("test_tag", test_tag)):
        validators.tag(tag, name)
    if train_tag == test_tag:
        raise InvalidInput(
            f"train_tag and test_tag are both {train_tag!r}, so a model would be tested on its "
            "training documents. Give two different tags.",
            field="test_tag",
        )
    return _count("train", train), _count("test", test)


def _count(name: str, value: int) -> int:
    count = validators.whole_number(name, value, least=0)
    if count is None:
        raise InvalidInput(f"{name} is None. Give a whole number.", field=name)
    return count


def upload_samples(
    leia: Client, samples: Sequence[Sample], name: str, *, progress: bool
) -> pd.DataFrame:
    """Upload the samples, annotate them by `name`, and return one row per document."""
    import pandas as pd

    ids = _existing_documents(leia, {sample.tag for sample in samples})
    annotated = _existing_annotations(leia, name)

    def upload(sample: Sample) -> str:
        document_id = ids.get((sample.tag, sample.filename))
        if document_id is None:
            document_id = leia.documents.upload(
                sample.content, filename=sample.filename, tags=[sample.tag], progress=False
            ).id
        for kind, prediction in [("TYPING", {"category": sample.category}), *sample.annotations]:
            if _annotation_key(kind, prediction) not in annotated.get(document_id, ()):
                leia.annotations.create(document_id, kind, prediction, name=name)
        return document_id

    with ThreadPoolExecutor(_PARALLEL_UPLOADS) as threads:
        uploads = threads.map(upload, samples)
        index = list(track(uploads, len(samples), f"uploading {name}s", progress=progress))
    columns = {
        column: pd.array([getattr(sample, column) for sample in samples], dtype="string")
        for column in ("filename", "tag", "category")
    }
    return pd.DataFrame(columns, index=pd.Index(index, name="id"))


def _existing_documents(leia: Client, tags: set[str]) -> dict[tuple[str, str], str]:
    """Return the ids of the documents with these tags, by tag and file name."""
    listed = {tag: leia.documents.list(tags=[tag], progress=False) for tag in tags}
    return {
        (tag, filename): document_id
        for tag, documents in listed.items()
        for document_id, filename in zip(documents.index, documents["filename"], strict=True)
    }


def _existing_annotations(leia: Client, name: str) -> dict[str, set[str]]:
    """Return the keys of the annotations with this name, by document id."""
    keys: dict[str, set[str]] = {}
    rows = leia.annotations.list(name=name, progress=False)
    for document_id, kind, prediction in zip(
        rows["document_id"], rows["annotation_type"], rows["prediction"], strict=True
    ):
        keys.setdefault(document_id, set()).add(_annotation_key(str(kind), prediction))
    return keys


def _annotation_key(kind: str, prediction: Any) -> str:
    # A document has one annotation of every type, but for boxes: one per picture on it.
    return f"{kind} {json.dumps(prediction, sort_keys=True)}" if kind == "BOX" else kind
