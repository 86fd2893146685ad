"""What loading samples has in common: what may be asked for, and what is there already."""

from __future__ import annotations

from leia_nb.client import Client
from leia_nb.errors import InvalidInput
from leia_nb.resources.parameters import validators


def check_asked(
    leia: Client, train_tag: str, test_tag: str, train: int, test: int
) -> tuple[int, int]:
    """Return how many to load; refuse what cannot be loaded, before anything is sent.

    Parameters
    ----------
    leia : Client
        Where to upload to.
    train_tag, test_tag : str
        The tags of the documents to train with and to test with.
    train, test : int
        How many of each.

    Returns
    -------
    tuple of int
        `train` and `test`.

    Raises
    ------
    InvalidInput
        If `leia` is no client, a tag or a number is none, or the two tags are the same.
    """
    if not isinstance(leia, Client):
        raise InvalidInput(
            f"leia is {validators.shown(leia)}. Connect first: leia = leia_nb.connect().",
            field="leia",
        )
    for name, tag in (("train_tag", train_tag), ("test_tag", test_tag)):
        validators.tag(tag, name)
    if train_tag == test_tag:
        raise InvalidInput(
            f"train_tag and test_tag are both {train_tag!r}: a model would be tested on what it "
            "has learnt. Give two different tags.",
            field="test_tag",
        )
    return _count("train", train), _count("test", test)


def _count(name: str, value: int) -> int:
    found = validators.whole_number(name, value, least=0)
    if found is None:
        raise InvalidInput(f"{name} is None. Give a whole number.", field=name)
    return found


def present(leia: Client, tags: tuple[str, str]) -> dict[tuple[str, str], str]:
    """Return the ids of the documents that carry these tags, by tag and file name."""
    listed = {tag: leia.documents.list(tags=[tag], progress=False) for tag in tags}
    return {
        (tag, filename): document_id
        for tag, documents in listed.items()
        for document_id, filename in zip(documents.index, documents["filename"], strict=True)
    }
