"""Reading videos frame by frame and writing them as WebM, with OpenCV (extra `ocr`)."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.service.documents.base import InputDocument, UnreadableDocument, UnusableDocuments
from leia_nb.service.documents.image_frames import check_size, select
from leia_nb.service.documents.readers import read_head

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FRAMES = 250_000
_USUAL_RATE = 25.0
HEAD = 1024
_PACKET = 188
# Only containers of frames are opened, never playlists, which name other files or addresses.
_SIGNATURES = (b"\x1aE\xdf\xa3", b"OggS", b"\x00\x00\x01\xba", b"FLV\x01", b"0&\xb2u\x8ef\xcf\x11")
_FIRST_ATOMS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,ogg,mpegts,mpeg,flv,asf"
_TRACK_UID = b"\x73\xc5\x88"
_UID_WITHIN = 1 << 16


def check_installed(label: str) -> None:
    """Raise `UnusableDocuments` if OpenCV is not installed; nothing is imported."""
    if importlib.util.find_spec("cv2") is None:
        raise UnusableDocuments(
            f"{label} is a video, which requires OpenCV. Run `pip install 'leia_nb[ocr]'` where "
            "the service runs, and restart it."
        )


def is_container(head: bytes) -> bool:
    r"""Return whether a file that starts with these bytes is a container of video frames.

    Examples
    --------
    >>> is_container(b"\0\0\0\x18ftypmp42"), is_container(b"#EXTM3U")
    (True, False)
    """
    is_avi = head[:4] == b"RIFF" and head[8:12] == b"AVI "
    is_stream = head[: 4 * _PACKET + 1 : _PACKET] == b"GGGGG"
    return is_avi or is_stream or head.startswith(_SIGNATURES) or head[4:8] in _FIRST_ATOMS


def frames(document: InputDocument, image_slice: str | None) -> Iterator[tuple[int, Image]]:
    """Yield number and contents (RGB) of the selected frames, in ascending order."""
    from PIL import Image

    with _opened(document) as video:
        total = sum(1 for _ in _numbers(document, video))
    selected = set(select(document, image_slice, total, "frames"))
    with _opened(document) as video:
        for number in _numbers(document, video):
            if number in selected:
                yield number, Image.fromarray(_pixels(document, video)[:, :, ::-1])


def write_webm(document: InputDocument, path: Path) -> None:
    """Write a video as WebM (VP8), without its sound; the path ends in ``.webm``."""
    with _opened(document) as video:
        writer = _writer(document, video, path)
        try:
            for _ in _numbers(document, video):
                writer.write(_pixels(document, video))
        finally:
            writer.release()
    _fix_uid(path)


@contextmanager
def _opened(document: InputDocument) -> Iterator[Any]:
    check_installed(document.label)
    if not is_container(read_head(document, HEAD)):
        raise _damaged(document)
    cv2 = _library()
    video = cv2.VideoCapture(str(document.path), cv2.CAP_FFMPEG)
    try:
        if not video.isOpened():
            raise _damaged(document)
        check_size(document, *(int(video.get(p)) for p in _SIZE))
        yield video
    finally:
        video.release()


def _numbers(document: InputDocument, video: Any) -> Iterator[int]:
    """Advance from frame to frame; `video` holds the current one."""
    number = 0
    while video.grab():
        if number >= MOST_FRAMES:
            problem = f"has more than {MOST_FRAMES:,} frames"
            raise UnreadableDocument(document, problem, "Upload it in parts, or leave it out.")
        yield number
        number += 1
    if not number:
        raise _damaged(document)


def _pixels(document: InputDocument, video: Any) -> Any:
    is_decoded, pixels = video.retrieve()
    if not is_decoded:
        raise _damaged(document)
    return pixels


def _writer(document: InputDocument, video: Any, path: Path) -> Any:
    cv2 = _library()
    rate = video.get(cv2.CAP_PROP_FPS)
    size = tuple(int(video.get(p)) for p in _SIZE)
    code = cv2.VideoWriter.fourcc(*"VP80")
    usable = rate if 0 < rate <= 1_000 else _USUAL_RATE
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, usable, size)
    if not writer.isOpened():
        raise UnusableDocuments(
            f"{document.label} cannot be converted to a WebM video of {size[0]} × {size[1]} "
            "pixels: the installed OpenCV lacks the encoder. Convert it before the upload."
        )
    return writer


def _fix_uid(path: Path) -> None:
    # The UID of the track is random; with a fixed one, the same video gives the same bytes.
    with path.open("r+b") as file:
        head = file.read(_UID_WITHIN)
        at = head.find(_TRACK_UID) + len(_TRACK_UID)
        if at >= len(_TRACK_UID):
            file.seek(0)
            file.write(head.replace(head[at : at + 8], (1).to_bytes(8, "big")))


def _damaged(document: InputDocument) -> UnreadableDocument:
    problem = "is a damaged video, or has an unsupported format"
    return UnreadableDocument(document, problem, "Upload it as MP4 or WebM, or leave it out.")


_SIZE = (3, 4)  # cv2.CAP_PROP_FRAME_WIDTH and _HEIGHT


@cache
def _library() -> Any:
    guard = f"protocol_whitelist;file|format_whitelist;{_FORMATS}|threads;1"
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = guard
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
    import cv2

    cv2.setNumThreads(1)
    return cv2
