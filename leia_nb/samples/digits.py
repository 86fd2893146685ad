"""The 1,797 handwritten digits that ship with scikit-learn, as documents of LEIA."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leia_nb.errors import InvalidInput, MissingExtra
from leia_nb.records.progress import track
from leia_nb.samples.upload import check_asked, present

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client

_UPLOADS_AT_ONCE = 8
_NAME = "digit"


@dataclass(frozen=True)
class Digit:
    """One handwritten digit.

    Parameters
    ----------
    filename : str
        ``digit-0000.png`` to ``digit-1796.png``, in scikit-learn's order.
    png : bytes
        The picture, 8 x 8 pixels in 256 greys, dark background.
    category : str
        The true digit, ``"0"`` to ``"9"``.
    """

    filename: str
    png: bytes
    category: str


def digits() -> list[Digit]:
    """Return the digits, in scikit-learn's order.

    They come from the UCI set "Optical Recognition of Handwritten Digits", written by
    43 people.

    Returns
    -------
    list of Digit
        All 1,797.

    Raises
    ------
    MissingExtra
        If scikit-learn or Pillow is not installed.

    Examples
    --------
    >>> from leia_nb.samples.digits import digits
    >>> len(digits()), digits()[0].filename, digits()[0].category
    (1797, 'digit-0000.png', '0')
    """
    try:
        from PIL import Image
        from sklearn.datasets import load_digits as read_digits
    except ImportError as error:
        raise MissingExtra(
            "The sample digits come with scikit-learn and are drawn with Pillow. "
            "Install both with: pip install 'leia_nb[local]'."
        ) from error
    pixels, categories = read_digits(return_X_y=True)
    pictures = (pixels.reshape(-1, 8, 8) * (255 / 16)).round().astype("uint8")
    return [
        Digit(f"{_NAME}-{number:04}.png", _png(Image.fromarray(picture)), str(category))
        for number, (picture, category) in enumerate(zip(pictures, categories, strict=True))
    ]


def _png(image: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")  # type: ignore[attr-defined] # a PIL image; PIL loads only on use
    return buffer.getvalue()


def load_digits(
    leia: Client,
    *,
    train_tag: str = "digits-train",
    test_tag: str = "digits-test",
    train: int = 1347,
    test: int = 450,
    progress: bool = True,
) -> pd.DataFrame:
    """Upload the handwritten digits, with their true categories as annotations.

    What is there already (same tag and file name) is not uploaded again, so a cell
    may be run twice, and a broken upload goes on where it stopped.

    LEIA operations: `get_documents`, `get_annotations`, `create_document`,
    `create_annotation`.

    Parameters
    ----------
    leia : Client
        Where to upload to.
    train_tag, test_tag : str
        The tags of the documents to train with and to test with.
    train, test : int
        How many digits of each; the first `train` ones, then the next `test` ones.
        By default all: 1347 (75 %) and 450.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    pandas.DataFrame
        Index ``id`` (the document's); columns ``filename`` (string), ``tag``
        (string), ``category`` (string, the true one); in the digits' order.

    Raises
    ------
    InvalidInput
        If more than the 1,797 digits are asked for, the two tags are the same, or a value
        is wrong; nothing was sent.
    MissingExtra
        If scikit-learn or Pillow is not installed.

    Examples
    --------
    >>> from leia_nb.samples import load_digits
    >>> samples = load_digits(leia, train=100, test=20)
    >>> samples["tag"].value_counts().to_dict()
    {'digits-train': 100, 'digits-test': 20}
    """
    import pandas as pd

    train, test = check_asked(leia, train_tag, test_tag, train, test)
    wanted = _wanted(train_tag, test_tag, train, test)
    there = present(leia, (train_tag, test_tag))
    labelled = set(leia.annotations.list(name=_NAME, progress=False)["document_id"])

    def load(item: tuple[Digit, str]) -> str:
        digit, tag = item
        document_id = there.get((tag, digit.filename))
        if document_id is None:
            document = leia.documents.upload(
                digit.png, filename=digit.filename, tags=[tag], progress=False
            )
            document_id = document.id
        if document_id not in labelled:
            leia.annotations.create(document_id, "TYPING", {"category": digit.category}, name=_NAME)
        return document_id

    with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as threads:
        ids = list(
            track(threads.map(load, wanted), len(wanted), "uploading digits", progress=progress)
        )
    return pd.DataFrame(
        {
            "filename": pd.array([digit.filename for digit, _ in wanted], dtype="string"),
            "tag": pd.array([tag for _, tag in wanted], dtype="string"),
            "category": pd.array([digit.category for digit, _ in wanted], dtype="string"),
        },
        index=pd.Index(ids, name="id"),
    )


def _wanted(train_tag: str, test_tag: str, train: int, test: int) -> list[tuple[Digit, str]]:
    everything = digits()
    if train + test > len(everything):
        raise InvalidInput(
            f"train={train} and test={test} do not fit: there are {len(everything)} digits. "
            "Ask for fewer.",
            field="train",
        )
    tags = [train_tag] * train + [test_tag] * test
    return list(zip(everything, tags, strict=False))
