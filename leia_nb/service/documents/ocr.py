"""OCR with RapidOCR (extra `ocr`): deterministic, in one thread, without downloads."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.service.documents.base import UnusableDocuments
from leia_nb.service.documents.foreground import foreground_bands
from leia_nb.service.documents.layout import Box, Line, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_COMPARED_LINES = 12
_TALL = 1.5
_LONGEST_SIDE = 2_000
_MARGIN = 48
_STRIP = 4
_LEAST_GAP = 100
_GAPS = 10
_MODELS = ("cls", "det", "rec")
_REQUIRED = ("rapidocr", "onnxruntime", "cv2")


class OcrMissing(UnusableDocuments):
    """OCR is required but not installed; `action` is the subject of the message."""

    def __init__(self, action: str) -> None:
        super().__init__(
            f"{action} requires OCR, which is not installed. Run `pip install 'leia_nb[ocr]'` "
            "where the service runs, and restart it."
        )


def is_installed() -> bool:
    """Return whether OCR is installed; nothing is imported."""
    return all(importlib.util.find_spec(name) is not None for name in _REQUIRED)


def read_lines(image: Image, action: str) -> list[Line]:
    """Read the text of an upright RGB image, from top to bottom, with words and scores.

    Text should be at least 10 pixels high. Raises `OcrMissing`, naming the action, if OCR is not
    installed and the image is not all white.
    """
    return [line for view in _views(image) for line in _read(_engine(action), view)]


def upright_angle(image: Image, action: str) -> int:
    """Return the clockwise rotation that makes the text of an image upright: 0 to 270 degrees.

    It is 0 without text. Raises `OcrMissing` like `read_lines`.
    """
    lines = [line for view in _views(image) for line in _crop_lines(_engine(action), view)]
    if not lines:
        return 0
    lines.sort(key=lambda line: max(line.size), reverse=True)
    tall = sum(line.height for line in lines if line.height > _TALL * line.width)
    is_sideways = tall > sum(max(line.size) for line in lines) / 2
    angles = (90, 270) if is_sideways else (0, 180)
    # The longest lines are read in both directions; the more legible one wins.
    compared = lines[:_COMPARED_LINES]
    return max(angles, key=lambda angle: _legibility(_engine(action), compared, angle))


def rotate(image: Image, angle: int) -> Image:
    """Rotate an image clockwise by 0, 90, 180 or 270 degrees."""
    from PIL.Image import Transpose

    methods = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
    return image.transpose(methods[angle]) if angle else image


@dataclass(frozen=True)
class _View:
    """A part of an image on a white sheet; position and size in pixels of the reduced image."""

    sheet: Image
    left: int
    top: int
    size: tuple[int, int]


def _views(image: Image) -> Iterator[_View]:
    """Yield the parts of an image that are far apart, each on its own sheet."""
    # RapidOCR overlooks a few words on a large page, and enlarges a narrow strip without limit.
    # So white areas are cut off, and a strip is padded.
    from PIL import Image

    small = image.copy()
    small.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    for left, top, right, bottom in foreground_bands(small, max(_LEAST_GAP, small.height // _GAPS)):
        width, height = right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN
        size = max(width, height // _STRIP), max(height, width // _STRIP)
        sheet = Image.new("RGB", size, "white")
        sheet.paste(small.crop((left, top, right, bottom)), (_MARGIN, _MARGIN))
        yield _View(sheet, left - _MARGIN, top - _MARGIN, small.size)


def _read(engine: Any, view: _View) -> list[Line]:
    pixels = _pixels(view.sheet)
    result = engine(pixels, use_det=True, use_cls=False, use_rec=True, return_word_box=True)
    if not result.txts:
        return []
    lines = zip(result.txts, result.boxes, result.scores, result.word_results, strict=True)
    return [_line(*line, view) for line in lines]


def _crop_lines(engine: Any, view: _View) -> list[Image]:
    boxes = engine(_pixels(view.sheet), use_det=True, use_cls=False, use_rec=False).boxes
    return [] if boxes is None else [view.sheet.crop(_frame(box)) for box in boxes]


def _engine(action: str) -> Any:
    if not is_installed():
        raise OcrMissing(action)
    return _load_engine()


@cache
def _load_engine() -> Any:
    import cv2
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    paths = {f"{part.capitalize()}.model_path": _model(models, part) for part in _MODELS}
    threads = "EngineConfig.onnxruntime.{}_op_num_threads"
    single = {threads.format("intra"): 1, threads.format("inter"): 1, "Rec.rec_batch_num": 1}
    cv2.setNumThreads(1)
    return rapidocr.RapidOCR(params={"Global.log_level": "critical", **paths, **single})


def _model(folder: Path, part: str) -> str:
    # Without the path of a model, RapidOCR would download one.
    files = sorted(folder.glob(f"*_{part}_*.onnx"))
    if not files:
        raise UnusableDocuments(
            f"The installed rapidocr lacks the model for text recognition ({part}). Run "
            "`pip install --upgrade 'leia_nb[ocr]'` where the service runs, and restart it."
        )
    return str(files[0])


def _pixels(image: Image) -> NDArray[np.uint8]:
    import numpy as np

    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _legibility(engine: Any, crops: list[Image], angle: int) -> float:
    scores: list[float] = []
    for crop in crops:
        pixels = _pixels(rotate(crop, angle))
        result = engine(pixels, use_det=False, use_cls=False, use_rec=True, return_word_box=False)
        scores += result.scores or [0.0]
    return float(sum(scores))


def _frame(corners: Any) -> tuple[int, int, int, int]:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return int(left), int(top), int(right) + 1, int(bottom) + 1


def _line(text: str, corners: Any, score: float, words: Any, view: _View) -> Line:
    scored = tuple(
        Word(word, _box(box, view), round(float(word_score), 4))
        for word, word_score, box in words
        if word
    )
    return Line(text, _box(corners, view), round(float(score), 4), scored)


def _box(corners: Any, view: _View) -> Box:
    width, height = view.size
    xs = [min(max((float(x) + view.left) / width, 0.0), 1.0) for x, _ in corners]
    ys = [min(max((float(y) + view.top) / height, 0.0), 1.0) for _, y in corners]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
