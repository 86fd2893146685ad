"""Reading videos frame by frame and writing them as WebM, with OpenCV.

OpenCV comes with the extra ``ocr``. Only container formats that hold their own pictures
are opened, never playlists, and no other file and no network.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.service.documents.base import InputDocument, UnreadableDocument, UnusableDocuments
from leia_nb.service.documents.image_frames import check_size, picked
from leia_nb.service.documents.readers import opening

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FRAMES = 250_000
_USUAL_RATE = 25.0
_HEAD = 1024
_PACKET = 188
_BEGINNINGS = (b"\x1aE\xdf\xa3", b"OggS", b"\x00\x00\x01\xba", b"FLV\x01", b"0&\xb2u\x8ef\xcf\x11")
_FIRST_ATOMS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,ogg,mpegts,mpeg,flv,asf"
_TRACK_UID = b"\x73\xc5\x88"
_UID_WITHIN = 1 << 16


def check_installed(what: str) -> None:
    """Raise `UnusableDocuments` if OpenCV is not installed; nothing is imported."""
    if importlib.util.find_spec("cv2") is None:
        raise UnusableDocuments(
            f"{what} is a video, and reading videos needs OpenCV, which is not installed. Run "
            "`pip install 'leia_nb[ocr]'` where the service runs, and start it again."
        )


def is_container(head: bytes) -> bool:
    r"""Tell whether a file that begins so is a video: a container that holds its own pictures.

    Examples
    --------
    >>> is_container(b"\0\0\0\x18ftypmp42"), is_container(b"#EXTM3U")
    (True, False)
    """
    is_avi = head[:4] == b"RIFF" and head[8:12] == b"AVI "
    is_stream = head[: 4 * _PACKET + 1 : _PACKET] == b"GGGGG"
    return is_avi or is_stream or head.startswith(_BEGINNINGS) or head[4:8] in _FIRST_ATOMS


def frames(document: InputDocument, image_slice: str | None) -> Iterator[tuple[int, Image]]:
    """Read frames of a video, one at a time.

    Parameters
    ----------
    document : InputDocument
        The video: MP4, MOV, WebM, MKV, AVI, OGG, MPEG, FLV or WMV.
    image_slice : str or None
        Which ones, e.g. ``"::25"``; None means all.

    Yields
    ------
    (int, PIL.Image.Image)
        The frame's number, counted from 0 and ascending; the frame, RGB.

    Raises
    ------
    UnusableDocuments
        If OpenCV is not installed; `UnreadableDocument` if it is no video or damaged, has
        too many or too large frames, or if `image_slice` picks none.
    """
    from PIL import Image

    with _opened(document) as video:
        total = sum(1 for _ in _numbers(document, video))
    wanted = set(picked(document, image_slice, total, "frames"))
    with _opened(document) as video:
        for number in _numbers(document, video):
            if number in wanted:
                yield number, Image.fromarray(_picture(document, video)[:, :, ::-1])


def write_webm(document: InputDocument, path: Path) -> None:
    """Write a video as WebM (VP8), which browsers play; its sound is left out.

    Parameters
    ----------
    document : InputDocument
        The video.
    path : pathlib.Path
        Where to; its name ends in ``.webm``.

    Raises
    ------
    UnusableDocuments
        If OpenCV is not installed or cannot write WebM; `UnreadableDocument` if it is no
        video or damaged, or has too many or too large frames.
    """
    with _opened(document) as video:
        writer = _writer(document, video, path)
        try:
            for _ in _numbers(document, video):
                writer.write(_picture(document, video))
        finally:
            writer.release()
    _settle_uid(path)


@contextmanager
def _opened(document: InputDocument) -> Iterator[Any]:
    check_installed(document.label)
    if not is_container(opening(document, _HEAD)):
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
    """Go from frame to frame; the present one is in `video`."""
    number = 0
    while video.grab():
        if number >= MOST_FRAMES:
            why = f"has more than {MOST_FRAMES:,} frames"
            raise UnreadableDocument(document, why, "Upload it in parts, or leave it out.")
        yield number
        number += 1
    if not number:
        raise _damaged(document)


def _picture(document: InputDocument, video: Any) -> Any:
    is_there, picture = video.retrieve()
    if not is_there:
        raise _damaged(document)
    return picture


def _writer(document: InputDocument, video: Any, path: Path) -> Any:
    cv2 = _library()
    rate = video.get(cv2.CAP_PROP_FPS)
    size = tuple(int(video.get(p)) for p in _SIZE)
    code = cv2.VideoWriter.fourcc(*"VP80")
    usable = rate if 0 < rate <= 1_000 else _USUAL_RATE
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, usable, size)
    if not writer.isOpened():
        raise UnusableDocuments(
            f"{document.label} cannot be made a WebM video of {size[0]} × {size[1]} pixels: the "
            "OpenCV that is installed has no encoder for it. Convert it before the upload."
        )
    return writer


def _settle_uid(path: Path) -> None:
    """Replace the track's random number by 1, so that the same video gives the same bytes."""
    with path.open("r+b") as file:
        head = file.read(_UID_WITHIN)
        at = head.find(_TRACK_UID) + len(_TRACK_UID)
        if at >= len(_TRACK_UID):
            file.seek(0)
            file.write(head.replace(head[at : at + 8], (1).to_bytes(8, "big")))


def _damaged(document: InputDocument) -> UnreadableDocument:
    why = "is no video that can be read, or is damaged"
    return UnreadableDocument(document, why, "Upload it as MP4 or WebM, or leave it out.")


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
