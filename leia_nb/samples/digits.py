"""The 1,797 handwritten digits that ship with scikit-learn, as documents of LEIA."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leia_nb.errors import InvalidInput, MissingExtra
from leia_nb.samples.upload import Sample, check_arguments, upload_samples

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client

_NAME = "digit"


@dataclass(frozen=True)
class Digit:
    """One handwritten digit.

    Parameters
    ----------
    filename : str
        ``digit-0000.png`` to ``digit-1796.png``, in scikit-learn's order.
    png : bytes
        The image, 8 x 8 pixels in 256 shades of gray on a dark background.
    category : str
        The true digit, ``"0"`` to ``"9"``.
    """

    filename: str
    png: bytes
    category: str


def digits() -> list[Digit]:
    """Return the digits, in scikit-learn's order.

    They come from the UCI data set "Optical Recognition of Handwritten Digits"; 43 people
    wrote them.

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
        from sklearn.datasets import load_digits as load_dataset
    except ImportError as error:
        raise MissingExtra(
            "The sample digits require scikit-learn and Pillow. "
            "Install them with: pip install 'leia_nb[local]'."
        ) from error
    pixels, categories = load_dataset(return_X_y=True)
    images = (pixels.reshape(-1, 8, 8) * (255 / 16)).round().astype("uint8")
    return [
        Digit(f"{_NAME}-{number:04}.png", _png(Image.fromarray(image)), str(category))
        for number, (image, category) in enumerate(zip(images, categories, strict=True))
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

    Documents that exist (same tag and file name) are not uploaded again, so a cell may be
    run twice, and an interrupted upload continues where it stopped.

    LEIA operations: `get_documents`, `get_annotations`, `create_document`,
    `create_annotation`.

    Parameters
    ----------
    leia : Client
        The client to upload with.
    train_tag, test_tag : str
        The tags of the training documents and of the test documents.
    train, test : int
        The numbers of digits: the first `train` ones, then the next `test` ones.
        Default: all of them, 1347 (75 %) and 450.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        Index ``id`` (of the document); columns ``filename``, ``tag`` and ``category`` (the
        true one), all string; in scikit-learn's order.

    Raises
    ------
    InvalidInput
        If `train` and `test` exceed the 1,797 digits, the two tags are the same, or another
        argument is invalid; nothing was sent.
    MissingExtra
        If scikit-learn or Pillow is not installed.

    Examples
    --------
    >>> from leia_nb.samples import load_digits
    >>> samples = load_digits(leia, train=100, test=20)
    >>> samples["tag"].value_counts().to_dict()
    {'digits-train': 100, 'digits-test': 20}
    """
    train, test = check_arguments(leia, train_tag, test_tag, train, test)
    available = digits()
    if train + test > len(available):
        raise InvalidInput(
            f"train and test must add up to at most {len(available)} digits, "
            f"got {train} and {test}. Give smaller numbers.",
            field="train",
        )
    tags = [train_tag] * train + [test_tag] * test
    samples = [
        Sample(tag, digit.filename, digit.png, digit.category)
        for digit, tag in zip(available, tags, strict=False)
    ]
    return upload_samples(leia, samples, _NAME, progress=progress)
