"""Reading text off images, with RapidOCR: its models come inside its package.

Nothing is ever downloaded, one thread computes, and the same image gives the same text.
The models are loaded once per process, at the first use.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.service.documents.base import UnusableDocuments
from leia_nb.service.documents.foreground import bands
from leia_nb.service.documents.layout import Box, Line, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_JUDGED_LINES = 12
_TALL = 1.5
_LONGEST_SIDE = 2_000
_MARGIN = 48
_STRIP = 4
_LEAST_GAP = 100
_GAPS = 10
_MODELS = ("cls", "det", "rec")
_NEEDED = ("rapidocr", "onnxruntime", "cv2")


class OcrMissing(UnusableDocuments):
    """OCR is needed and not installed; its text says what to install."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} needs OCR, which is not installed. Run `pip install 'leia_nb[ocr]'` where "
            "the service runs, and start it again."
        )


def is_installed() -> bool:
    """Tell whether OCR can be used; nothing is imported."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)


def read_lines(image: Image, what: str) -> list[Line]:
    """Read the text of an image that is upright.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB. Text should be at least 10 pixels high.
    what : str
        What is read, for the message if OCR is missing.

    Returns
    -------
    list of Line
        From top to bottom, with words and scores.

    Raises
    ------
    OcrMissing
        If the extra ``ocr`` is not installed and the image is not all white.
    """
    return [line for view in _views(image) for line in _read(_engine(what), view)]


def upright_angle(image: Image, what: str) -> int:
    """Tell by how much an image must be turned so that its text is upright.

    The longest lines are read both ways up; the way that reads better wins.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    what : str
        What is looked at, for the message if OCR is missing.

    Returns
    -------
    int
        Degrees clockwise: 0, 90, 180 or 270; 0 if there is no text.

    Raises
    ------
    OcrMissing
        If the extra ``ocr`` is not installed and the image is not all white.
    """
    found = [part for view in _views(image) for part in _parts(_engine(what), view)]
    if not found:
        return 0
    found.sort(key=lambda part: max(part.size), reverse=True)
    tall = sum(part.height for part in found if part.height > _TALL * part.width)
    is_lying = tall > sum(max(part.size) for part in found) / 2
    angles = (90, 270) if is_lying else (0, 180)
    judged = found[:_JUDGED_LINES]
    return max(angles, key=lambda angle: _legibility(_engine(what), judged, angle))


def turned(image: Image, angle: int) -> Image:
    """Return an image turned clockwise by 0, 90, 180 or 270 degrees."""
    from PIL.Image import Transpose

    ways = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
    return image.transpose(ways[angle]) if angle else image


@dataclass(frozen=True)
class _View:
    """A part of an image on a white sheet, and where it is from.

    Parameters
    ----------
    sheet : PIL.Image.Image
        What OCR looks at.
    left, top : int
        Where the sheet begins in the image, in pixels of the image made smaller.
    size : (int, int)
        The size of the image made smaller.
    """

    sheet: Image
    left: int
    top: int
    size: tuple[int, int]


def _views(image: Image) -> Iterator[_View]:
    """Yield the parts of an image that are far apart, each on a sheet of its own.

    RapidOCR overlooks few words on a large page, and enlarges a narrow strip without
    bounds: so what is white is cut off, and a strip is padded.
    """
    from PIL import Image

    small = image.copy()
    small.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    for left, top, right, bottom in bands(small, max(_LEAST_GAP, small.height // _GAPS)):
        width, height = right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN
        size = max(width, height // _STRIP), max(height, width // _STRIP)
        sheet = Image.new("RGB", size, "white")
        sheet.paste(small.crop((left, top, right, bottom)), (_MARGIN, _MARGIN))
        yield _View(sheet, left - _MARGIN, top - _MARGIN, small.size)


def _read(engine: Any, view: _View) -> list[Line]:
    pixels = _pixels(view.sheet)
    said = engine(pixels, use_det=True, use_cls=False, use_rec=True, return_word_box=True)
    if not said.txts:
        return []
    found = zip(said.txts, said.boxes, said.scores, said.word_results, strict=True)
    return [_line(*one, view) for one in found]


def _parts(engine: Any, view: _View) -> list[Image]:
    """Return the lines of text as images, whichever way up they are."""
    boxes = engine(_pixels(view.sheet), use_det=True, use_cls=False, use_rec=False).boxes
    return [] if boxes is None else [view.sheet.crop(_frame(box)) for box in boxes]


def _engine(what: str) -> Any:
    if not is_installed():
        raise OcrMissing(what)
    return _loaded()


@cache
def _loaded() -> Any:
    import cv2
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    paths = {f"{part.capitalize()}.model_path": _model(models, part) for part in _MODELS}
    threads = "EngineConfig.onnxruntime.{}_op_num_threads"
    one_each = {threads.format("intra"): 1, threads.format("inter"): 1, "Rec.rec_batch_num": 1}
    cv2.setNumThreads(1)
    return rapidocr.RapidOCR(params={"Global.log_level": "critical", **paths, **one_each})


def _model(folder: Path, part: str) -> str:
    """Return a model's file, so that RapidOCR looks for none itself, which may be in the net."""
    found = sorted(folder.glob(f"*_{part}_*.onnx"))
    if not found:
        raise UnusableDocuments(
            f"The rapidocr that is installed carries no model to read text with ({part}). Run "
            "`pip install --upgrade 'leia_nb[ocr]'` where the service runs, and start it again."
        )
    return str(found[0])


def _pixels(image: Image) -> NDArray[np.uint8]:
    import numpy as np

    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _legibility(engine: Any, crops: list[Image], angle: int) -> float:
    scores: list[float] = []
    for crop in crops:
        pixels = _pixels(turned(crop, angle))
        read = engine(pixels, use_det=False, use_cls=False, use_rec=True, return_word_box=False)
        scores += read.scores or [0.0]
    return float(sum(scores))


def _frame(corners: Any) -> tuple[int, int, int, int]:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return int(left), int(top), int(right) + 1, int(bottom) + 1


def _line(text: str, corners: Any, score: float, words: Any, view: _View) -> Line:
    parts = tuple(
        Word(word, _box(box, view), round(float(sure), 4)) for word, sure, box in words if word
    )
    return Line(text, _box(corners, view), parts, round(float(score), 4))


def _box(corners: Any, view: _View) -> Box:
    width, height = view.size
    xs = [min(max((float(x) + view.left) / width, 0.0), 1.0) for x, _ in corners]
    ys = [min(max((float(y) + view.top) / height, 0.0), 1.0) for _, y in corners]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
